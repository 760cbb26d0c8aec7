"""A year as twelve months: the yearly report of the register (年報)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

from django.db.models import Count

from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.counts import Month, months, next_month
from municipal.residents.models import ResidentRecord

from .national import SEGMENTS, Segment, segments
from .operations import first_month
from .stocks import Stock, stock

CALENDAR, FISCAL = 1, 4
"""The month with which a year begins: a calendar year, a fiscal year."""


@dataclass(frozen=True)
class Year:
    """One year: its months, its table, the stock at its end, and moves inside the town (年報).

    ``is_whole``: every month of it has been counted to its end by this system.
    """

    first: date
    months: tuple[Month, ...]
    table: dict[str, Segment]
    stock: Stock
    moves_within: int
    is_whole: bool

    @property
    def is_balanced(self) -> bool:
        """Whether the stock that was counted is the one that follows from what has happened."""
        return all(one.is_balanced for one in self.months) and self.table["総計"].after == self.stock.total


def months_of(first: date) -> Iterator[date]:
    """The first days of the twelve months that begin with ``first``."""
    for _number in range(12):
        yield first
        first = next_month(first)


@implements("resident-record/1.0#6.1/m1")
def year(number: int, *, begins: int = CALENDAR) -> Year:
    """The report of a year as far as it has come (年報). Raises Refused for one ahead or before the beginning."""
    today, beginning = clock.today(), first_month() or date.min
    if not 1900 <= number <= 9998 or begins not in (CALENDAR, FISCAL):
        raise Refused("年を選んでください。", field="year", code="no_such_year")
    first = date(number, begins, 1)
    counted = [one for one in months_of(first) if beginning <= one <= today]
    if not counted:
        raise Refused("この年に集計できる月はありません。", field="year", code="no_such_year")
    found = months(counted)
    tables = [segments(one) for one in found]
    table = {name: reduce(Segment.plus, (one[name] for one in tables)) for name in SEGMENTS}
    is_whole = len(found) == 12 and found[-1].as_of == next_month(counted[-1]) - timedelta(days=1)
    return Year(first, found, table, stock(found[-1].as_of), _moves_within(counted[0], found[-1].as_of), is_whole)


def _moves_within(first: date, last: date) -> int:
    """How many people moved inside the town, each as often as they did (転居者数)."""
    rows = ResidentRecord.objects.filter(reason="move_within", processed_on__range=(first, last))
    return int(rows.aggregate(found=Count("pk"))["found"])
