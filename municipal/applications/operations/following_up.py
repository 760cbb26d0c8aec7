"""What the office does by itself once a case of a bundle was approved (職権で続く処理の操作)."""

from municipal.applications.bundling.events import life_events
from municipal.applications.bundling.planning import follows
from municipal.applications.bundling.questions import FULLY, NOT
from municipal.applications.models import Case, CaseEvent, Channel, Draft, FollowUp
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.procedures.catalogue import Entry, by_id
from municipal.procedures.offered import entries

from .drafting import begin, discard
from .submitting import lacking, submit

GOOD = frozenset({"approved", "done"})
"""States of a case after which its follow-ups begin."""


def follow(actor: Actor, case: Case, event: CaseEvent) -> None:
    """Begin what follows a case of a bundle without anybody asking, once for each bundle (職権処理の開始)."""
    if case.bundle_id is None or event.state_to not in GOOD:
        return
    begun = set(FollowUp.objects.filter(bundle=case.bundle_id).values_list("procedure", flat=True))
    if any(one["is_ex_officio"] and one["id"] not in begun for one in case.asked.content["follows"]):
        follow_up(actor=actor, case=case)


@operation("applications.follow_up")
def follow_up(*, actor: Actor, case: Case) -> list[FollowUp]:
    """Note what follows a case by itself, and open a case of the office where it decides on one (職権処理の記録).

    What somebody said does not apply is not begun. Done again, it begins nothing.
    """
    bundle, made = case.bundle, list[FollowUp]()
    if bundle is not None:
        values = bundle.answers.get("asked", {})
        begun, known = set(bundle.follow_ups.values_list("procedure", flat=True)), by_id(entries())
        for one in case.asked.content["follows"]:
            state = _state(bundle.event, one["if"], values)
            if one["is_ex_officio"] and one["id"] not in begun and state != NOT:
                made.append(FollowUp.objects.create(
                    bundle=bundle, after=case, case=_case(actor, case, known.get(one["id"])), procedure=one["id"],
                    is_certain=state == FULLY, started_at=clock.now(),
                ))  # fmt: skip
    record(actor=actor, subjects=[case.about_id] if case.about_id else [], code=",".join(one.procedure for one in made))
    return made


def _state(event: str, fact: str, values: dict[str, object]) -> str:
    """A question of this event that was not asked of these people does not apply to them."""
    known = life_events().get(event)
    is_asked = known is not None and known.question(fact) is not None
    return NOT if is_asked and fact not in values else follows(fact, values)


def _case(actor: Actor, before: Case, entry: Entry | None) -> Case | None:
    """The office's own case, where the procedure has a form and nothing of it must be asked of anybody."""
    if entry is None or not entry.is_online:
        return None
    made = begin(
        actor=actor, procedure=entry.id, language=before.language, about=before.about, channel=Channel.COUNTER,
        bundle=before.bundle,
    )  # fmt: skip
    Draft.objects.filter(pk=made.draft.pk).update(applicant=before.applicant)
    if lacking(Draft.objects.get(pk=made.draft.pk)):
        discard(actor=actor, draft=made.draft.public, token=made.token)
        return None
    return submit(actor=actor, draft=made.draft.public, token=made.token)
