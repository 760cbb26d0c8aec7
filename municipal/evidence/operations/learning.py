"""What became of a question: sent, waiting, an outcome; each is noted once (照会の結果)."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext_noop as _

from municipal.audit.operations import disclose, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.evidence.answering import is_protected
from municipal.evidence.models import EvidenceRequest
from municipal.evidence.rules.payloads import Reply, Unreadable, read_reply
from municipal.evidence.rules.states import OPEN, OUTCOMES, State, may_follow
from municipal.municipalities import wall
from municipal.office.outbox import emit

from .asking import basis_said, noted

CAME = "evidence.came"
"""The topic that says that a question has its outcome; the payload holds the question's id."""
UNREADABLE, MISDELIVERED, GIVEN_UP = "unreadable", "misdelivered", "given_up"
MOST_FAULTY = 3
"""So often an answer that cannot be read, or that is another one's, is fetched again before it counts as a refusal."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 1, 2, 5, 10, 30, 60))
LONGEST_PAUSE = timedelta(hours=1)
NO_REQUEST = _("この照会は見つかりません。画面を開き直してください。")


def locked(request: int) -> EvidenceRequest:
    """The question, nobody else's for now. Raises Refused where there is none (照会の確保)."""
    found = EvidenceRequest.objects.select_for_update().filter(pk=request).first()
    if found is None:
        raise Refused(NO_REQUEST, code="no_request")
    return found


def moved(actor: Actor, request: EvidenceRequest, to: State, code: str = "") -> None:
    """Give a question its new state and note it; the caller has locked it (照会の状態の変更)."""
    if not may_follow(to, State(request.state)):
        raise ValueError(f"{to} does not follow {request.state}")
    now = clock.now()
    request.state, request.changed_at = to.value, now
    if to in OUTCOMES:
        request.outcome, request.code, request.answered_at = to.value, code, now
        emit(topic=CAME, subjects=[request.subject_id], payload={"request": request.pk})
    request.save()
    noted(actor, request, to, code)


@operation("evidence.note_sent")
def note_sent(*, actor: Actor, request: int, receipt: str) -> EvidenceRequest:
    """The server has taken the question; told again, nothing changes (送信の記録)."""
    found = locked(request)
    if found.state == State.CREATED:
        found.receipt, found.attempts, found.next_at = receipt[:40], 0, clock.now()
        moved(actor, found, State.SENT)
    record(actor=actor, subjects=[found.subject_id], code=found.state)
    return found


@operation("evidence.note_pending")
def note_pending(*, actor: Actor, request: int) -> EvidenceRequest:
    """Nobody has answered yet: it is asked after again, less and less often (回答待ちの記録)."""
    found = locked(request)
    if found.state in OPEN:
        found.polls, found.attempts = found.polls + 1, 0
        found.next_at = clock.now() + PAUSES[min(found.polls, len(PAUSES)) - 1]
        if found.state == State.SENT:
            moved(actor, found, State.PENDING)
        else:
            found.save()
    record(actor=actor, subjects=[found.subject_id], code=found.state)
    return found


@operation("evidence.postpone")
def postpone(*, actor: Actor, request: int) -> EvidenceRequest:
    """The server is away: it is tried again after a pause that doubles each time (再試行の予約)."""
    found = locked(request)
    if found.state in OPEN:
        _paused(found)
        found.save()
    record(actor=actor, subjects=[found.subject_id], code="server_down")
    return found


def _paused(request: EvidenceRequest) -> None:
    request.attempts += 1
    request.next_at = clock.now() + min(LONGEST_PAUSE, timedelta(seconds=30 * 2 ** min(request.attempts, 10)))


@operation("evidence.learn")
def learn(*, actor: Actor, request: int, bodies: Sequence[bytes]) -> EvidenceRequest:
    """Take the first reply that is this question's; what comes twice or too late changes nothing (回答の受領).

    A reply that cannot be read, or that belongs to another question or another town, is kept nowhere. After
    MOST_FAULTY of them the question counts as refused, so that the applicant is asked instead.
    """
    found = locked(request)
    if found.state not in OPEN:
        noted(actor, found, State(found.state), "late" if found.outcome == State.EXPIRED else "again")
        record(actor=actor, subjects=[found.subject_id], code="late")
        return found
    reply, fault = _first_of(found, bodies)
    if reply is None:
        _faulty(actor, found, fault)
    else:
        _taken(actor, found, reply)
    return found


def _first_of(request: EvidenceRequest, bodies: Sequence[bytes]) -> tuple[Reply | None, str]:
    fault = UNREADABLE
    for body in bodies:
        try:
            said = read_reply(body, request.kind, clock.today())
        except Unreadable:
            continue
        if (said.public, said.town) == (request.public, wall.current()):
            return said, ""
        fault = MISDELIVERED
    return None, fault


def _faulty(actor: Actor, request: EvidenceRequest, fault: str) -> None:
    _paused(request)
    if request.attempts >= MOST_FAULTY:
        moved(actor, request, State.REFUSED, fault)
    else:
        request.save()
        noted(actor, request, State(request.state), fault)
    record(actor=actor, subjects=[request.subject_id], code=fault)


def _taken(actor: Actor, request: EvidenceRequest, reply: Reply) -> None:
    request.office, request.is_specimen = reply.office, reply.is_specimen
    # Withheld by either side is withheld; of our own protected people nothing goes beyond the desk in any case.
    request.is_withheld = reply.is_withheld or is_protected(request.subject_id)
    if reply.outcome == State.ANSWERED:
        request.answer, request.as_of = reply.items, reply.as_of
    moved(actor, request, reply.outcome)
    disclose(
        actor=actor, subjects=[request.subject_id], fields=sorted(reply.items) or [request.kind],
        purpose=basis_said(request.law, request.article, request.procedure),
    )  # fmt: skip


@operation("evidence.expire")
def expire(*, actor: Actor, request: int, code: str = "") -> EvidenceRequest:
    """Stop waiting for an answer; what comes later counts for nothing (期限切れ)."""
    found = locked(request)
    if found.state in OPEN:
        moved(actor, found, State.EXPIRED, code)
    record(actor=actor, subjects=[found.subject_id], code=code or "expired")
    return found
