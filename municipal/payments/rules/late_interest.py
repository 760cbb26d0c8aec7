"""Interest on what is paid late (延滞金; Local Tax Act, articles 326, 369, supplementary article 3-2).

Part payments lower what interest is reckoned on from the day after them. Which comes first, principal or interest, is
decided by the class of the claim.
"""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

from municipal.core.refusals import Refused

from .accrual import (
    DAYS_OF_A_YEAR,
    Rates,
    Scheme,
    Segment,
    Stretch,
    rates_of,
    schemes,
    segments,
    stretches_between,
    total,
)
from .allocation import COSTS_FIRST, PRINCIPAL_FIRST

FloorPer = Literal["segment", "band"]


@dataclass(frozen=True)
class Payment:
    """Yen that were paid on a day; negative where they were taken back (納付)."""

    paid_on: date
    yen: int


@dataclass(frozen=True)
class LateInterest:
    """The interest in yen and how it came about (延滞金).

    ``paid_yen``: how much of it the payments themselves paid, where interest comes before the principal.
    """

    yen: int
    segments: tuple[Segment, ...]
    paid_yen: int = 0


def rates() -> Mapping[int, Rates]:
    """The rates of taxes by calendar year (割合の表)."""
    return rates_of("late_interest")


def end_of_first_month(due_on: date) -> date:
    """The last day of the month that begins the day after ``due_on`` (納期限の翌日から1月; Civil Code, article 143)."""
    start = due_on + timedelta(days=1)
    year, month = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    last = calendar.monthrange(year, month)[1]
    # Where the next month has no such day, the period ends with that month.
    return date(year, month, start.day) - timedelta(days=1) if start.day <= last else date(year, month, last)


def late_interest(principal: int, due_on: date, paid_on: date, *, floor_per: FloorPer = "segment") -> LateInterest:
    """Interest of a tax of ``principal`` yen due on ``due_on`` and paid at once on ``paid_on`` (延滞金の計算).

    See ``interest_until``.
    """
    return interest_until(paid_on, principal, due_on, [], schemes()["late_interest"], floor_per=floor_per)


def interest_until(
    until: date, principal: int, due_on: date, payments: Sequence[Payment], scheme: Scheme, *,
    order: str = PRINCIPAL_FIRST, floor_per: FloorPer = "segment",
) -> LateInterest:  # fmt: skip
    """Interest up to ``until`` on what was unpaid of ``principal`` day by day (一部納付があるときの延滞金).

    The due day is the one in force, moved to a business day already; a payment counts from the day after it.
    ``floor_per``: whether each calendar year within a band is cut to the yen, or the band as a whole; municipalities
    differ. Raises Refused for a year whose rate is not in the table, and for a negative principal.
    """
    if principal < 0:
        raise Refused("延滞金を計算する元金が負の額です。金額を確かめてください。", field="principal", code="invalid")
    # With a rate that never changes there are no bands.
    border = None if scheme.is_fixed_at_start else end_of_first_month(due_on)
    found: list[Stretch] = []
    paid_yen, spans = 0, stretches_between(due_on + timedelta(days=1), until, [one.paid_on for one in payments])
    for begin, end in spans:
        found.append(Stretch(begin, end, max(principal - _paid(payments, begin) + paid_yen, 0)))
        if order == COSTS_FIRST:
            came = sum(one.yen for one in payments if one.paid_on == end)
            accrued = total(segments(found, scheme, first_month_ends=border))
            paid_yen = max(min(paid_yen + came, accrued), 0)
    parts = segments(found, scheme, first_month_ends=border)
    made = sum(_band_yen(band) for band in _bands(parts)) if floor_per == "band" else total(parts)
    return LateInterest(scheme.whole(made), tuple(parts), paid_yen)


def _paid(payments: Sequence[Payment], before: date) -> int:
    return sum(one.yen for one in payments if one.paid_on < before)


def _bands(parts: Sequence[Segment]) -> Iterator[list[Segment]]:
    for _, band in groupby(parts, key=lambda segment: segment.is_first_month):
        yield list(band)


def _band_yen(band: list[Segment]) -> int:
    return sum(segment.base * segment.rate * segment.days for segment in band) // (1_000 * DAYS_OF_A_YEAR)
