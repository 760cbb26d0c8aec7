"""Asking another office about somebody, in place of asking them (情報照会)."""

from datetime import timedelta
from secrets import token_hex

from django.db import transaction
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.evidence.answering import is_held
from municipal.evidence.kinds import Wanted
from municipal.evidence.models import EvidenceRequest, EvidenceStep, LinkageCode
from municipal.evidence.rules.states import OPEN, State
from municipal.evidence.server import server
from municipal.municipalities import wall

from .settings import settings

NO_SERVER = _("この自治体では、情報連携はまだ使えません。書類で確かめてください。")
PROTECTED = _(
    "支援措置などの対象者です。照会すると、今の住まいの自治体が相手に伝わります。責任者に確かめてから照会してください。"
)


def code_of(person: Addressee) -> str:
    """The opaque code of a person outside; made at random the first time (符号の取得)."""
    found, _is_new = LinkageCode.objects.get_or_create(addressee=person, defaults={"code": token_hex(16)})
    return found.code


def basis_said(law: str, article: str, procedure: str) -> str:
    """For what and on which basis, as the audit keeps it (目的と根拠)."""
    return f"{procedure} {law}{article}"[:200]


@operation("evidence.ask")
def ask(
    *, actor: Actor, subject: Addressee, wanted: Wanted, procedure: str, reference: str, is_confirmed: bool = False
) -> EvidenceRequest:
    """Put one question; while it is open or answered, asking again is the same question (照会の登録).

    ``is_confirmed``: of somebody protected it is asked nevertheless. Raises Refused where there is no server.
    """
    if server(wall.current()) is None:
        raise Refused(NO_SERVER, code="no_server")
    if is_held(subject.pk) and not is_confirmed:
        raise Refused(PROTECTED, field="is_confirmed", code="protected")
    # One after the other for each person, so that two clerks do not ask the same.
    Addressee.objects.select_for_update().get(pk=subject.pk)
    known = EvidenceRequest.objects.filter(reference=reference, kind=wanted.kind.name, subject=subject)
    found = known.filter(state__in=[*OPEN, State.ANSWERED]).first() or _made(
        actor, subject, wanted, procedure, reference
    )
    record(
        actor=actor, subjects=[subject.pk], fields=[wanted.kind.name], code=reference,
        purpose=basis_said(found.law, found.article, procedure),
    )  # fmt: skip
    return found


def _made(actor: Actor, subject: Addressee, wanted: Wanted, procedure: str, reference: str) -> EvidenceRequest:
    now = clock.now()
    code_of(subject)
    made = EvidenceRequest.objects.create(
        subject=subject, kind=wanted.kind.name, procedure=procedure, reference=reference, law=wanted.basis.law,
        article=wanted.basis.article, basis_status=wanted.basis.status, asked_by_kind=actor.actor_kind,
        asked_by_id=actor.actor_id, created_at=now, changed_at=now, next_at=now,
        answer_by=now + timedelta(days=settings().patience_days),
    )  # fmt: skip
    noted(actor, made, State.CREATED)
    _wake()
    return made


def _wake() -> None:
    """The server is called after the commit, never within it; the beat asks where this message is lost."""
    from municipal.evidence.tasks import attend_one
    from municipal.office.tasks import wake

    town = wall.current()
    transaction.on_commit(lambda: wake(attend_one, town), using=wall.opening().using, robust=True)


def noted(actor: Actor, request: EvidenceRequest, state: State, code: str = "") -> None:
    """Add one line to what was done with a question (経過の記録)."""
    EvidenceStep.objects.create(
        request=request, number=request.steps.count() + 1, state=state.value, code=code, at=clock.now(),
        actor_kind=actor.actor_kind, actor_id=actor.actor_id,
    )  # fmt: skip
