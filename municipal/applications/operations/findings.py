"""Saying what was found out about a case; deciding nothing without it (認定した事実の操作)."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case, CaseEvent, Finding
from municipal.applications.rules.findings import DAMAGE, Wanted, fault_of, wanted
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused

from .stepping import locked

NOT_NOW = _("この申請の状態では、認定した事実を入れられません。画面を開き直してください。")
NO_DEGREE = _("被害の程度、災害の名前、罹災した日を入れてから決定してください。")


def wanted_of(case: Case) -> list[Wanted]:
    """What a clerk is to find out about this case (認定する事実の照会)."""
    return wanted(case.asked.does, case.answers, case.people)


def found_of(case: Case) -> Mapping[str, str]:
    """What was found out last, by name; nothing before the first time (認定した事実の照会)."""
    last = case.findings.order_by("-pk").first()
    return dict(last.values) if last is not None else {}


def may_find(case: Case) -> bool:
    """Whether something may be found out now: before the decision; of insurance also while nothing came of it."""
    if not wanted_of(case):
        return False
    last = case.outcomes.order_by("-pk").first()
    is_stuck = case.state == "approved" and last is not None and last.reference is None
    return case.state == "substance_check" or (is_stuck and case.asked.does != DAMAGE)


@operation("applications.find")
def find(*, actor: Actor, case: int, seen: int, values: Mapping[str, str]) -> Finding:
    """Note what was found out about a case (事実の認定).

    Raises Refused for a case that waits for none, for a value that does not fit, and where anything is left out.
    """
    held = locked(case, seen)
    if not may_find(held):
        raise Refused(NOT_NOW, code="not_now")
    said = {one.name: values.get(one.name, "").strip() for one in wanted_of(held)}
    for one in wanted_of(held):
        refuse_unstorable(said[one.name], 100, one.name)
        fault = fault_of(one, said[one.name], clock.today())
        if fault:
            raise Refused(fault, field=one.name, code="invalid")
    last = held.findings.order_by("-pk").first()
    if last is None or last.values != said:
        last = Finding.objects.create(
            case=held, values=said, noted_at=clock.now(), actor_kind=actor.actor_kind, actor_id=actor.actor_id
        )
    record(actor=actor, subjects=[held.about_id] if held.about_id else [], code=held.procedure)
    return last


def hold_to_findings(actor: Actor, case: Case, event: CaseEvent) -> None:
    """No damage is certified of which nobody said how bad it is (認定前の決定の拒否; a follower of steps)."""
    if event.action in ("propose", "approve") and case.asked.does == DAMAGE and not found_of(case):
        raise Refused(NO_DEGREE, code="nothing_found")


def day_found(case: Case, name: str) -> date | None:
    """A day that was found out; None where nobody has (認定した日)."""
    said = found_of(case).get(name, "")
    return date.fromisoformat(said) if said else None
