"""The training room's channels: what they tell with each fault, and what the books make of it (模擬チャネルの試験)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from conftest import TOWN
from municipal.checkout.models import OnlinePayment, Simulated, SimulatedMessage, WebhookMessage
from municipal.checkout.operations import PAYER, attend, deliver, file_of_day, play_act, play_channel, sync
from municipal.checkout.provider import ProviderDown, provider
from municipal.checkout.rules.faults import Fault, told_of
from municipal.checkout.rules.states import Kind, State
from municipal.checkout.simulator import Simulator
from municipal.checkout.tasks import attend_everywhere
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities.models import Municipality
from municipal.payments.balances import Standing, books, of_charges
from municipal.payments.intake import write
from municipal.payments.models import Channel, Report, Slip
from municipal.payments.operations import take_in
from municipal.payments.tests.booking import CLERK

from .acting import NOON, a_slip, begun

OWED, PAID = Standing(charged=30_000, outstanding=30_000), Standing(charged=30_000, applied=30_000)
AFTERWARDS = {
    Fault.NONE: PAID, Fault.LATE: PAID, Fault.TWICE: PAID, Fault.DISORDER: PAID, Fault.LOST: PAID,
    Fault.AMOUNT: Standing(charged=30_000, applied=30_000, overpaid=100),
    Fault.SHORT: Standing(charged=30_000, applied=15_000, outstanding=15_000), Fault.REVERSED: OWED,
}  # fmt: skip
NOTHING = write([])
WEEK = [NOON.date() + timedelta(days=after) for after in range(8)]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def slip(town: int) -> Slip:
    return a_slip()


def standing(slip: Slip) -> Standing:
    assert books().broken() == []
    return of_charges([slip.charge_id])[slip.charge_id]


def played(slip: Slip, fault: Fault, method: str = "card") -> OnlinePayment:
    payment = begun(slip, method)
    play_act(actor=PAYER, reference=payment.reference, act="pay", fault=fault)
    return payment


def taken_in_all_week() -> None:
    for day in WEEK:
        data = file_of_day(day)
        if data != NOTHING:
            take_in(actor=CLERK, name=f"{day}.csv", data=data)


def test_every_fault_is_told_in_some_way() -> None:
    for fault in Fault:
        told = told_of(fault, "0" * 20, 500)
        assert told
        assert all(one.yen >= 1 and len(one.number) == 20 for one in told)
    assert told_of(Fault.SHORT, "0" * 20, 1)[-1].yen == 1


@pytest.mark.parametrize("fault", list(AFTERWARDS))
def test_with_every_fault_of_its_webhooks_the_books_come_out_right(slip: Slip, fault: Fault) -> None:
    payment = played(slip, fault)
    deliver(town=TOWN, until=NOON + timedelta(days=7))
    assert standing(slip) == AFTERWARDS[fault]
    payment.refresh_from_db()
    assert payment.state == (State.REVERSED if fault == Fault.REVERSED else State.SUCCESS)
    assert not SimulatedMessage.objects.filter(delivered_at=None).exists()


@pytest.mark.parametrize("fault", list(AFTERWARDS))
def test_with_every_fault_the_files_alone_come_to_the_same(slip: Slip, fault: Fault) -> None:
    played(slip, fault)
    taken_in_all_week()
    assert standing(slip) == AFTERWARDS[fault]


@pytest.mark.parametrize("fault", list(AFTERWARDS))
def test_webhooks_and_files_together_count_once(slip: Slip, fault: Fault) -> None:
    played(slip, fault)
    deliver(town=TOWN, until=NOON + timedelta(days=7))
    taken_in_all_week()
    assert standing(slip) == AFTERWARDS[fault]


def test_a_wrong_number_in_the_file_waits_in_suspense(slip: Slip) -> None:
    play_channel(actor=CLERK, channel=Channel.BANK, number=slip.number, yen=0, place="0001", fault=Fault.NUMBER)
    taken_in_all_week()
    assert standing(slip) == OWED
    assert books().suspense == 30_000


def test_store_and_app_both_are_an_over_payment(slip: Slip) -> None:
    played(slip, Fault.NONE, "app")
    play_channel(actor=CLERK, channel=Channel.STORE, number=slip.number, yen=0, place="7", fault=Fault.NONE)
    deliver(town=TOWN, until=NOON + timedelta(days=7))
    taken_in_all_week()
    assert standing(slip) == Standing(charged=30_000, applied=30_000, overpaid=30_000)
    assert {one.place for one in Report.objects.filter(channel="store")} == {"7"}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"number": "123"}, "number"),
        ({"number": "x" * 20}, "number"),
        ({"number": "9" * 20}, "yen"),
        ({"yen": -1}, "yen"),
        ({"yen": 10**12}, "yen"),
        ({"yen": 300_001}, "yen"),
        ({"yen": 300_001, "channel": Channel.APP}, "yen"),
    ],
)
def test_what_no_channel_takes_is_refused(slip: Slip, said: dict[str, Any], field: str) -> None:
    usual: dict[str, Any] = {
        "channel": Channel.STORE, "number": slip.number, "yen": 0, "place": "", "fault": Fault.NONE,
    }  # fmt: skip
    with pytest.raises(Refused) as found, transaction.atomic():
        play_channel(actor=CLERK, **usual | said)
    assert found.value.field == field
    assert not Simulated.objects.exists()


def test_a_bank_takes_what_a_store_does_not(slip: Slip) -> None:
    assert play_channel(
        actor=CLERK, channel=Channel.BANK, number=slip.number, yen=300_001, place="", fault=Fault.NONE
    ).yen == 300_001  # fmt: skip


def test_a_day_without_payments_is_a_file_without_reports(town: int) -> None:
    assert take_in(actor=CLERK, name="x.csv", data=file_of_day(date(2026, 1, 1))).bad == ()


def test_asked_directly_it_tells_the_truth_whatever_its_messages_say(slip: Slip) -> None:
    payment = played(slip, Fault.LOST)
    assert sync(town=TOWN, payment=payment.public).state == State.SUCCESS
    assert not WebhookMessage.objects.exists()
    with clock.stopped_at(NOON + timedelta(days=3)):
        attend(town=TOWN)
    assert standing(slip) == PAID


def test_a_message_that_is_not_taken_is_sent_again_later(slip: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    played(slip, Fault.NONE)
    with monkeypatch.context() as broken:
        broken.setattr(Simulator, "heard", _unreadable)
        assert deliver(town=TOWN, until=NOON) == 0
    assert deliver(town=TOWN, until=NOON) == 0
    assert deliver(town=TOWN, until=NOON + timedelta(minutes=1)) == 1
    assert SimulatedMessage.objects.get(kind=Kind.SUCCESS).attempts == 2


def _unreadable(*args: object) -> None:
    raise ValueError


def test_what_is_over_there_already_is_not_done_again_another_way(slip: Slip) -> None:
    payment = played(slip, Fault.NONE)
    play_act(actor=PAYER, reference=payment.reference, act="pay")
    assert SimulatedMessage.objects.count() == 2
    for act in ("refuse", "number"):
        with pytest.raises(Refused, match="すでに終わって"), transaction.atomic():
            play_act(actor=PAYER, reference=payment.reference, act=act)
    for act, reference in (("fly", payment.reference), ("pay", "no-such")):
        with pytest.raises(Refused), transaction.atomic():
            play_act(actor=PAYER, reference=reference, act=act)


def test_it_knows_nothing_of_numbers_it_never_gave(town: int) -> None:
    simulator = Simulator()
    for act in (simulator.status, simulator.cancel):
        with pytest.raises(ProviderDown):
            act(TOWN, "no-such")


def test_a_real_municipality_has_no_simulator(town: int, settings: Any) -> None:
    assert isinstance(provider(TOWN), Simulator)
    assert Simulator.of(131016) is None
    assert not Municipality.objects.filter(is_fictional=False).exists()
    settings.KIJUN_PAYMENT_PROVIDER = ""
    assert provider(TOWN) is None
    with pytest.raises(Refused, match="研修用の環境"), transaction.atomic():
        play_act(actor=PAYER, reference="x", act="pay")


def test_the_clock_sends_and_closes_in_every_town(committed_db: str) -> None:
    from municipal.municipalities import wall

    with wall.within(TOWN):
        slip = a_slip()
        played(slip, Fault.NONE)
        other = begun(a_slip(reference="2"))
    with clock.stopped_at(NOON + timedelta(days=1)):
        attend_everywhere()
    with wall.within(TOWN):
        assert standing(slip) == PAID
        other.refresh_from_db()
        assert other.is_finished
