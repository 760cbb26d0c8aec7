"""Two heads in one household on some day, seen before the database refuses them (世帯主の重複)."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from municipal.core.refusals import Refused
from municipal.residents.models import Household, Period
from municipal.residents.rules.kinship import HEAD

from .plan import Change, Plan
from .standing import RESIDENT

Span = tuple[date, date]
"""The first day, and the first day after (期間)."""


def refuse_two_heads(plan: Plan) -> None:
    """Raise Refused where ``plan`` would let two people lead a household on one day, however long ago (世帯主の重複).

    A change of head that was dated later or earlier than the leaving of the former one does so: neither act is wrong
    alone, and the clerk is told when the second one is entered.
    """
    for home in {change.household for change in plan.changes if change.household is not None and _leads(change)}:
        spans = sorted(span for led in _led(home, plan.changes).values() for span in led)
        if any(one[1] > other[0] for one, other in pairwise(spans)):
            raise Refused(
                "一つの世帯に世帯主は一人です。先に世帯主を変更してください。",
                field="people",
                code="one_head_at_a_time",
            )


def _leads(change: Change) -> bool:
    after = change.after()
    return after.status == RESIDENT and after.relationship == HEAD


def _led(home: Household, changes: Iterable[Change]) -> dict[object, list[Span]]:
    """On which days each person would lead ``home``, as known after the changes."""
    known = Period.objects.filter(household=home, is_head=True, is_registered=True, recorded__endswith__isnull=True)
    found: dict[object, list[Span]] = {}
    for addressee, valid in known.values_list("addressee", "valid"):
        found.setdefault(addressee, []).append((valid.lower, valid.upper or date.max))
    for place, change in enumerate(changes):
        who: object = change.addressee.pk if change.addressee else f"new{place}"
        span = (change.valid_from, change.valid_until or date.max)
        rest = [part for one in found.get(who, []) for part in _without(one, span)]
        is_here = change.household is not None and change.household.pk == home.pk
        found[who] = [*rest, span] if is_here and _leads(change) else rest
    return found


def _without(one: Span, taken: Span) -> list[Span]:
    """What is left of ``one`` before and behind ``taken``."""
    parts = [(one[0], min(one[1], taken[0])), (max(one[0], taken[1]), one[1])]
    return [part for part in parts if part[0] < part[1]]
