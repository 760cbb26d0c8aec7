"""By which day something is due, as the law counts days and months (期限の計算)."""

import calendar
from collections.abc import Collection
from datetime import date, timedelta

from municipal.core.business_days import is_business_day, next_business_day

from .catalogue import Deadline

_ONE_DAY = timedelta(days=1)


def due_on(deadline: Deadline, day: date, closed: Collection[date] = ()) -> date:
    """The last day for an act that belongs to ``day``; for one that comes before, the last day that is early enough.

    The first day does not count unless the law says so (Civil Code article 140). A closed office moves the day: after
    it for what comes after, before it for what must come before (期限の日).
    """
    last = _before(deadline, day) if deadline.is_before else _after(deadline, day)
    if not deadline.rolls:
        return last
    if not deadline.is_before:
        return next_business_day(last, closed)
    while not is_business_day(last, closed):
        last -= _ONE_DAY
    return last


def _after(deadline: Deadline, day: date) -> date:
    first = day if deadline.first_day_counts else day + _ONE_DAY
    if deadline.months:
        return _month_later(first, deadline.months)
    return first + timedelta(days=deadline.days) - _ONE_DAY


def _month_later(first: date, months: int) -> date:
    """The day before the one with the same number; where the month has none, its last (Civil Code article 143)."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    if first.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, first.day) - _ONE_DAY


def _before(deadline: Deadline, day: date) -> date:
    if not deadline.months:
        return day - timedelta(days=deadline.days)
    year, month = divmod(day.year * 12 + day.month - 1 - deadline.months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
