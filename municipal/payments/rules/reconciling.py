"""Which days' reports a transfer of a channel pays, by amount and day, and what is left over (照合の規則).

A channel pays several days at once and names none of them. What adds up is paired; what does not is left and shown,
never made to fit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Day:
    """What a channel reported as paid on one day (収納日ごとの通知)."""

    on: date
    count: int
    yen: int


@dataclass(frozen=True)
class Credit:
    """What a channel transferred, and when it was on the account (入金)."""

    reference: str
    on: date
    yen: int


@dataclass(frozen=True)
class Pair:
    """A transfer and the days that add up to it (一致した組)."""

    credit: Credit
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Pairing:
    """The pairs, the days without a transfer, the transfers without days (照合の結果)."""

    pairs: tuple[Pair, ...]
    days: tuple[Day, ...]
    credits: tuple[Credit, ...]

    @property
    def rest(self) -> int:
        """Yen reported and not paired, less yen transferred and not paired (差引き)."""
        return sum(day.yen for day in self.days) - sum(credit.yen for credit in self.credits)


def pair(days: Sequence[Day], credits: Sequence[Credit]) -> Pairing:
    """Each transfer, in the order of its day, with the earliest unbroken run of open days that makes its yen (照合).

    The days of a run lie before or on the day of the transfer and have no open day between them.
    """
    open_days, pairs, left = sorted(days, key=lambda day: day.on), [], []
    for credit in sorted(credits, key=lambda one: (one.on, one.reference)):
        run = _run(open_days, credit, credit.yen)
        if run is None:
            left.append(credit)
        else:
            pairs.append(Pair(credit, tuple(open_days[run])))
            del open_days[run]
    return Pairing(tuple(pairs), tuple(open_days), tuple(left))


def _run(days: Sequence[Day], credit: Credit, yen: int) -> slice | None:
    until = sum(day.on <= credit.on for day in days)
    for start in range(until):
        total = 0
        for end in range(start, until):
            total += days[end].yen
            if total == yen:
                return slice(start, end + 1)
            if total > yen:
                break
    return None


def short_by_one(left: Pairing, amounts: Mapping[date, Collection[int]]) -> dict[str, tuple[int, date]]:
    """Transfers that would add up but for one single report: its yen and its day, by reference (1件の相違).

    ``amounts``: the yen of the reports of the days that are left. Only a hint: the report is likely missing in the
    transfer, because it was taken back, or is paid with the next one.
    """
    found = {credit.reference: _without_one(left.days, credit, amounts) for credit in left.credits}
    return {reference: hint for reference, hint in found.items() if hint is not None}


def _without_one(
    days: Sequence[Day], credit: Credit, amounts: Mapping[date, Collection[int]]
) -> tuple[int, date] | None:
    biggest = max((yen for of_day in amounts.values() for yen in of_day), default=0)
    until = sum(day.on <= credit.on for day in days)
    for start in range(until):
        over = -credit.yen
        for end in range(start, until):
            over += days[end].yen
            if over > biggest:
                break
            for day in days[start : end + 1]:
                if over in amounts.get(day.on, ()):
                    return over, day.on
    return None
