"""Whose changes the Immigration Services Agency is to be told of, and under which law (入管庁への通知の対象者; #4.5.7).

The interface specification is not public, so nothing is sent; the list is what a clerk works from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from municipal.core.clauses import implements

from .counts import next_month
from .models import Kind, ResidentRecord
from .rules.deadlines import WITH_A_DEADLINE

BOTH, IMMIGRATION, BASIC = "both", "immigration", "basic"
PLACED = frozenset({"move_in", "move_in_by_card", "move_in_unreported", "article30_46", "article30_47", "move_within"})
"""Acts by which a notice under the Basic Act is also the one that the Immigration Act asks for."""
assert PLACED <= WITH_A_DEADLINE


@dataclass(frozen=True)
class Told:
    """One change to be told: the row that holds it, and the law it falls under (通知の対象)."""

    record: ResidentRecord
    law: str


@implements("resident-record/1.0#4.5.7/n1")
def law_of(act: str, *, has_card: bool, is_place_notified: bool) -> str:
    """BOTH, IMMIGRATION or BASIC; empty while the card does not say the new address yet (根拠法の区分)."""
    if act == "place_notification":
        return IMMIGRATION
    if act in PLACED and has_card:
        return BOTH if is_place_notified else ""
    return BASIC


def to_be_told(first: date) -> list[Told]:
    """The changes of foreign residents processed in the month from ``first`` on, in their order (通知対象者一覧).

    A move-out that is announced stands in it from the day on which it removes.
    """
    rows = ResidentRecord.objects.filter(
        event__processed_on__gte=first, event__processed_on__lt=next_month(first), kind=Kind.FOREIGN
    )
    return list(_told(rows.select_related("addressee", "event").order_by("recorded_at", "pk").iterator()))


def _told(rows: Iterator[ResidentRecord]) -> Iterator[Told]:
    for row in rows:
        assert row.event is not None
        is_announced = row.status == "1" and row.event.act in ("move_out", "move_out_by_card")
        law = law_of(row.event.act, has_card=bool(row.residence_card_number), is_place_notified=row.is_place_notified)
        if law and not is_announced:
            yield Told(row, law)
