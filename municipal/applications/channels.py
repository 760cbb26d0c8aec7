"""Applications counted by procedure and by the way they came (経路別の集計)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import fmean, median
from typing import Any

from django.db.models import Min, Q

from municipal.core import clock

from .models import Case, Reception
from .rules.steps import DECISIONS, open_states

DECIDED = DECISIONS - {"return"} | {"refuse_form"}
"""Steps by which the office has answered; how long it took is counted up to the first of them."""


@dataclass
class Line:
    """Figures of one procedure by one way; days are whole days from arrival to the answer (集計の行)."""

    procedure: str
    channel: str
    count: int = 0
    open: int = 0
    typed: int = 0
    ticked: int = 0
    taken: int = 0
    days: list[int] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """How many were answered (決定の件数)."""
        return len(self.days)

    @property
    def mean_days(self) -> float | None:
        """The mean of the days; None where nothing was answered (平均日数)."""
        return fmean(self.days) if self.days else None

    @property
    def median_days(self) -> float | None:
        """The median of the days; None where nothing was answered (日数の中央値)."""
        return median(self.days) if self.days else None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.TOKYO)


def _arrivals(since: date | None, until: date | None) -> Iterator[Any]:
    rows = Case.objects.annotate(answered_at=Min("events__at", filter=Q(events__action__in=DECIDED)))
    if since is not None:
        rows = rows.filter(submitted_at__gte=_start(since))
    if until is not None:
        rows = rows.filter(submitted_at__lt=_start(until + timedelta(days=1)))
    yield from rows.values("procedure", "channel", "state", "submitted_at", "answered_at", "bundle").iterator()


def by_channel(since: date | None = None, until: date | None = None) -> list[Line]:
    """Cases that came within the days, by procedure and channel, in order of the procedure (経路別の集計).

    A case that staff took in counts from the day on which it arrived. What was typed is counted once a reception, at
    the first procedure of it.
    """
    lines = defaultdict[tuple[str, str], Line](lambda: Line("", ""))
    taken_in = {one.bundle_id: one for one in Reception.objects.exclude(handed_in_at=None)}
    counted = set[int]()
    for row in _arrivals(since, until):
        key = row["procedure"], row["channel"]
        line = lines[key]
        line.procedure, line.channel = key
        line.count += 1
        line.open += row["state"] in open_states()
        reception = taken_in.get(row["bundle"])
        arrived = reception.received_on if reception else _day(row["submitted_at"])
        if row["answered_at"] is not None:
            line.days.append((_day(row["answered_at"]) - arrived).days)
        if reception is not None and reception.pk not in counted:
            counted.add(reception.pk)
            for name in ("typed", "ticked", "taken"):
                setattr(line, name, getattr(line, name) + reception.counts.get(name, 0))
    return [lines[key] for key in sorted(lines)]


def _day(at: datetime) -> date:
    return at.astimezone(clock.TOKYO).date()
