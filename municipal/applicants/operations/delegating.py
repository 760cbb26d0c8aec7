"""Letting somebody act for another: offering, accepting, ending, and asking who may (委任の操作)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from municipal.addressees.models import Addressee, LifeState
from municipal.applicants.issuer import digest
from municipal.applicants.models import Applicant, ApplicantSession, Delegation
from municipal.applicants.rules import LONGEST, Kind, covers, is_span
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH, ACCEPT_WITHIN, MOST_PROCEDURES = 12, timedelta(days=7), 100
NO_CODE = Refused("この委任番号は使えません。番号と、7日の期限を確かめてください。", field="code", code="no_such_code")


@dataclass(frozen=True)
class Offered:
    """A delegation that waits for its delegate, and the code which the principal hands over (委任番号)."""

    delegation: Delegation
    code: str


@operation("applicants.delegate")
def delegate(
    *, actor: Actor, principal: Addressee, kind: Kind, until: date, procedures: Collection[str] = ()
) -> Offered:  # fmt: skip
    """Let whoever brings the code act for ``principal`` until that day (委任).

    Whether ``actor`` may speak for the principal is the caller's to know: the principal's own session, or staff.
    Raises Refused for a span that is too long or over, for the dead, and for a legal representative not by staff.
    """
    if principal.life_state == LifeState.DEAD:
        raise Refused("亡くなった方の委任は登録できません。", code="dead")
    if not is_span(kind, clock.today(), until):
        raise Refused(
            "期限は、今日から%(days)d日以内の日にしてください。", field="until", code="span", days=LONGEST[kind]
        )
    if len(procedures) > MOST_PROCEDURES:
        raise Refused("手続は100件までにしてください。", field="procedures", code="too_many")
    now, code = clock.now(), "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    made = Delegation.objects.create(
        principal=principal, kind=kind, procedures=sorted(set(procedures)), until=until, code_hash=digest(code),
        given_at=now, given_by_kind=actor.actor_kind, given_by_id=actor.actor_id, accept_until=now + ACCEPT_WITHIN,
    )  # fmt: skip
    record(actor=actor, subjects=[principal.pk], fields=["delegation"], code=kind.value)
    return Offered(made, code)


@operation("applicants.accept_delegation")
def accept_delegation(*, actor: Applicant, code: str, name: str) -> Delegation:
    """Take a delegation over with its code, once (委任の受け取り).

    ``name``: what the delegate's card said. Raises Refused for a code that is wrong, old, used or one's own.
    """
    typed = "".join(code.upper().replace("-", " ").split())
    found = Delegation.objects.select_for_update(of=("self",)).select_related("principal")
    offered = found.filter(code_hash=digest(typed), delegate=None, ended_at=None).first()
    now = clock.now()
    if offered is None or now >= offered.accept_until or not _holds(offered, clock.today()):
        raise NO_CODE
    if offered.principal_id == actor.person_id:
        raise Refused(
            "ご自分からの委任は受け取れません。番号は、任せたい方に渡してください。", field="code", code="own"
        )
    offered.delegate, offered.delegate_name, offered.accepted_at = actor, name[:200], now
    offered.save(update_fields=["delegate", "delegate_name", "accepted_at"])
    record(actor=actor, subjects=[offered.principal_id], fields=["delegation"])
    return offered


@operation("applicants.end_delegation")
def end_delegation(*, actor: Applicant, delegation: int) -> None:
    """End a delegation, by its principal or by its delegate; ended twice is ended once (委任の終了).

    Raises Refused for a delegation of others, with the same sentence as for one that is not there.
    """
    mine = Q(delegate=actor) | Q(principal=actor.person) if actor.person_id else Q(delegate=actor)
    found = Delegation.objects.select_for_update(of=("self",)).filter(mine, pk=delegation).first()
    if found is None:
        raise Refused("この委任は見つかりません。画面を開き直してください。", code="not_found")
    record(actor=actor, subjects=[found.principal_id], fields=["delegation"])
    if found.ended_at is None:
        found.ended_at = clock.now()
        found.ended_because = "principal" if found.principal_id == actor.person_id else "delegate"
        found.save(update_fields=["ended_at", "ended_because"])


@operation("applicants.close_for_the_dead")
def close_for_the_dead(*, actor: Actor, people: Collection[int]) -> int:
    """End delegations by and to those of ``people`` who died, and their sessions (死亡による終了).

    Returns how many delegations ended. Until this is done, ``principals`` and ``find`` ask the register themselves.
    """
    dead = list(Addressee.objects.filter(pk__in=people, life_state=LifeState.DEAD).values_list("pk", flat=True))
    now = clock.now()
    open_ones = Delegation.objects.filter(Q(principal__in=dead) | Q(delegate__person__in=dead), ended_at=None)
    count = Delegation.objects.filter(pk__in=list(open_ones.values_list("pk", flat=True))).update(
        ended_at=now, ended_because="dead"
    )
    ApplicantSession.objects.filter(applicant__person__in=dead, ended_at=None).update(ended_at=now, name="")
    record(actor=actor, subjects=dead, fields=["delegation"])
    return count


def known_among(people: Collection[int]) -> list[int]:
    """Those who have a card, an account or a delegation; of the others nothing is to follow (関わりのある方)."""
    has_any = Q(cards__isnull=False) | Q(accounts__isnull=False) | Q(delegations__isnull=False)
    return list(Addressee.objects.filter(has_any, pk__in=people).values_list("pk", flat=True).distinct())


def given_by(person: int) -> QuerySet[Delegation]:
    """What somebody has let others do, newest first (委任した一覧)."""
    return Delegation.objects.filter(principal=person).order_by("-pk")


def held_by(applicant: Applicant) -> list[Delegation]:
    """The delegations that somebody holds today (受けている委任)."""
    rows = Delegation.objects.filter(delegate=applicant).select_related("principal").order_by("pk")
    return [] if applicant.is_dead else [one for one in rows if _holds(one, clock.today())]


def principals(applicant: Applicant, procedure: str) -> list[Addressee]:
    """For whom somebody may act in this procedure today (代理できる本人)."""
    return [one.principal for one in held_by(applicant) if covers(one.procedures, procedure)]


def _holds(one: Delegation, today: date) -> bool:
    return one.ended_at is None and today <= one.until and one.principal.life_state != LifeState.DEAD
