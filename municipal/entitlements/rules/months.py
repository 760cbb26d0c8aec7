"""Beginnings and ends of months, which most entitlements follow (月の初日と末日)."""

from calendar import monthrange
from datetime import date


def first_of(day: date) -> date:
    """The first day of the month of ``day`` (月の初日)."""
    return day.replace(day=1)


def last_of(day: date) -> date:
    """The last day of the month of ``day``, leap years too (月の末日)."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_on(day: date, count: int) -> date:
    """The first day of the month ``count`` months after that of ``day`` (数か月後の月の初日)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, 1)
