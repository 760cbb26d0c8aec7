"""Fees: charged once, paid only by the books, given back (手数料の試験; issue 7, sections 3 and 6)."""

from typing import Any

import pytest

from municipal.addressees.models import Addressee
from municipal.applications.models import Case, CaseFee
from municipal.applications.operations import APPLICANT, take_step, withdraw
from municipal.applications.operations.fees import charge_fee, quote, settle_fee
from municipal.applications.outcomes.fees import follow_books
from municipal.applications.outcomes.standing_fees import is_paid, newest, slip_of, standing_of
from municipal.banking.refunds import overpaid
from municipal.checkout.operations import refundable, request_refund
from municipal.checkout.rules.states import Kind
from municipal.checkout.tests.acting import begun, hook
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.office.models import OutboxEvent
from municipal.payments.announcements import COLLECTED, REVERSED
from municipal.payments.balances import books
from municipal.payments.models import Assessment, Posting, Slip
from municipal.payments.operations import refund, reverse
from municipal.payments.tests.booking import report, taken

from .acting import CLERK, WASTE, a_case, stepped

pytestmark = pytest.mark.usefixtures("town")

PLACE = {"place": "front", "collect_on": "2027-01-20"}


def seal(copies: int = 1) -> Case:
    """A certificate that this system does not make: the office does, after it was paid."""
    return a_case("seal-certificate", {"copies": copies})


def waste(*items: tuple[str, int]) -> Case:
    return a_case(WASTE, {"items": [{"item": item, "count": count} for item, count in items], **PLACE})


def payable(case: Case) -> Case:
    return stepped(case, "accept", "pass_form", "approve")


def slip(case: Case) -> Slip:
    fee = newest(case)
    assert fee is not None
    found = Slip.objects.filter(charge__assessment=fee.assessment).order_by("-pk").first()
    assert found is not None
    return found


def paid(case: Case, yen: int = 0, reference: str = "A1") -> Case:
    """The money comes in by its slip, and the news of it reaches the case."""
    one = slip(case)
    taken(report(one.number, yen or one.yen, reference=reference))
    return told(case, COLLECTED)


def told(case: Case, topic: str) -> Case:
    for event in OutboxEvent.objects.filter(topic=topic).order_by("pk"):
        follow_books(event.payload["postings"])
    case.refresh_from_db()
    assert books().broken() == []
    return case


def refusal(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        act(**said)
    return found.value.code


def step(case: Case, action: str, **said: Any) -> str:
    return refusal(take_step, actor=CLERK, case=case.pk, seen=case.events.count(), action=action, **said)


def test_nobody_says_by_hand_that_a_fee_is_paid() -> None:
    case = payable(seal())
    assert case.state == "payable"
    assert step(case, "pay") == "not_paid"
    case = paid(case, yen=100)
    assert step(case, "pay") == "not_paid"
    assert case.state == "payable"


def test_what_the_catalogue_says_is_charged_with_a_slip_to_whom_nobody_identified() -> None:
    case = payable(seal(copies=2))
    fee = CaseFee.objects.get(case=case)
    assert (fee.yen, fee.assessment.fee, fee.assessment.reference) == (600, "911", case.number)
    payer = fee.assessment.payer
    city = payer.mailing_city  # type: ignore[attr-defined]
    assert (payer.kind, payer.name, city) == ("non_resident", "甲野　太郎", "")
    assert slip(case).yen == 600


def test_two_guests_of_one_name_are_two_payers() -> None:
    first, second = payable(seal()), payable(seal())
    payers = {newest(one).assessment.payer_id for one in (first, second)}  # type: ignore[union-attr]
    assert len(payers) == 2
    paid(first)
    second.refresh_from_db()
    assert (first.state, second.state) == ("approved", "payable")


def test_what_is_paid_goes_on_once_and_a_second_report_is_an_over_payment() -> None:
    case = paid(payable(seal()))
    assert case.state == "approved"
    assert paid(case, reference="A2").state == "approved"
    fee = newest(case)
    assert fee is not None
    assert standing_of(fee).overpaid == 300
    assert [one.action for one in case.events.order_by("number")][-2:] == ["approve", "pay"]
    assert stepped(case, "carry_out").state == "done"


def test_the_same_report_twice_is_one() -> None:
    case = paid(payable(seal()))
    one = slip(case)
    taken(report(one.number, one.yen, reference="A1"), report("9" * 20, 50, reference="A9"))
    case = told(told(case, COLLECTED), COLLECTED)
    assert standing_of(newest(case)).overpaid == 0  # type: ignore[arg-type]
    assert case.events.filter(action="pay").count() == 1


def test_a_payment_that_was_undone_waits_again_and_can_be_paid_again() -> None:
    case = paid(payable(seal()))
    posting = Posting.objects.get(kind="collect")
    reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="誤った通知")
    case = told(case, REVERSED)
    assert (case.state, is_paid(case)) == ("payable", False)
    assert CaseFee.objects.count() == 1
    assert paid(case, reference="A2").state == "approved"


def test_a_payment_that_is_undone_after_the_work_was_done_is_owed_and_nothing_else() -> None:
    case = stepped(paid(payable(seal())), "carry_out")
    reverse(actor=CLERK, posting=Posting.objects.get(kind="collect"), booked_on=clock.today(), reason="誤った通知")
    case = told(case, REVERSED)
    assert case.state == "done"
    assert standing_of(newest(case)).outstanding == 300  # type: ignore[arg-type]


def test_withdrawn_before_it_is_paid_nothing_is_owed_and_the_slip_is_withdrawn() -> None:
    case = payable(seal())
    withdraw(actor=APPLICANT, case=case.pk, seen=case.events.count())
    fee = newest(case)
    assert fee is not None
    assert (standing_of(fee).charged, standing_of(fee).overpaid, slip_of(fee)) == (0, 0, None)
    case.refresh_from_db()
    assert paid(case).state == "withdrawn"
    assert standing_of(fee).overpaid == 300


def test_withdrawn_after_it_was_paid_all_of_it_goes_back_and_can_be_refunded() -> None:
    case = paid(payable(seal()))
    withdraw(actor=APPLICANT, case=case.pk, seen=case.events.count())
    fee = newest(case)
    assert fee is not None
    assert [(one.yen, one.charge.assessment_id) for one in overpaid()] == [(300, fee.assessment_id)]
    refund(actor=CLERK, charge=slip(case).charge, yen=300)
    assert (standing_of(fee).refunded, standing_of(fee).overpaid) == (300, 0)
    assert books().broken() == []


def test_rejected_after_it_was_paid_all_of_it_goes_back() -> None:
    case = paid(payable(seal()))
    assert step(case, "reject", reason="") == "reason_missing"
    case = stepped(case, "reject", reason="印鑑の登録がありません。")
    assert standing_of(newest(case)).overpaid == 300  # type: ignore[arg-type]
    assert settle_fee(actor=CLERK, case=case, reason="もう一度") == 0


def test_what_was_made_already_is_not_paid_back() -> None:
    case = paid(payable(seal()))
    case.outcomes.create(
        kind="certificate", reference=1, made_at=clock.now(), actor_kind="staff", actor_id=1, case=case
    )
    withdraw(actor=APPLICANT, case=case.pk, seen=case.events.count())
    assert standing_of(newest(case)).overpaid == 0  # type: ignore[arg-type]
    assert overpaid() == []


def test_a_fee_that_is_not_paid_expires_only_after_its_day() -> None:
    case = payable(seal())
    assert step(case, "expire") == "not_due"
    assert charge_fee(actor=CLERK, case=case) == newest(case)
    late = slip(case).charge.due_on
    with clock.stopped_at(clock.now().replace(year=late.year + 1)):
        assert stepped(case, "expire").state == "expired"
    assert standing_of(newest(case)).outstanding == 0  # type: ignore[arg-type]


def test_bulky_waste_is_charged_by_the_table() -> None:
    case = payable(waste(("自転車", 2), ("ソファ", 1)))
    assert CaseFee.objects.get(case=case).yen == 2_000
    assert Assessment.objects.get().fee == "912"
    case = paid(case)
    assert case.state == "approved"
    assert case.outcomes.count() == 0


def test_what_no_table_knows_is_priced_by_a_clerk_before_it_is_decided() -> None:
    case = waste(("大砲", 1), ("机", 2))
    assert refusal(quote, actor=CLERK, case=case.pk, yen=[1, 1]) == "not_now"
    case = stepped(case, "accept", "pass_form")
    assert step(case, "approve") == "no_price"
    assert Addressee.objects.count() == 0
    assert refusal(quote, actor=CLERK, case=case.pk, yen=[1]) == "other_lines"
    assert refusal(quote, actor=CLERK, case=case.pk, yen=[1, -1]) == "invalid"
    assert refusal(quote, actor=CLERK, case=case.pk, yen=[10_000_000, 1]) == "invalid"
    quote(actor=CLERK, case=case.pk, yen=[5_000, 800])
    case = stepped(case, "approve")
    assert CaseFee.objects.get(case=case).yen == 6_600
    assert refusal(quote, actor=CLERK, case=case.pk, yen=[1, 1]) == "not_now"


def test_paid_online_it_goes_on_when_the_money_is_certain_and_goes_back_the_same_way() -> None:
    case = payable(seal())
    payment = begun(slip(case))
    hook(payment, Kind.SUCCESS)
    assert told(case, COLLECTED).state == "payable"
    hook(payment, Kind.CAPTURED)
    case = told(case, COLLECTED)
    assert case.state == "approved"
    withdraw(actor=APPLICANT, case=case.pk, seen=case.events.count())
    payment.refresh_from_db()
    assert (refundable(payment).state, refundable(payment).yen) == ("available", 300)
    request_refund(actor=CLERK, payment=payment.public, yen=300, refund_amount_available=300)
    assert standing_of(newest(case)).refunded == 300  # type: ignore[arg-type]
    assert overpaid() == []
    assert books().broken() == []
