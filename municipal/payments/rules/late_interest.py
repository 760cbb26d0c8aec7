"""Interest on what is paid late (延滞金; Local Tax Act, articles 326, 369, supplementary article 3-2).

Amounts are whole yen, rates tenths of a percent a year. No fraction of a number is ever kept: each stretch of days
is cut to the yen, the sum to the hundred.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Literal

from municipal.core.codes import STANDARDS, rows
from municipal.core.refusals import Refused

SMALLEST_BASE, BASE_UNIT = 2_000, 1_000
SMALLEST_INTEREST, INTEREST_UNIT = 1_000, 100
DAYS_OF_A_YEAR = 365
"""In leap years too: the rate is for 365 days (利率等の表示の年利建て移行に関する法律, article 25)."""

FloorPer = Literal["segment", "band"]


@dataclass(frozen=True)
class Rates:
    """The rates of one calendar year in tenths of a percent: the first month, and later (延滞金の割合)."""

    first_month: int
    later: int


@dataclass(frozen=True)
class Segment:
    """So many days at one rate, and the yen they make (計算の区間)."""

    is_first_month: bool
    days: int
    rate: int
    yen: int


@dataclass(frozen=True)
class LateInterest:
    """The interest in yen and how it came about (延滞金)."""

    yen: int
    segments: tuple[Segment, ...]


@cache
def rates() -> Mapping[int, Rates]:
    """The rates by calendar year (割合の表)."""
    path = STANDARDS / "fees" / "1" / "late_interest.csv"
    return {
        int(row["year"]): Rates(int(row["first_month_tenths_percent"]), int(row["later_tenths_percent"]))
        for row in rows(path)
    }


def end_of_first_month(due_on: date) -> date:
    """The last day of the month that begins the day after ``due_on`` (納期限の翌日から1月; Civil Code, article 143)."""
    start = due_on + timedelta(days=1)
    year, month = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    last = calendar.monthrange(year, month)[1]
    # Where the next month has no such day, the period ends with that month.
    return date(year, month, start.day) - timedelta(days=1) if start.day <= last else date(year, month, last)


def late_interest(principal: int, due_on: date, paid_on: date, *, floor_per: FloorPer = "segment") -> LateInterest:
    """Interest on ``principal`` yen due on ``due_on`` and paid on ``paid_on`` (延滞金の計算).

    The due day is the one in force, moved to a business day already. ``floor_per``: whether each calendar year within
    a band is cut to the yen, or the band as a whole; municipalities differ. Raises Refused for a year whose rate is
    not in the table, and for a negative principal.
    """
    if principal < 0:
        raise Refused("延滞金を計算する元金が負の額です。金額を確かめてください。", field="principal", code="invalid")
    base = principal // BASE_UNIT * BASE_UNIT
    if principal < SMALLEST_BASE or paid_on <= due_on:
        return LateInterest(0, ())
    stretches = list(_stretches(due_on, paid_on))
    segments = tuple(
        Segment(first, days, rate, base * rate * days // (1_000 * DAYS_OF_A_YEAR)) for first, days, rate in stretches
    )
    total = sum(_band_yen(base, band) for band in _bands(segments)) if floor_per == "band" else sum(
        segment.yen for segment in segments
    )  # fmt: skip
    return LateInterest(total // INTEREST_UNIT * INTEREST_UNIT if total >= SMALLEST_INTEREST else 0, segments)


def _stretches(due_on: date, paid_on: date) -> Iterator[tuple[bool, int, int]]:
    """Whether in the first month, days, rate: one for each calendar year of each band."""
    border, day = end_of_first_month(due_on), due_on + timedelta(days=1)
    while day <= paid_on:
        is_first = day <= border
        end = min(paid_on, date(day.year, 12, 31), border if is_first else paid_on)
        found = rates().get(day.year)
        if found is None:
            raise Refused(
                "%(year)d年の延滞金の割合が登録されていません。割合の表に加えてから計算してください。",
                field="paid_on", code="no_rate", year=day.year,
            )  # fmt: skip
        yield is_first, (end - day).days + 1, found.first_month if is_first else found.later
        day = end + timedelta(days=1)


def _bands(segments: tuple[Segment, ...]) -> Iterator[list[Segment]]:
    for _, band in groupby(segments, key=lambda segment: segment.is_first_month):
        yield list(band)


def _band_yen(base: int, band: list[Segment]) -> int:
    return sum(base * segment.rate * segment.days for segment in band) // (1_000 * DAYS_OF_A_YEAR)
