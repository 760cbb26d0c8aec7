"""Asking other offices for a case, and going on when they have answered or not (情報連携による照会)."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.applications.following import MOVED, follows_steps
from municipal.applications.linked import askable, latest_of, replaced, waits_for
from municipal.applications.models import Case, CaseEvent
from municipal.applications.rules.applicant import EVIDENCE
from municipal.applications.rules.steps import DECISIONS, SYSTEM, is_over
from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.evidence.answering import is_held
from municipal.evidence.kinds import Wanted, kind_of_document
from municipal.evidence.models import EvidenceRequest
from municipal.evidence.operations import CAME, CLOCK, GIVEN_UP, ask, expire, settings, use
from municipal.evidence.rules.states import OPEN, OVER
from municipal.office.models import OutboxEvent
from municipal.office.outbox import receives

from .handling import take_step
from .stepping import locked, moved, open_step

ASK_STEP, CAME_STEP, CHECKED, WAITING = "ask_evidence", "evidence_came", "pass_form", "waiting_evidence"
RESTS_ON_ANSWERS = DECISIONS | {"propose", "reserve"}
NOT_KNOWN = _("対象の方が台帳で確かめられていないため、照会できません。先に対象の方を記録してください。")
NOTHING = _("照会するものを選んでください。")
NO_PAPER = _("情報連携で確かめられなかった書類を選んでください。")


@operation("applications.ask_evidence")
def ask_evidence(
    *, actor: Actor, case: int, seen: int, kinds: Collection[str], is_confirmed: bool = False
) -> Case:  # fmt: skip
    """Ask other offices what was chosen, and let the case wait for them (情報連携による照会).

    ``kinds``: names of the table; ``is_confirmed``: somebody protected is asked about nevertheless. Raises Refused
    where nothing of it can be asked now.
    """
    found = locked(case, seen)
    if found.about is None:
        raise Refused(NOT_KNOWN, code="not_known")
    chosen = [one for one in askable(found) if one.kind.name in kinds]
    if not chosen or len(chosen) != len(set(kinds)):
        raise Refused(NOTHING, field="kinds", code="nothing_to_ask")
    _ask(actor, found, chosen, is_confirmed=is_confirmed)
    return take_step(actor=actor, case=case, seen=seen, action=ASK_STEP)


def _ask(actor: Actor, case: Case, chosen: Collection[Wanted], *, is_confirmed: bool = False) -> None:
    assert case.about is not None
    for one in chosen:
        ask(
            actor=actor, subject=case.about, wanted=one, procedure=case.procedure, reference=case.number,
            is_confirmed=is_confirmed,
        )  # fmt: skip


@operation("applications.evidence_came")
def evidence_came(*, actor: Actor, case: int) -> Case:
    """Go on when no answer is awaited any more; asked again, nothing changes (照会の結果の到着)."""
    found = Case.objects.select_for_update(of=("self",)).get(pk=case)
    is_due = found.state == WAITING and not waits_for(found)
    if is_due:
        moved(actor, found, open_step(found, CAME_STEP, (SYSTEM,), ""))
    record(actor=actor, subjects=[found.about_id] if found.about_id else [], code="came" if is_due else "not_yet")
    return found


@operation("applications.request_papers")
def request_papers(
    *, actor: Actor, case: int, seen: int, documents: Collection[str], reason: str, correct_by: date | None
) -> Case:  # fmt: skip
    """Send a case back for the papers that no office could say anything of (証明書の提出依頼).

    ``documents``: ids of the entry's evidence. Raises Refused for one that the linkage has not failed for.
    """
    found = locked(case, seen)
    known = {one.id for one in replaced(found)}
    if not documents or set(documents) - known:
        raise Refused(NO_PAPER, field="documents", code="no_paper")
    kinds = {kind.name for one in documents if (kind := kind_of_document(one))}
    _use(actor, [one for name, one in latest_of(found).items() if name in kinds])
    return take_step(
        actor=actor, case=case, seen=seen, action="send_back", reason=reason, correct_by=correct_by,
        fields=[f"{EVIDENCE}{one}" for one in documents],
    )  # fmt: skip


def _use(actor: Actor, requests: Collection[EvidenceRequest]) -> None:
    for one in requests:
        if one.outcome and one.state not in OVER:
            use(actor=actor, request=one.pk)


@follows_steps
def follow_evidence(actor: Actor, case: Case, event: CaseEvent) -> None:
    """Ask all where nothing was chosen, stop waiting where a case goes on, use what it rests on (照会の追随)."""
    if event.action == ASK_STEP and not waits_for(case):
        wanted = askable(case)
        if case.about is None:
            raise Refused(NOT_KNOWN, code="not_known")
        if not wanted:
            raise Refused(NOTHING, code="nothing_to_ask")
        _ask(actor, case, wanted)
    if event.action == CAME_STEP or is_over(case.workflow, case.state):
        for one in EvidenceRequest.objects.filter(reference=case.number, state__in=OPEN):
            expire(actor=actor, request=one.pk, code=GIVEN_UP)
    if event.action in RESTS_ON_ANSWERS:
        _use(actor, list(latest_of(case).values()))


@receives(CAME)
def answer_came(event: OutboxEvent) -> None:
    """The case for which it was asked goes on, once nothing is awaited (回答の到着への追随)."""
    request = EvidenceRequest.objects.get(pk=event.payload["request"])
    case = Case.objects.filter(number=request.reference).first()
    if case is not None:
        evidence_came(actor=CLOCK, case=case.pk)


@receives(MOVED)
def ask_automatically(event: OutboxEvent) -> None:
    """Ask right after the form check, where the town wants it; nobody protected, and nothing twice (自動の照会)."""
    case = Case.objects.get(pk=event.payload["case"])
    step = case.events.get(number=event.payload["step"])
    if step.action != CHECKED or case.events.count() != step.number or not settings().asks_automatically:
        return
    wanted = askable(case, anew=False)
    if wanted and case.about_id is not None and not is_held(case.about_id):
        kinds = [one.kind.name for one in wanted]
        ask_evidence(actor=CLOCK, case=case.pk, seen=step.number, kinds=kinds)
