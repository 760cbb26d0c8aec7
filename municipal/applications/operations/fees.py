"""Charging what an application costs, following the books, giving back (申請の手数料の操作)."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.addressees.operations import register_unidentified
from municipal.applications.models import Case, CaseFee, FeeQuote
from municipal.applications.outcomes.standing_fees import first_charge, is_paid, newest, quoted, standing_of
from municipal.applications.rules.fees import Line, is_paid_back, item_of, total
from municipal.applications.rules.steps import APPLICANT, SYSTEM
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.business_days import add_business_days
from municipal.core.refusals import Refused
from municipal.payments.models import Slip
from municipal.payments.operations import Assessed, assess, issue_slips, revise, withdraw_slip
from municipal.payments.rules.instalments import fiscal_year

from .stepping import moved, open_step

DUE_AFTER = 10
"""Business days within which a fee is to be paid; provisional until a town sets its own."""
MOST_YEN = 9_999_999
NO_PRICE = _("料金の決まっていない品目があります。金額を入れてから承認してください。")
NOT_NOW = _("金額を入れられるのは、承認の前だけです。画面を開き直してください。")
OTHER_LINES = _("品目の数が申請と合いません。画面を開き直してください。")
BAD_YEN = _("金額は0円から9,999,999円までです。")


@operation("applications.quote")
def quote(*, actor: Actor, case: int, yen: Sequence[int]) -> FeeQuote:
    """Set the price of each item of a case that waits for its decision, in their order (金額の入力).

    Raises Refused for a case that is decided or not accepted, another number of items, and beyond MOST_YEN.
    """
    found = Case.objects.select_for_update().get(pk=case)
    lines = quoted(found)
    if found.state != "substance_check" or not lines:
        raise Refused(NOT_NOW, code="not_now")
    if len(yen) != len(lines):
        raise Refused(OTHER_LINES, code="other_lines")
    if any(not 0 <= one <= MOST_YEN for one in yen):
        raise Refused(BAD_YEN, field="yen", code="invalid")
    priced = [Line(one.item, one.count, price).stored() for one, price in zip(lines, yen, strict=True)]
    made = FeeQuote.objects.create(case=found, lines=priced, quoted_at=clock.now())
    record(actor=actor, code=found.number)
    return made


@operation("applications.charge_fee")
def charge_fee(*, actor: Actor, case: Case) -> CaseFee:
    """Charge what a case costs, with a slip; called again it is the same charge (手数料の調定).

    Raises Refused where the price of an item is not known, and for nothing to pay.
    """
    made = newest(case) or _charged(actor, case)
    record(actor=actor, subjects=[made.assessment.payer_id], code=case.number)
    return made


def _charged(actor: Actor, case: Case) -> CaseFee:
    lines, today = quoted(case), clock.today()
    yen = total(lines)
    if not yen:
        raise Refused(NO_PRICE, code="no_price")
    assessment = assess(
        actor=actor,
        assessed=Assessed(
            payer=_payer(actor, case), fee=item_of(case.asked), levy_year=fiscal_year(today),
            fiscal_year=fiscal_year(today), reference=case.number, total_yen=yen,
            due_on=(add_business_days(today, DUE_AFTER),),
        ),
    )  # fmt: skip
    issue_slips(actor=actor, charges=list(assessment.charges.all()))
    return CaseFee.objects.create(
        case=case, assessment=assessment, lines=[one.stored() for one in lines], yen=yen, charged_at=clock.now()
    )


def _payer(actor: Actor, case: Case) -> Addressee:
    """Who asked for it owes it: who is signed in, else whom it is about, else a name that nobody checked."""
    known = case.account.person if case.account is not None else None
    if known is None and case.account is None:
        known = case.about
    return known or register_unidentified(actor=actor, name=str(case.applicant.get("name", ""))[:100])


@operation("applications.note_payment")
def note_payment(*, actor: Actor, case: int) -> bool:
    """The books say that the fee is paid: the case goes on (納付への追随). False where nothing was to be done."""
    found = Case.objects.select_for_update().get(pk=case)
    is_next = found.state == "payable" and is_paid(found)
    if is_next:
        moved(actor, found, open_step(found, "pay", (APPLICANT,), ""))
    record(actor=actor, code=found.number)
    return is_next


@operation("applications.undo_payment")
def undo_payment(*, actor: Actor, case: int) -> bool:
    """The books say that the payment was none: what is not made yet waits for it again (納付の取消しへの追随)."""
    found = Case.objects.select_for_update().get(pk=case)
    is_back = found.state == "approved" and newest(found) is not None and not is_paid(found) and not is_made(found)
    if is_back:
        moved(actor, found, open_step(found, "payment_undone", (SYSTEM,), ""))
    record(actor=actor, code=found.number)
    return is_back


@operation("applications.settle_fee")
def settle_fee(*, actor: Actor, case: Case, reason: str) -> int:
    """Owe nothing any more for a case that is over; what was paid becomes an over-payment (手数料の減額). Its yen.

    That is paid back or not by ``rules.fees.is_paid_back``; the refund itself is the treasurer's, as always.
    """
    fee = newest(case)
    if fee is None or standing_of(fee).charged == 0 or not is_paid_back(case.state, is_made=is_made(case)):
        record(actor=actor, code=case.number)
        return 0
    revise(actor=actor, assessment=fee.assessment, total_yen=0, reason=f"{reason}（受付番号 {case.number}）")
    for slip in Slip.objects.filter(charge=first_charge(fee), withdrawals__isnull=True):
        withdraw_slip(actor=actor, slip=slip, reason=reason)
    record(actor=actor, subjects=[fee.assessment.payer_id], code=case.number)
    return standing_of(fee).overpaid


def is_made(case: Case) -> bool:
    """Whether something was made of a case already: a certificate, an entry (作成済みか)."""
    last = case.outcomes.order_by("-pk").first()
    return last is not None and last.reference is not None
