"""The one clock of the system, in Japanese time (時計).

Nothing else may ask the machine for the time: processing dates other than today are forbidden
(resident-record/1.0#4.0.3), and the rule holds only if there is one place to ask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
"""The only time zone of Japan (日本標準時)."""

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """This moment, aware, in Japanese time (現在時刻)."""
    return _stopped.get() or datetime.now(TOKYO)


def today() -> date:
    """The civil date in Japan (今日)."""
    return now().date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Stop the clock of this thread or task at an aware moment; only for the generator of the made-up town
    and for tests (時計の停止).

    Stops may be nested: the outer moment returns when the inner one ends. New threads see the real time.
    Raises ``ValueError`` for a moment without a time zone.
    """
    if moment.utcoffset() is None:
        raise ValueError("A stopped clock needs a moment with a time zone.")
    token = _stopped.set(moment.astimezone(TOKYO))
    try:
        yield
    finally:
        _stopped.reset(token)
