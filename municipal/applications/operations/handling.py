"""What the office does with a case (申請の処理)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.applications.linked import papers_of
from municipal.applications.models import Case
from municipal.applications.rules.steps import APPLICANT, CLERK, DECIDER, SYSTEM, Step
from municipal.applications.rules.visits import WAITING, visit_by
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.office.operations import decide, propose

from .stepping import locked, moved, open_step

ROLES = (CLERK, DECIDER, SYSTEM)
FOR_APPLICANT = frozenset({"pay"})
"""What an applicant does at the counter, and the office notes for them."""
NO_FIELDS = _("訂正してもらう項目を選んでください。")
NO_DAY = _("訂正の期限は、明日よりあとの日を入れてください。")
STILL_RESERVED = _("来庁の予約は%(until)sまで有効です。その翌日から、期限切れにできます。")
NOT_YET = _("期限の日まで待ってから、期限切れにしてください。")


@operation("applications.step")
def take_step(
    *, actor: Actor, case: int, seen: int, action: str, reason: str = "", fields: Sequence[str] = (),
    correct_by: date | None = None,
) -> Case:  # fmt: skip
    """Take one step of the table with a case; a decision that needs two people is never the proposer's (申請の処理)."""
    found = locked(case, seen)
    step = open_step(found, action, (*ROLES, APPLICANT) if action in FOR_APPLICANT else ROLES, reason)
    if step.action == "send_back":
        _check_sending_back(found, fields, correct_by)
    if step.action == "expire":
        _check_expiry(found)
    moved(
        actor, found, step, reason=reason, proposal=_proposal(actor, found, step),
        fields=fields if step.action == "send_back" else (),
        correct_by=correct_by if step.action == "send_back" else None,
    )  # fmt: skip
    record(actor=actor, code=step.action)
    return found


def _check_sending_back(case: Case, fields: Sequence[str], correct_by: date | None) -> None:
    known = {field.name for field in (*case.asked.asks, *papers_of(case))}
    if not fields or set(fields) - known:
        raise Refused(NO_FIELDS, field="fields", code="no_fields")
    if correct_by is None or correct_by <= clock.today():
        raise Refused(NO_DAY, field="correct_by", code="no_day")


def _check_expiry(case: Case) -> None:
    if case.correct_by is not None and case.correct_by >= clock.today():
        raise Refused(NOT_YET, code="not_expired")
    kept_until = visit_by(case.asked.asks, case.answers, case.due_on)
    if case.state == WAITING and kept_until >= clock.today():
        raise Refused(STILL_RESERVED, code="still_reserved", until=kept_until.isoformat())


def _proposal(actor: Actor, case: Case, step: Step) -> int | None:
    """Who proposed does not decide: the office's own table of proposals sees to it."""
    if step.action == "propose":
        return propose(actor=actor, act="applications.step", payload={"case": case.pk}).pk
    if step.role != DECIDER:
        return None
    last = case.events.filter(action="propose").order_by("-number").first()
    if last is None or last.proposal is None:
        return None
    return decide(actor=actor, proposal=last.proposal, is_approved=step.action == "approve").pk
