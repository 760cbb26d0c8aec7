"""Fees of applications: charged when a case waits for payment, paid when the books say so (申請の手数料)."""

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case, CaseEvent, CaseFee
from municipal.applications.operations.fees import charge_fee, note_payment, settle_fee, undo_payment
from municipal.core import clock
from municipal.core.actors import Actor, System
from municipal.core.refusals import Refused
from municipal.payments.models import Posting

from . import Done, carries
from .standing_fees import first_charge, is_paid, newest

BOOKS = System(name="payments")
"""The books, which cases follow."""
PAYABLE = "payable"
NOT_PAID = _("元帳では、まだ納付が確かめられていません。収納を取り込むと、自動で次に進みます。")
PAID = _("手数料が納付されているため、期限切れにできません。")
NOT_DUE = _("手数料の納期限まで待ってから、期限切れにしてください。")
REASONS = {
    "withdrawn": "申請の取下げ", "rejected": "申請の却下", "expired": "手数料の期限切れ", "error": "申請の不受理",
}  # fmt: skip


@carries("charge")
def collect(actor: Actor, case: Case) -> Done | None:
    """What was charged was paid before; the office does the rest by hand and notes that it did (徴収後の処理)."""
    return None


def charge_when_payable(actor: Actor, case: Case, event: CaseEvent) -> None:
    """The fee is charged in the transaction of the step that leads to payment (手数料の調定; a follower of steps)."""
    if event.state_to == PAYABLE:
        charge_fee(actor=actor, case=case)


def hold_to_the_books(actor: Actor, case: Case, event: CaseEvent) -> None:
    """Nobody says by hand that something is paid, or lets it expire too early (元帳による確認; a follower of steps)."""
    if event.action == "pay" and not is_paid(case):
        raise Refused(NOT_PAID, code="not_paid")
    fee = newest(case) if event.action == "expire" and event.state_from == PAYABLE else None
    if fee is None:
        return
    if is_paid(case):
        raise Refused(PAID, code="paid")
    if first_charge(fee).due_on >= clock.today():
        raise Refused(NOT_DUE, code="not_due")


def settle_when_over(actor: Actor, case: Case, event: CaseEvent) -> None:
    """A case that came to nothing owes nothing; what was paid goes back (手数料の精算; a follower of steps)."""
    if event.state_to in REASONS and newest(case) is not None:
        settle_fee(actor=actor, case=case, reason=REASONS[event.state_to])


def cases_of(postings: list[int]) -> list[int]:
    """The cases (ids) whose fees these postings moved (仕訳に係る申請)."""
    charges = Posting.objects.filter(pk__in=postings).values("transfers__charge__assessment")
    return list(CaseFee.objects.filter(assessment__in=charges).order_by("case").values_list("case", flat=True))


def follow_books(postings: list[int]) -> None:
    """Read how the fees of these cases stand now; repeated, it changes nothing (元帳への追随)."""
    for case in cases_of(postings):
        if not note_payment(actor=BOOKS, case=case):
            undo_payment(actor=BOOKS, case=case)
