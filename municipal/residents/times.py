"""The two times an inquiry asks about (照会の時点; resident-record/1.0#2.2.1)."""

from datetime import date, datetime, time, timedelta

from municipal.core import clock

INSTANT = timedelta(microseconds=1)
"""The smallest step between two moments of recorded time."""


def valid_day(day: date | None) -> date:
    """The day asked about, today if none is named."""
    return day or clock.today()


def end_of(day: date | None) -> datetime:
    """The last moment of a day of knowledge; now if none is named."""
    if day is None or day == date.max:
        return clock.now()
    return datetime.combine(day + timedelta(days=1), time(), clock.TOKYO) - timedelta(microseconds=1)
