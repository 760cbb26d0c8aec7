"""What moving out and death end, and what their cancellation brings back (住民記録への追随)."""

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor, System
from municipal.entitlements.models import BY_REGISTER, Cause, Entitlement, State, days
from municipal.entitlements.register import Standing, standings
from municipal.entitlements.rules import child_allowance

from .ending import reopened
from .versions import followed

REGISTER = System(name="register")
"""The register itself, which entitlements follow."""
ALLOWANCES = frozenset({"child-allowance", "child-rearing-allowance"})
"""Paid by the month: through the month in which the ground ceases."""
REASONS = {Cause.MOVED_OUT: "転出", Cause.DIED: "死亡"}
TAKEN_BACK = "異動の取消しにより再開"


@operation("entitlements.follow_register")
def follow_register(*, actor: Actor, people: Collection[int]) -> int:
    """End what moving out or death ends, bring back what was ended by an act that is cancelled (住民記録への追随).

    ``people``: addressee ids. Reads what the register says now, so that doing it again changes nothing. Where somebody
    else was found entitled meanwhile, an ending stays. Returns how many versions were written.
    """
    said = standings(people)
    count, subjects = 0, set[int]()
    for one in _held(people):
        if _followed(one, said):
            count += 1
            subjects |= {one.person_id, one.about_id}
    record(actor=actor, subjects=sorted(subjects))
    return count


def _held(people: Collection[int]) -> list[Entitlement]:
    """What lasts and concerns ``people``: granted, or ended by the register before; in one order, so nobody waits."""
    mine = Q(person__in=people) | Q(about__in=people)
    open_ones = Entitlement.objects.select_for_update().filter(mine, lasts=True, recorded__endswith__isnull=True)
    return list(open_ones.filter(Q(state=State.GRANTED) | Q(cause__in=BY_REGISTER)).order_by("pk"))


def _followed(one: Entitlement, said: dict[int, Standing]) -> bool:
    known = {**standings([one.person_id, one.about_id]), **said}
    gone = [known[pk] for pk in (one.person_id, one.about_id) if pk in known and known[pk].left_because]
    if not gone:
        return one.state == State.ENDED and _brought_back(one)
    first = min(gone, key=lambda standing: standing.left_on or date.max)
    if first.left_on is None:
        return False
    cause, last = Cause(first.left_because), last_day(one.kind, first.left_on)
    before = _before_ending(one)
    if before.starts_on is None or (before.ends_on is not None and before.ends_on <= last):
        return one.state == State.ENDED and _brought_back(one)
    wanted = days(before.starts_on, last)
    if (one.valid, one.cause) == (wanted, cause):
        return False
    followed(one, cause=cause, reason=REASONS[cause], state=State.ENDED, valid=wanted)
    return True


def last_day(kind: str, left_on: date) -> date:
    """The last day of an entitlement of somebody who left that day (終了日): of an allowance, that of the month."""
    return child_allowance.ends_on(left_on) if kind in ALLOWANCES else left_on


def _before_ending(one: Entitlement) -> Entitlement:
    if one.state == State.GRANTED:
        return one
    before = Entitlement.objects.filter(number=one.number, state=State.GRANTED).order_by("-version").first()
    return before or one


def _brought_back(one: Entitlement) -> bool:
    try:
        with transaction.atomic():
            reopened(one, TAKEN_BACK)
    except IntegrityError:
        return False
    return True
