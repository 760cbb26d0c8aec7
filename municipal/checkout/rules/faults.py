"""What a simulated channel reports of one payment, and when, with each fault (模擬チャネルの不具合)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from .states import Kind

AT_ONCE, NEXT_DAY = timedelta(0), timedelta(days=1)


class Fault(StrEnum):
    """How a channel misbehaves (不具合)."""

    NONE = "none"
    LATE = "late"
    TWICE = "twice"
    DISORDER = "disorder"
    LOST = "lost"
    AMOUNT = "amount"
    SHORT = "short"
    REVERSED = "reversed"
    NUMBER = "number"


@dataclass(frozen=True)
class Told:
    """One thing that the channel reports, so long after the payment, so often (報告)."""

    kind: Kind
    after: timedelta
    yen: int
    number: str
    times: int = 1


def told_of(fault: Fault, number: str, yen: int) -> Sequence[Told]:
    """Everything the channel reports of ``yen`` paid for ``number``, in the order of the clock (報告の予定)."""

    def one(kind: Kind, after: timedelta, times: int = 1, *, of: int = yen, under: str = number) -> Told:
        return Told(kind, after, of, under, times)

    taken, certain = one(Kind.SUCCESS, AT_ONCE), one(Kind.CAPTURED, NEXT_DAY)
    return {
        Fault.NONE: (taken, certain),
        Fault.LATE: (one(Kind.SUCCESS, timedelta(hours=2)), one(Kind.CAPTURED, timedelta(days=5))),
        Fault.TWICE: (one(Kind.SUCCESS, AT_ONCE, 2), one(Kind.CAPTURED, NEXT_DAY, 2)),
        Fault.DISORDER: (one(Kind.CAPTURED, AT_ONCE), one(Kind.SUCCESS, NEXT_DAY)),
        # The first report never arrives; the channel tells it again after an hour.
        Fault.LOST: (one(Kind.SUCCESS, timedelta(hours=1)), certain),
        Fault.AMOUNT: (taken, one(Kind.CAPTURED, NEXT_DAY, of=yen + 100)),
        Fault.SHORT: (taken, one(Kind.CAPTURED, NEXT_DAY, of=max(yen // 2, 1))),
        Fault.REVERSED: (taken, one(Kind.REVERSED, timedelta(minutes=30))),
        Fault.NUMBER: tuple(one(told.kind, told.after, under=_mistyped(number)) for told in (taken, certain)),
    }[fault]


def _mistyped(number: str) -> str:
    """A number that no slip has: the series never comes to begin with a nine."""
    return "9" + number[1:]
