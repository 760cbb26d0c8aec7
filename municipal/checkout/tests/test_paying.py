"""Beginning a payment: what is refused, what is resumed, what happens when the provider is away (納付の開始の試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connections, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.checkout.models import OnlinePayment
from municipal.checkout.operations import PAYER, cancel, expire_payments, note_start, play_act, start_payment, sync
from municipal.checkout.provider import ProviderDown, Started
from municipal.checkout.rules.states import Failure, Kind, State
from municipal.checkout.simulator import Simulator
from municipal.checkout.standing import Word, seen
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import of_charges
from municipal.payments.models import Slip
from municipal.payments.operations import reissue_slip, revise, withdraw_slip, write_off
from municipal.payments.tests.booking import CLERK, report, taken

from .acting import NOON, a_slip, begun, hook, later


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def slip(town: int) -> Slip:
    return a_slip()


def refused(slip: Slip, words: str, method: str = "card", yen: int = 0) -> None:
    with pytest.raises(Refused, match=words), transaction.atomic():
        start_payment(actor=PAYER, slip=slip, yen=yen or slip.yen, method=method)
    assert not OnlinePayment.objects.filter(slip=slip, state=State.CREATED).exists()


def test_a_payment_begins_at_the_provider_and_says_so(slip: Slip) -> None:
    payment = begun(slip)
    assert (payment.state, payment.yen, payment.channel) == (State.STARTED, 30_000, "site")
    assert payment.page.endswith(payment.reference)
    assert payment.expires_at == NOON + timedelta(minutes=90)
    assert list(payment.events.values_list("kind", flat=True)) == [Kind.STARTED]


def test_what_cannot_be_paid_is_refused_with_its_reason(slip: Slip) -> None:
    refused(slip, "額と違います", yen=slip.yen - 1)
    refused(slip, "方法を選んで", method="pigeon")
    refused(a_slip(300_001, reference="9"), "300,000円まで", method="app")
    withdraw_slip(actor=CLERK, slip=slip, reason="誤り")
    refused(slip, "取り消されて")


def test_a_slip_is_payable_on_its_last_day_and_no_longer(slip: Slip) -> None:
    with clock.stopped_at(NOON + timedelta(days=40)):
        assert seen(slip).word == Word.PAYABLE
    with clock.stopped_at(NOON + timedelta(days=41)):
        assert seen(slip).word == Word.TOO_LATE
        refused(slip, "支払期限を過ぎて")


def test_paid_elsewhere_or_being_checked_it_is_not_paid_again(slip: Slip) -> None:
    taken(report(slip.number, 30_000, stage="provisional"))
    assert seen(slip).word == Word.PROCESSING
    refused(slip, "二重に納めないで")
    taken(report(slip.number, 30_000, stage="cancelled"))
    assert seen(slip).word == Word.PAYABLE
    taken(report(slip.number, 30_000, channel="app", reference="B1"))
    assert (seen(slip).word, seen(slip).paid_on) == (Word.PAID, date(2026, 11, 19))
    refused(slip, "納付済み")


def test_the_old_number_of_a_reissued_slip_says_that_it_was_paid_by_the_new_one(slip: Slip) -> None:
    new = reissue_slip(actor=CLERK, slip=slip, pay_until=date(2026, 12, 25))
    hook(begun(new), Kind.SUCCESS)
    assert (seen(slip).word, seen(new).word) == (Word.PROCESSING, Word.PROCESSING)
    refused(slip, "二重に納めないで")


def test_an_amount_that_is_no_longer_owed_is_not_taken(slip: Slip) -> None:
    revise(actor=CLERK, assessment=slip.charge.assessment, total_yen=12_000, reason="更正")
    assert seen(slip).word == Word.CHANGED
    refused(slip, "変わっています")
    other = a_slip(reference="9")
    write_off(actor=CLERK, charge=other.charge, reason="stay_at_once")
    assert seen(other).word == Word.NOTHING_OWED
    refused(other, "納める額はありません")


def test_more_is_owed_by_now_and_the_slip_is_paid_all_the_same(slip: Slip) -> None:
    revise(actor=CLERK, assessment=slip.charge.assessment, total_yen=40_000, reason="更正")
    payment = begun(slip)
    hook(payment, Kind.CAPTURED)
    assert of_charges([slip.charge_id])[slip.charge_id].outstanding == 10_000


def test_begun_again_it_is_the_same_payment_and_another_way_is_refused(slip: Slip) -> None:
    one, other = begun(slip), begun(slip)
    assert one.public == other.public
    with pytest.raises(Refused, match="別の方法で手続き中"), transaction.atomic():
        begun(slip, "app")
    cancel(town=TOWN, payment=one.public)
    assert begun(slip, "app").public != one.public


def test_one_key_is_one_payment_even_after_it_ended_and_never_another(slip: Slip) -> None:
    key = uuid4().hex
    one = begun(slip, key=key)
    cancel(town=TOWN, payment=one.public)
    assert begun(slip, key=key).public == one.public
    with pytest.raises(Refused) as found, transaction.atomic():
        begun(slip, "app", key=key)
    assert found.value.code == "idempotency_mismatch"


def test_the_provider_is_away_and_the_payer_can_try_again(slip: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as away:
        away.setattr(Simulator, "start", _down)
        with pytest.raises(Refused, match="お金は動いていません") as found:
            begun(slip)
    assert found.value.code == "unavailable"
    assert OnlinePayment.objects.get().state == State.ERROR
    assert OnlinePayment.objects.get().failure == Failure.PROVIDER
    assert begun(slip).state == State.STARTED


def _down(*args: object) -> None:
    raise ProviderDown


def test_a_start_that_was_cut_off_goes_on_under_the_same_number(slip: Slip) -> None:
    """The process died between noting the payment and asking the provider, or before the answer was noted."""
    first = start_payment(actor=PAYER, slip=slip, yen=slip.yen, method="card")
    again = begun(slip)
    assert (again.public, again.state) == (first.public, State.STARTED)
    noted = note_start(actor=PAYER, payment=first.public, started=Started("another", "/elsewhere"))
    assert (noted.reference, noted.page) == (again.reference, again.page)


def test_what_is_paid_is_not_given_up_and_the_provider_is_believed(slip: Slip) -> None:
    payment = begun(slip)
    play_act(actor=PAYER, reference=payment.reference, act="pay")
    with pytest.raises(Refused, match="取りやめられません"):
        cancel(town=TOWN, payment=payment.public)
    payment.refresh_from_db()
    assert payment.state == State.SUCCESS


def test_after_ninety_minutes_it_is_closed_and_money_of_the_last_moment_still_counts(slip: Slip) -> None:
    payment = begun(slip)
    with clock.stopped_at(later(89)):
        assert expire_payments(town=TOWN) == 0
    with clock.stopped_at(later(90)):
        assert expire_payments(town=TOWN) == 1
        payment.refresh_from_db()
        assert (payment.state, payment.failure) == (State.FAILED, Failure.EXPIRED)
        assert seen(slip).is_payable
        hook(payment, Kind.SUCCESS)
        payment.refresh_from_db()
        assert (payment.state, payment.failure) == (State.SUCCESS, "")
        assert seen(slip).word == Word.PROCESSING


def test_a_number_for_a_cash_machine_lives_for_a_day(slip: Slip) -> None:
    begun(slip, "pay_number")
    with clock.stopped_at(later(24 * 60 - 1)):
        assert expire_payments(town=TOWN) == 0
    with clock.stopped_at(later(24 * 60)):
        assert expire_payments(town=TOWN) == 1


def test_with_the_provider_away_payments_run_out_all_the_same(slip: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = begun(slip)
    monkeypatch.setattr(Simulator, "cancel", _down)
    monkeypatch.setattr(Simulator, "status", _down)
    with clock.stopped_at(later(91)):
        assert expire_payments(town=TOWN) == 1
        assert sync(town=TOWN, payment=payment.public).state == State.FAILED


def test_two_browsers_at_once_begin_one_payment(committed_db: str) -> None:
    with wall.within(TOWN):
        slip = a_slip()

    def attempt(_: int) -> str:
        try:
            with clock.stopped_at(NOON):
                return str(begun(slip).public)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        made = set(pool.map(attempt, range(6)))
    assert len(made) == 1
    with wall.within(TOWN):
        assert OnlinePayment.objects.count() == 1
        acts = Entry.objects.filter(act="checkout.start")
        assert {tuple(one.subjects) for one in acts} == {(slip.charge.assessment.payer_id,)}
        assert {one.actor_kind for one in acts} == {"resident"}


def test_asking_the_provider_again_writes_nothing_that_is_known(committed_db: str) -> None:
    with wall.within(TOWN):
        payment = begun(a_slip())
    with wall.within(TOWN):
        before = Entry.objects.count()
    for _ in range(3):
        assert sync(town=TOWN, payment=payment.public).state == State.STARTED
    with wall.within(TOWN):
        assert Entry.objects.count() == before


def test_nobody_of_another_town_finds_a_payment(committed_db: str) -> None:
    with wall.within(TOWN):
        payment = begun(a_slip())
    for act in (sync, cancel):
        with pytest.raises(Refused, match="見つかりません"):
            act(town=OTHER_TOWN, payment=payment.public)
    with wall.within(OTHER_TOWN):
        assert not OnlinePayment.objects.exists()


def test_a_slip_and_its_reissue_paid_at_once_make_the_second_an_over_payment(slip: Slip) -> None:
    new = reissue_slip(actor=CLERK, slip=slip, pay_until=date(2026, 12, 25))
    for payment in (begun(slip), begun(new)):
        hook(payment, Kind.CAPTURED)
    standing = of_charges([slip.charge_id])[slip.charge_id]
    assert (standing.applied, standing.overpaid) == (30_000, 30_000)
