"""What a clerk decides about money that did not simply match (消込の判断)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments import queues
from municipal.payments.models import Account, Act, Charge, Decision, Posting, PostingKind, Report
from municipal.payments.moves import Move
from municipal.payments.rules.instalments import fiscal_year
from municipal.payments.years import years

from .posting import hold_charges, hold_suspense, post, reverse
from .settling import apply, identify, refund


@operation("payments.decide")
def decide(
    *, actor: Actor, report: Report, act: Act, reason: str, yen: int = 0, charge: Charge | None = None
) -> Decision:
    """Settle an open case in one of the ways that ``queues.acts_for`` offers (照合待ちの判断).

    ``yen``: how much of it is applied or refunded; the case stays open for the rest. ``charge``: to which it is
    applied, or whose money it is. Raises Refused for a case that is closed, a way that is not offered, no reason, more
    yen than are left, and whatever applying, refunding or identifying refuses.
    """
    _refuse_reason(reason)
    if report.slip is None:
        hold_suspense()
    else:
        hold_charges([report.slip.charge_id])
    case = queues.cases(Q(pk=report.pk)).select_related("slip__charge__assessment").first()
    if case is None or act not in queues.acts_for(case):
        raise Refused("この判断はもう選べません。画面を開き直して、今の状態を確かめてください。", code="conflict")
    if act in (Act.APPLIED, Act.IDENTIFIED) and charge is None:
        raise Refused("どの調定のお金かを選んでください。", field="charge", code="invalid")
    if act == Act.IDENTIFIED and charge is not None:
        return identify(actor=actor, report=report, charge=charge, reason=reason).decisions.get()
    part = yen if act in (Act.APPLIED, Act.REFUNDED) else case.rest
    if not 1 <= part <= case.rest:
        raise Refused("金額は1円から、まだ判断していない額までです。", field="yen", code="invalid")
    made = Decision.objects.create(
        report=report, act=act, yen=part, posting=_BOOKED[act](actor, case, part, charge), reason=reason,
        decided_at=clock.now(),
    )  # fmt: skip
    record(actor=actor, subjects=_payers(report), purpose=reason, code=act)
    return made


@operation("payments.undo_decision")
def undo_decision(*, actor: Actor, decision: Decision, reason: str) -> None:
    """Take a decision back: its posting is reversed, and the case is open again (判断の取消し).

    Raises Refused without a reason, a second time, and where later events rest on the posting.
    """
    _refuse_reason(reason)
    if decision.act == Act.UNDONE:
        raise Refused("判断の取消しは取り消せません。もう一度判断してください。", code="conflict")
    if decision.posting is not None:
        reverse(actor=actor, posting=decision.posting, booked_on=clock.today(), reason=reason)
    else:
        Decision.objects.create(
            report=decision.report, act=Act.UNDONE, yen=0, undoes=decision, reason=reason, decided_at=clock.now()
        )
    record(actor=actor, subjects=_payers(decision.report), purpose=reason, code=decision.act)


def _refuse_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("判断の理由を入力してください。", field="reason", code="invalid")
    refuse_unstorable(reason, 200, "reason")


def _applied(actor: Actor, case: Any, yen: int, charge: Charge | None) -> Posting | None:
    return apply(actor=actor, of=case.slip.charge, to=charge, yen=yen) if charge else None


def _refunded(actor: Actor, case: Any, yen: int, charge: Charge | None) -> Posting | None:
    return refund(actor=actor, charge=case.slip.charge, yen=yen)


def _returned(actor: Actor, case: Any, yen: int, charge: Charge | None) -> Posting | None:
    """Money for nobody goes back from the account to where it came from; other reports are only asked about."""
    if queues.queue_of(case) != queues.UNKNOWN:
        return None
    return post(
        kind=PostingKind.REFUND, booked_on=clock.today(), fiscal_year=years().open_year(fiscal_year(case.paid_on)),
        source=f"return:{case.pk}:{case.decisions.count() + 1}",
        moves=[Move(Account.SUSPENSE, Account.CASH, yen)],
    )  # fmt: skip


def _left(actor: Actor, case: Any, yen: int, charge: Charge | None) -> Posting | None:
    return None


_BOOKED: Mapping[Act, Callable[[Actor, Any, int, Charge | None], Posting | None]] = {
    Act.APPLIED: _applied, Act.REFUNDED: _refunded, Act.RETURNED: _returned, Act.LEFT: _left,
}  # fmt: skip


def _payers(report: Report) -> list[int]:
    return [report.slip.charge.assessment.payer_id] if report.slip else []
