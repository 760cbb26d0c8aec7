"""How many people live in town and how many came and went in a month (人口の月報; resident-record/1.0#1.2.2).

Coming and going is counted from the rows processed in the month, by what they changed about a person. The stock at the
end of the month is counted apart from that, from the periods that held on its last day as known at its end. The one
follows from the other in every month, whatever was entered late, corrected or cancelled: that is tested, not assumed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection

from municipal.addressees.models import LifeState
from municipal.core import clock
from municipal.core.codes import table
from municipal.core.refusals import Refused

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
# singly. Every month that is asked about is counted in one pass, each by itself.
ACTS = """
    WITH acts AS (
        SELECT addressee_id, serial, reason, status, kind, sex, date_trunc('month', processed_on)::date AS month,
               min(serial) OVER act AS first, max(serial) OVER act AS last
        FROM residents_residentrecord
        WHERE processed_on >= %(first)s AND processed_on < %(next)s
        WINDOW act AS (PARTITION BY addressee_id, COALESCE(event_id, -id), date_trunc('month', processed_on))
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
    SELECT after.month, after.reason, after.status, after.kind, after.sex, before.status, before.kind, before.sex,
           count(*)
"""
MOVEMENTS = f"{ACTS}{_SAID}{BESIDE_BEFORE}{HAS_MOVED} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
# The records are met once for all days, not once for each.
_MOMENTS = "unnest(%(days)s::date[], %(known)s::timestamptz[]) AS moment (day, known_at)"
_HELD = "held.valid @> moment.day AND held.recorded @> moment.known_at"
PEOPLE = f"""
    WITH held AS MATERIALIZED (
        SELECT period.valid, period.recorded, record.kind, record.sex
        FROM residents_period AS period JOIN residents_residentrecord AS record ON record.id = period.record_id
        WHERE period.is_registered
    )
    SELECT moment.day, held.kind, held.sex, count(*) FROM held JOIN {_MOMENTS} ON {_HELD} GROUP BY 1, 2, 3
"""  # noqa: S608  (put together from texts of this module; values are parameters)
HOMES = f"""
    SELECT day, count(*) FROM (
        SELECT DISTINCT moment.day, held.household_id
        FROM residents_period AS held JOIN {_MOMENTS} ON {_HELD} WHERE held.is_registered
    ) AS home GROUP BY 1
"""  # noqa: S608  (as above)


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


def month(year: int, number: int) -> Month:
    """The counts of a month that has begun (人口の月報). Raises Refused for one that is none or lies ahead."""
    today = clock.today()
    if not (1 <= number <= 12 and 1900 <= year <= 9998) or (year, number) > (today.year, today.month):
        raise Refused("今月までの年月を選んでください。", field="month", code="no_such_month")
    return months([date(year, number, 1)])[0]


def months(firsts: Sequence[date]) -> tuple[Month, ...]:
    """The counts of months that follow each other and have begun, by their first days (人口の月報の続き).

    Three statements, however many months: what a year takes is not twelve times what a month does.
    """
    today, day = clock.today(), timedelta(days=1)
    ends = {first: min(next_month(first) - day, today) for first in firsts}
    came, went = _movements(firsts[0], next_month(firsts[-1]))
    stocks, households = _stocks(sorted({*ends.values(), *(first - day for first in firsts)}))
    found = []
    for first, end in ends.items():
        added, removed = tuple(_in_order(came[first])), tuple(_in_order(went[first]))
        found.append(Month(first, end, stocks[first - day], added, removed, stocks[end], households[end]))
    return tuple(found)


Moved = defaultdict[date, dict[str, Counter[Cell]]]


def _movements(first: date, after_last: date) -> tuple[Moved, Moved]:
    """Who came and who went, by month. A change of kind or sex of somebody who lives here is both at once."""
    came: Moved = defaultdict(dict)
    went: Moved = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(MOVEMENTS, {"first": first, "next": after_last})
        for begins, reason, status, kind, sex, status_before, kind_before, sex_before, count in cursor.fetchall():
            if status == REGISTERED:
                came[begins].setdefault(reason, Counter())[kind, sex] += count
            if status_before == REGISTERED:
                went[begins].setdefault(WENT_BY.get(reason, reason), Counter())[kind_before, sex_before] += count
    return came, went


def _in_order(found: dict[str, Counter[Cell]]) -> Iterator[Movement]:
    """By the order in which the standard lists the reasons."""
    known = [*table("event_reason"), *sorted(found.keys() - table("event_reason").keys())]
    return (Movement(reason, found[reason]) for reason in known if reason in found)


def _stocks(days: Sequence[date]) -> tuple[defaultdict[date, Counter[Cell]], Counter[date]]:
    """Everybody registered on each of ``days`` as known at its end, and how many households they are."""
    asked: dict[str, Any] = {"days": list(days), "known": [end_of(day) for day in days]}
    people: defaultdict[date, Counter[Cell]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, asked)
        for day, kind, sex, count in cursor.fetchall():
            people[day][kind, sex] = count
        cursor.execute(HOMES, asked)
        return people, Counter(dict(cursor.fetchall()))
