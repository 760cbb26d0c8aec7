"""Finding somebody entitled, or not (認定と不認定)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.addressees.operations import give_number
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.entitlements.models import Entitlement, State, days

from .versions import begun

NUMBERS = "entitlement"
BACKWARDS = _("終わりの日は、始まりの日以後にしてください。")
NO_REASON = _("不認定の理由を入れてください。")


@dataclass(frozen=True)
class Granting:
    """Who is entitled to what, about whom and since when (認定の内容).

    ``last``: the last day, None where no end is known yet. ``lasts``: of this kind ``about`` has one at a time.
    ``decided_in``: the number of the application; empty where a clerk or a file decided without one.
    """

    person: Addressee
    about: Addressee
    kind: str
    procedure: str
    name: str
    first: date
    last: date | None = None
    lasts: bool = True
    decided_in: str = ""
    reason: str = ""


@operation("entitlements.grant")
def grant(*, actor: Actor, granting: Granting) -> Entitlement:
    """Find somebody entitled; for the same application a second time it is the same (認定).

    Raises Refused for days that run backwards, and where somebody has one of this kind about the same person: the
    sentence never says who.
    """
    if granting.last is not None and granting.last < granting.first:
        raise Refused(BACKWARDS, field="last", code="backwards")
    refuse_unstorable(granting.reason, 300, "reason")
    made = _same(granting) or _written(granting)
    record(actor=actor, subjects=_subjects(granting), code=granting.kind)
    return made


def _same(granting: Granting) -> Entitlement | None:
    """What this application led to before."""
    if not granting.decided_in:
        return None
    mine = Entitlement.objects.filter(decided_in=granting.decided_in, kind=granting.kind, about=granting.about)
    return mine.exclude(state=State.REFUSED).order_by("-version").first()


def _written(granting: Granting) -> Entitlement:
    made = begun(
        number=give_number(NUMBERS), person=granting.person, about=granting.about, kind=granting.kind,
        procedure=granting.procedure, name=granting.name[:100], lasts=granting.lasts, state=State.GRANTED,
        valid=days(granting.first, granting.last), decided_in=granting.decided_in, decided_on=clock.today(),
        reason=granting.reason,
    )  # fmt: skip
    made.save(force_insert=True)
    return made


@operation("entitlements.refuse")
def refuse(*, actor: Actor, granting: Granting) -> Entitlement:
    """Note that somebody was found not entitled, and why; ``first`` and ``last`` are left out (不認定).

    For the same application a second time it is the same. Raises Refused without a reason.
    """
    if not granting.reason.strip():
        raise Refused(NO_REASON, field="reason", code="reason_missing")
    refuse_unstorable(granting.reason, 300, "reason")
    mine = Entitlement.objects.filter(
        decided_in=granting.decided_in, kind=granting.kind, about=granting.about, state=State.REFUSED
    )
    made = mine.first() if granting.decided_in else None
    if made is None:
        made = begun(
            number=give_number(NUMBERS), person=granting.person, about=granting.about, kind=granting.kind,
            procedure=granting.procedure, name=granting.name[:100], lasts=granting.lasts, state=State.REFUSED,
            valid=None, decided_in=granting.decided_in, decided_on=clock.today(), reason=granting.reason,
        )  # fmt: skip
        made.save(force_insert=True)
    record(actor=actor, subjects=_subjects(granting), code=granting.kind)
    return made


def _subjects(granting: Granting) -> list[int]:
    return sorted({granting.person.pk, granting.about.pk})
