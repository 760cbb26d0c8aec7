"""How many people live in town and how many came and went in a month (人口の月報; resident-record/1.0#1.2.2).

Coming and going is counted from the rows processed in the month, by what they changed about a person. The stock at the
end of the month is counted apart from that, from the periods that held on its last day as known at its end. The one
follows from the other in every month, whatever was entered late, corrected or cancelled: that is tested, not assumed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count

from municipal.addressees.models import LifeState
from municipal.core import clock
from municipal.core.codes import table
from municipal.core.refusals import Refused

from .models import Period
from .times import end_of

Cell = tuple[str, str]
"""Kind of resident and sex, by their codes (住民種別と性別)."""
REGISTERED = LifeState.RESIDENT.value

WENT_BY = {
    "entry_by_naturalisation": "deletion_by_naturalisation",
    "entry_by_loss_of_nationality": "deletion_by_loss_of_nationality",
}
"""An act that ends a record of one kind and begins one of the other: as what the ended one went (国籍の異動)."""

# What an act made of each person, beside what the person was before: an act may write several rows of one person
# (the past said anew, then the present), and only the last of them is how things stand. Rows without an act count
# singly.
ACTS = """
    WITH acts AS (
        SELECT addressee_id, serial, reason, status, kind, sex,
               min(serial) OVER act AS first, max(serial) OVER act AS last
        FROM residents_residentrecord
        WHERE processed_on >= %(first)s AND processed_on < %(next)s
        WINDOW act AS (PARTITION BY addressee_id, COALESCE(event_id, -id))
    )
"""
BESIDE_BEFORE = """
    FROM acts AS after
    LEFT JOIN residents_residentrecord AS before
      ON before.addressee_id = after.addressee_id AND before.serial = after.first - 1
"""
HAS_MOVED = """
    WHERE after.serial = after.last
      AND (before.id IS NULL OR (after.status, after.kind, after.sex) <> (before.status, before.kind, before.sex))
"""
_SAID = """
    SELECT after.reason, after.status, after.kind, after.sex, before.status, before.kind, before.sex, count(*)
"""
MOVEMENTS = f"{ACTS}{_SAID}{BESIDE_BEFORE}{HAS_MOVED} GROUP BY 1, 2, 3, 4, 5, 6, 7"


@dataclass(frozen=True)
class Movement:
    """How many came or went for one reason of #1.2.2, by kind and sex (異動事由別の増減)."""

    reason: str
    by_cell: Counter[Cell]

    @property
    def total(self) -> int:
        """Everybody of this reason."""
        return self.by_cell.total()


@dataclass(frozen=True)
class Month:
    """One month: the stock before it, what was added and removed, the stock at its end, its households (月報).

    Of the month that is running, everything is as of today.
    """

    first: date
    as_of: date
    before: Counter[Cell]
    additions: tuple[Movement, ...]
    removals: tuple[Movement, ...]
    stock: Counter[Cell]
    households: int
    cells: tuple[Cell, ...] = field(default=(("1", "1"), ("1", "2"), ("2", "1"), ("2", "2")))

    @property
    def is_balanced(self) -> bool:
        """Whether the stock is what it was, and what came, without what went."""
        moved = Counter(self.before)
        for movement in self.additions:
            moved.update(movement.by_cell)
        for movement in self.removals:
            moved.subtract(movement.by_cell)
        return +moved == self.stock


def next_month(first: date) -> date:
    """The first day of the month after the one that begins on ``first``."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def month(year: int, number: int, *, before: Month | None = None) -> Month:
    """The counts of a month that has begun (人口の月報). Raises Refused for one that is none or lies ahead.

    ``before``: the month before it, where that is counted already: its stock need not be counted again.
    """
    today = clock.today()
    if not (1 <= number <= 12 and 1900 <= year <= 9998) or (year, number) > (today.year, today.month):
        raise Refused("今月までの年月を選んでください。", field="month", code="no_such_month")
    first = date(year, number, 1)
    as_of = min(next_month(first) - timedelta(days=1), today)
    additions, removals = _movements(first)
    stock, households = _stock(as_of)
    is_known = before is not None and before.as_of == first - timedelta(days=1)
    stock_before = before.stock if before and is_known else _stock(first - timedelta(days=1))[0]
    return Month(first, as_of, stock_before, additions, removals, stock, households)


def _movements(first: date) -> tuple[tuple[Movement, ...], tuple[Movement, ...]]:
    """Who came and who went. A change of kind or sex of somebody who lives here is both at once."""
    came: dict[str, Counter[Cell]] = {}
    went: dict[str, Counter[Cell]] = {}
    with connection.cursor() as cursor:
        cursor.execute(MOVEMENTS, {"first": first, "next": next_month(first)})
        for reason, status, kind, sex, status_before, kind_before, sex_before, count in cursor.fetchall():
            if status == REGISTERED:
                came.setdefault(reason, Counter())[kind, sex] += count
            if status_before == REGISTERED:
                went.setdefault(WENT_BY.get(reason, reason), Counter())[kind_before, sex_before] += count
    return tuple(_in_order(came)), tuple(_in_order(went))


def _in_order(found: dict[str, Counter[Cell]]) -> Iterator[Movement]:
    """By the order in which the standard lists the reasons."""
    known = [*table("event_reason"), *sorted(found.keys() - table("event_reason").keys())]
    return (Movement(reason, found[reason]) for reason in known if reason in found)


def _stock(day: date) -> tuple[Counter[Cell], int]:
    """Everybody registered on ``day`` as known at its end, and their households."""
    held = Period.objects.filter(is_registered=True, valid__contains=day, recorded__contains=end_of(day))
    cells: Iterable[Any] = held.values_list("record__kind", "record__sex").annotate(Count("id")).order_by()
    households = held.aggregate(found=Count("household", distinct=True))["found"]
    return Counter({(kind, sex): count for kind, sex, count in cells}), households
