"""What was paid too much or by nobody known (充当・還付・振替)."""

from django.db.models import Q

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.payments.arrears import refund_interest_of
from municipal.payments.balances import of_charges
from municipal.payments.matching import spent
from municipal.payments.models import (
    Account,
    Act,
    Charge,
    Decision,
    Posting,
    PostingKind,
    Report,
)
from municipal.payments.moves import Move
from municipal.payments.years import years

from .posting import hold_suspense, next_source, post


@operation("payments.apply")
def apply(*, actor: Actor, of: Charge, to: Charge, yen: int, cause: str = "") -> Posting:
    """Pay one charge with what was paid too much of another (充当).

    Both must be of one payer. Interest on the over-payment, where the law gives it, is paid out. ``cause``: see
    ``refund``. Raises Refused for another payer, for no yen, and beyond what is over or owed.
    """
    if of.assessment.payer_id != to.assessment.payer_id:
        raise Refused("充当できるのは同じ納付義務者の調定だけです。", field="to", code="invalid")
    _refuse_beyond(yen, of, to)
    # Two transfers by way of the money in transit would say that it came in twice; the route through the
    # suspense account says what happened: it became free, and was used.
    moves = [
        Move(Account.OVERPAID, Account.SUSPENSE, yen, of),
        Move(Account.SUSPENSE, Account.RECEIVABLE, yen, to),
        Move(Account.REFUND_INTEREST, Account.CASH, refund_interest_of(of, yen, cause=cause).yen, of),
    ]
    made = post(
        kind=PostingKind.APPLY, booked_on=clock.today(), fiscal_year=years().of_act(to.assessment.fiscal_year),
        source=next_source("apply", of), moves=moves,
    )  # fmt: skip
    record(actor=actor, subjects=[of.assessment.payer_id])
    return made


@operation("payments.refund")
def refund(*, actor: Actor, charge: Charge, yen: int, cause: str = "") -> Posting:
    """Pay back what was paid too much of a charge, with interest where the law gives it (還付).

    The interest is a transfer of its own in the same posting; what goes out is the sum of both. ``cause``: a code of
    ``rules.refund_interest.causes`` where an amount was reduced for another reason than the town's own decision. A
    returned transfer is undone by ``reverse``.
    """
    if yen < 1 or yen > of_charges([charge.pk])[charge.pk].overpaid:
        raise Refused("還付できるのは過誤納の額までです。最新の残高を確かめてください。", field="yen", code="invalid")
    moves = [
        Move(Account.OVERPAID, Account.CASH, yen, charge),
        Move(Account.REFUND_INTEREST, Account.CASH, refund_interest_of(charge, yen, cause=cause).yen, charge),
    ]
    made = post(
        kind=PostingKind.REFUND, booked_on=clock.today(),
        fiscal_year=years().open_year(charge.assessment.fiscal_year), source=next_source("refund", charge), moves=moves,
    )  # fmt: skip
    record(actor=actor, subjects=[charge.assessment.payer_id])
    return made


@operation("payments.identify")
def identify(*, actor: Actor, report: Report, charge: Charge, reason: str = "") -> Posting:
    """Say whose money it was that came for a number nobody knows, and decide its case so (仮受金の振替).

    It pays the charge; what is over becomes an over-payment of it. Raises Refused for a report that was matched, or
    identified before.
    """
    if report.slip_id is not None or report.posting is None:
        raise Refused("該当なしの入金だけを振り替えられます。", field="report", code="invalid")
    hold_suspense()
    if report.posting.reversals.exists():
        raise Refused("この入金は取り消されています。", field="report", code="conflict")
    applied = min(report.yen, of_charges([charge.pk])[charge.pk].outstanding)
    year = years().of_collection(charge.assessment.fiscal_year, report.paid_on, report.credited_on)
    moves = [
        Move(Account.SUSPENSE, Account.RECEIVABLE, applied, charge),
        Move(Account.SUSPENSE, Account.OVERPAID, report.yen - applied, charge),
    ]
    made = post(
        kind=PostingKind.IDENTIFY, booked_on=clock.today(), fiscal_year=year, source=_source(report), moves=moves,
    )  # fmt: skip
    Decision.objects.create(
        report=report, act=Act.IDENTIFIED, yen=report.yen, posting=made, reason=reason, decided_at=clock.now()
    )
    record(actor=actor, subjects=[charge.assessment.payer_id], purpose=reason)
    return made


def _source(report: Report) -> str:
    """Money has one owner at a time; where the first was wrong and was reversed, another may be found."""
    if spent([report.pk]):
        raise Refused("この入金は、納付者の特定または返還が済んでいます。", field="report", code="conflict")
    first = f"identify:{report.pk}"
    before = Posting.objects.filter(Q(source=first) | Q(source__startswith=f"{first}:"))
    return f"{first}:{before.count() + 1}" if before.exists() else first


def _refuse_beyond(yen: int, of: Charge, to: Charge) -> None:
    standing = of_charges([of.pk, to.pk])
    if yen < 1 or yen > min(standing[of.pk].overpaid, standing[to.pk].outstanding):
        raise Refused("充当できるのは過誤納の額と未納の額までです。", field="yen", code="invalid")
