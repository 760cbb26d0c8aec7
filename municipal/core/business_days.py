"""The days on which a municipal office is open, and deadlines counted by them (開庁日).

Closed are Saturdays, Sundays, national holidays and 29 December to 3 January (地方自治法 article 4-2), and
the days a municipality adds by its own ordinance, which callers pass as ``closed``. National holidays are
known from 1949 to 2099; equinoxes of years to come are computed and become law in the February before.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

_ONE_DAY = timedelta(days=1)


@cache
def _national_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("JP", years=year))


def is_business_day(day: date, closed: Collection[date] = ()) -> bool:
    """Whether the office is open on this day (開庁日か)."""
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    weekend = day.isoweekday() >= 6
    return not (weekend or turn_of_year or day in closed or day in _national_holidays(day.year))


def next_business_day(day: date, closed: Collection[date] = ()) -> date:
    """The day itself when the office is open, else the first open day after it (直近の開庁日)."""
    while not is_business_day(day, closed):
        day += _ONE_DAY
    return day


def add_business_days(day: date, count: int, closed: Collection[date] = ()) -> date:
    """The ``count``-th open day after a day; 0 gives ``next_business_day`` (開庁日の加算).

    Raises ``ValueError`` for a negative count.
    """
    if count < 0:
        raise ValueError("Business days are counted forward only.")
    day = day if count else next_business_day(day, closed)
    for _ in range(count):
        day = next_business_day(day + _ONE_DAY, closed)
    return day


def deadline(start: date, days: int, closed: Collection[date] = ()) -> date:
    """The last day for an act due within ``days`` days of ``start``, as "within 14 days" (届出期限).

    The first day does not count (Civil Code article 140); if the last one is a day when the office is closed,
    the next open day takes its place (地方自治法 article 4-2, paragraph 4).
    """
    return next_business_day(start + timedelta(days=days), closed)
