"""Paying back through the provider: the guard, the race, the provider that fails (オンライン納付の還付の試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction

from conftest import TOWN
from municipal.checkout.models import OnlinePayment, Outcome, RefundRequest, SimulatedMessage
from municipal.checkout.operations import attend, deliver, play_act, refundable, request_refund, send_refund
from municipal.checkout.operations.actors import PAYER
from municipal.checkout.provider import ProviderDown
from municipal.checkout.rules.states import Kind
from municipal.checkout.simulator import Simulator
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.balances import Standing, books, of_charges
from municipal.payments.models import Slip
from municipal.payments.operations import revise
from municipal.payments.tests.booking import CLERK

from .acting import NOON, a_slip, begun, hook, later


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def slip(town: int) -> Slip:
    return a_slip()


def overpaid(slip: Slip, method: str = "card", yen: int = 12_000) -> OnlinePayment:
    """Paid online and certain, then reduced to ``yen``."""
    payment = begun(slip, method)
    play_act(actor=PAYER, reference=payment.reference, act="pay")
    hook(payment, Kind.CAPTURED)
    revise(actor=CLERK, assessment=slip.charge.assessment, total_yen=yen, reason="更正")
    return OnlinePayment.objects.get(pk=payment.pk)


def standing(slip: Slip) -> Standing:
    assert books().broken() == []
    return of_charges([slip.charge_id])[slip.charge_id]


def asked(payment: OnlinePayment, yen: int, seen: int) -> RefundRequest:
    with transaction.atomic():
        return request_refund(actor=CLERK, payment=payment.public, yen=yen, refund_amount_available=seen)


def test_what_can_be_refunded_follows_from_certainty_and_over_payment(slip: Slip) -> None:
    payment = begun(slip)
    assert refundable(payment).state == "unavailable"
    hook(payment, Kind.SUCCESS)
    payment.refresh_from_db()
    assert refundable(payment).state == "pending"
    hook(payment, Kind.CAPTURED)
    payment.refresh_from_db()
    assert refundable(payment).state == "unavailable"
    revise(actor=CLERK, assessment=slip.charge.assessment, total_yen=0, reason="更正")
    assert (refundable(payment).state, refundable(payment).yen) == ("available", 30_000)
    asked(payment, 10_000, 30_000)
    assert (refundable(payment).state, refundable(payment).yen) == ("available", 20_000)
    asked(payment, 20_000, 20_000)
    assert refundable(payment).state == "full"


def test_a_way_that_takes_nothing_back_is_refunded_to_an_account_instead(slip: Slip) -> None:
    payment = overpaid(slip, "pay_number")
    assert refundable(payment).state == "unavailable"
    with pytest.raises(Refused):
        asked(payment, 1, 0)


def test_an_amount_that_has_changed_meanwhile_is_refused_before_anything_is_booked(slip: Slip) -> None:
    payment = overpaid(slip)
    for seen in (17_999, 18_001, 0):
        with pytest.raises(Refused) as found:
            asked(payment, 1, seen)
        assert found.value.code == "precondition_failed"
    for yen in (0, -1, 18_001):
        with pytest.raises(Refused) as found:
            asked(payment, yen, 18_000)
        assert found.value.field == "yen"
    assert standing(slip).overpaid == 18_000


def test_refunded_in_two_parts_and_the_provider_says_so(slip: Slip) -> None:
    payment = overpaid(slip)
    for yen, seen in ((8_000, 18_000), (10_000, 10_000)):
        made = asked(payment, yen, seen)
        assert send_refund(town=TOWN, refund=made.public)
        assert send_refund(town=TOWN, refund=made.public)
    assert SimulatedMessage.objects.filter(kind=Kind.REFUNDED).count() == 2
    deliver(town=TOWN, until=clock.now())
    assert list(RefundRequest.objects.values_list("was_paid_back", flat=True)) == [True, True]
    assert standing(slip) == Standing(charged=12_000, applied=12_000, refunded=18_000)


def test_a_refund_that_fails_opens_the_over_payment_again_once(slip: Slip) -> None:
    payment = overpaid(slip)
    made = asked(payment, 18_000, 18_000)
    failed = [hook(payment, Kind.REFUND_FAILED, refund=str(made.public)) for _ in range(3)]
    assert failed == [Outcome.APPLIED, Outcome.NOTHING_NEW, Outcome.NOTHING_NEW]
    assert standing(slip).overpaid == 18_000
    assert hook(payment, Kind.REFUNDED, refund=str(made.public)) == Outcome.CONTESTED
    assert standing(slip).overpaid == 18_000
    assert refundable(payment).yen == 18_000


def test_a_message_about_a_refund_nobody_asked_for_changes_nothing(slip: Slip) -> None:
    payment = overpaid(slip)
    assert hook(payment, Kind.REFUNDED, refund=str(uuid4())) == Outcome.UNKNOWN
    assert hook(payment, Kind.REFUND_FAILED) == Outcome.UNKNOWN
    assert standing(slip).overpaid == 18_000


def test_with_the_provider_away_a_refund_is_asked_for_again_later(slip: Slip, monkeypatch: pytest.MonkeyPatch) -> None:
    made = asked(overpaid(slip), 18_000, 18_000)
    with monkeypatch.context() as away:
        away.setattr(Simulator, "refund", _down)
        assert not send_refund(town=TOWN, refund=made.public)
    attend(town=TOWN)
    assert not SimulatedMessage.objects.filter(refund=made.public).exists()
    with clock.stopped_at(later(11)):
        attend(town=TOWN)
        assert SimulatedMessage.objects.filter(refund=made.public).count() == 1


def _down(*args: object) -> None:
    raise ProviderDown


def test_the_outcome_of_a_refund_is_filled_in_once(slip: Slip) -> None:
    made = asked(overpaid(slip), 1, 18_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        RefundRequest.objects.filter(pk=made.pk).update(was_paid_back=True)
    RefundRequest.objects.filter(pk=made.pk).update(was_paid_back=True, finished_at=NOON)
    with pytest.raises(Exception, match="filled in once"), transaction.atomic():
        RefundRequest.objects.filter(pk=made.pk).update(was_paid_back=False)


def test_of_two_clerks_at_once_one_refunds_and_the_other_is_told(committed_db: str) -> None:
    with wall.within(TOWN):
        slip = a_slip()
        payment = overpaid(slip)

    def attempt(_: int) -> str:
        try:
            with clock.stopped_at(NOON), wall.within(TOWN):
                asked(payment, 18_000, 18_000)
            return "refunded"
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(attempt, range(4)))
    assert said == ["precondition_failed"] * 3 + ["refunded"]
    with wall.within(TOWN):
        assert standing(slip) == Standing(charged=12_000, applied=12_000, refunded=18_000)
