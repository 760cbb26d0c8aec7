"""Moving a case by one step, whoever moves it (処理の共通部分)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.applications.following import told
from municipal.applications.models import Case, CaseEvent
from municipal.applications.rules.steps import Step, step_of
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused

NO_STEP = _("今の状態では、この処理はできません。画面を開き直してください。")
CHANGED = _("ほかの人が先に処理しました。画面を開き直してください。")
NO_REASON = _("理由を入れてください。申請者に見える文です。")


def locked(case: int, seen: int) -> Case:
    """The case, nobody else's for now; ``seen``: how many steps whoever acts had before them (申請の確保)."""
    found = Case.objects.select_for_update().filter(pk=case).first()
    if found is None:
        raise Refused(NO_STEP, code="no_case")
    if found.events.count() != seen:
        raise Refused(CHANGED, code="case_changed")
    return found


def open_step(case: Case, action: str, roles: Sequence[str], reason: str) -> Step:
    """The step of the table that somebody in one of these roles may take now. Raises Refused (処理の確認)."""
    step = step_of(case.workflow, case.state, action)
    if step is None or step.role not in roles:
        raise Refused(NO_STEP, code="no_step")
    if step.needs_reason and not reason.strip():
        raise Refused(NO_REASON, field="reason", code="reason_missing")
    return step


def moved(
    actor: Actor, case: Case, step: Step, *, reason: str = "", fields: Sequence[str] = (),
    before: Mapping[str, Any] | None = None, correct_by: date | None = None, proposal: int | None = None,
) -> CaseEvent:  # fmt: skip
    """Note the step and give the case its new state; the caller has locked it (処理の記録)."""
    now = clock.now()
    event = CaseEvent.objects.create(
        case=case, number=case.events.count() + 1, action=step.action, state_from=case.state, state_to=step.to, at=now,
        actor_kind=actor.actor_kind, actor_id=actor.actor_id, reason=reason.strip()[:1000], fields=list(fields),
        before=dict(before or {}), proposal=proposal,
    )  # fmt: skip
    case.state, case.changed_at, case.correct_by = step.to, now, correct_by
    changed = ["state", "changed_at", "correct_by", "answers", "people", "filled", "signature", "due_on"]
    case.save(update_fields=changed)
    told(actor, case, event)
    return event
