"""Interest that the town owes on what it pays back (還付加算金; Local Tax Act, article 17-4).

From which day it runs depends on why too much was paid; the causes stand in ``standards/fees/1/refund_causes.csv``.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from municipal.core.codes import rows
from municipal.core.refusals import Refused

from .accrual import FOLDER, Segment, Stretch, schemes, segments, stretches_between, total

OWN_DECISION, MISTAKE = "own_decision", "mistake"


@dataclass(frozen=True)
class Cause:
    """Why too much was paid, and from when interest runs (過誤納の理由)."""

    code: str
    name_ja: str
    name_en: str
    starts: str
    status: str


@dataclass(frozen=True)
class Piece:
    """Yen paid too much by one payment; ``over_on``: the day on which they became too much (過誤納の内訳)."""

    yen: int
    paid_on: date
    over_on: date
    cause: str


@dataclass(frozen=True)
class RefundInterest:
    """The interest in yen and how it came about (還付加算金)."""

    yen: int
    segments: tuple[Segment, ...]


@cache
def causes() -> Mapping[str, Cause]:
    """Every cause by its code (過誤納の理由の一覧)."""
    return {
        row["code"]: Cause(row["code"], row["name_ja"], row["name_en"], row["starts"], row["status"])
        for row in rows(FOLDER / "refund_causes.csv")
    }


def begins_on(piece: Piece) -> date:
    """The first day on which interest runs (還付加算金の始期). Raises Refused for a cause that is not in the list."""
    cause = causes().get(piece.cause)
    if cause is None:
        raise Refused("過誤納の理由を一覧から選んでください。", field="cause", code="no_such_choice")
    day = {
        "day_after_payment": piece.paid_on,
        "month_after_payment": _month_after(piece.paid_on),
        "month_after_decision": max(_month_after(piece.over_on), piece.paid_on),
    }[cause.starts]
    return day + timedelta(days=1)


def refund_interest(pieces: Sequence[Piece], until: date) -> RefundInterest:
    """Interest up to ``until``, the day of the decision to pay back or of the application (還付加算金の計算).

    Each piece counts from its own first day; the base is what they make together on a day. Raises Refused for a year
    whose rate is not in the table.
    """
    starts = [(begins_on(piece), piece.yen) for piece in pieces]
    first = min((day for day, _ in starts), default=until + timedelta(days=1))
    spans = stretches_between(first, until, [day - timedelta(days=1) for day, _ in starts])
    found = [Stretch(begin, end, sum(yen for day, yen in starts if day <= begin)) for begin, end in spans]
    parts = segments(found, schemes()["refund"])
    return RefundInterest(schemes()["refund"].whole(total(parts)), tuple(parts))


def _month_after(day: date) -> date:
    """The day on which one month has passed since the day after ``day`` (1月を経過する日; Civil Code, article 143)."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
