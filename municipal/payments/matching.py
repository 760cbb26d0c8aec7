"""Which debt a report of money belongs to, and what it pays (消込の判断).

Reports are taken in the order of the file, against what is owed at that moment; nothing is written here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from municipal.municipalities.bulk import among

from .balances import of_charges
from .intake import Line
from .models import Account, Decision, Match, Report, Slip, Stage
from .moves import Move


@dataclass
class Finding:
    """What one report is found to be: the slip, the result, the moves to be booked (消込の案)."""

    line: Line
    match: Match
    slip: Slip | None = None
    moves: list[Move] = field(default_factory=list)
    takes_back: Report | None = None


@dataclass
class Now:
    """How a charge stands while a file is being matched, in yen (照合中の残高)."""

    owed: int
    over: int
    applied: int


@dataclass
class Known:
    """What the register holds on a file (照合の材料).

    Slips by number; how their charges stand; confirmed reports that still count, by channel, number and reference;
    how often slips were paid; reports of money for nobody that is spent.
    """

    slips: Mapping[str, Slip]
    charges: dict[int, Now]
    reports: dict[tuple[str, str, str], Report]
    paid: Counter[int]
    spent: set[int]


def known(lines: Sequence[Line]) -> Known:
    """Everything in the register that ``lines`` speak of, in four questions (照会)."""
    numbers = {line.number for line in lines}
    wanted = Slip.objects.filter(number__in=among(numbers, "text")).select_related("charge__assessment")
    slips = {slip.number: slip for slip in wanted.only("number", "yen", "charge__assessment__fiscal_year")}
    standings = of_charges({slip.charge_id for slip in slips.values()})
    charges = {pk: Now(one.outstanding, one.overpaid, one.applied) for pk, one in standings.items()}
    confirmed = Report.objects.filter(number__in=among(numbers, "text"), stage=Stage.CONFIRMED, posting__isnull=False)
    live = list(confirmed.filter(posting__reversals__isnull=True).select_related("posting", "slip"))
    reports = {(one.channel, one.number, one.reference): one for one in live}
    taken_back = {(line.channel, line.number, line.reference) for line in lines if line.stage == Stage.CANCELLED}
    gone = spent([one.pk for key, one in reports.items() if one.slip_id is None and key in taken_back])
    paid = Counter(one.slip_id for one in live if one.slip_id is not None)
    return Known(slips, charges, reports, paid, gone)


def spent(for_nobody: Collection[int]) -> set[int]:
    """Those reports of money for nobody (ids) whose owner was found or that was sent back (処理済みの仮受金)."""
    if not for_nobody:
        return set()
    standing = Decision.objects.filter(report__in=for_nobody, posting__isnull=False, posting__reversals__isnull=True)
    return set(standing.values_list("report", flat=True))


def find(lines: Iterable[Line], now: Known) -> list[Finding]:
    """What each report is, in order (照合)."""
    found = {Stage.CONFIRMED: _confirmed, Stage.CANCELLED: _cancelled, Stage.PROVISIONAL: _provisional}
    return [found[Stage(line.stage)](line, now) for line in lines]


def _provisional(line: Line, now: Known) -> Finding:
    """Not final: noted, so that the payer can be told, and nothing booked."""
    slip = now.slips.get(line.number)
    return Finding(line, Match.NOTED if slip else Match.UNKNOWN, slip)


def _confirmed(line: Line, now: Known) -> Finding:
    slip = now.slips.get(line.number)
    if slip is None:
        return Finding(line, Match.UNKNOWN, None, [Move(Account.IN_TRANSIT, Account.SUSPENSE, line.yen)])
    charge, standing = slip.charge, now.charges[slip.charge_id]
    applied = min(line.yen, standing.owed)
    if now.paid[slip.pk] or (line.yen == slip.yen and applied < line.yen):
        # The second case: the right amount, but the charge was paid by another slip or in another way.
        match = Match.TWICE
    else:
        match = Match.MATCHED if line.yen == slip.yen else Match.DIFFERS
    over = line.yen - applied
    standing.owed, standing.applied, standing.over = (
        standing.owed - applied, standing.applied + applied, standing.over + over,
    )  # fmt: skip
    now.paid[slip.pk] += 1
    moves = [
        Move(Account.IN_TRANSIT, Account.RECEIVABLE, applied, charge),
        Move(Account.IN_TRANSIT, Account.OVERPAID, over, charge),
    ]
    return Finding(line, match, slip, moves)


def _cancelled(line: Line, now: Known) -> Finding:
    """Taken back before it was final: nothing was booked. If it was booked all the same, the money is booked back.

    It comes out of what is over first, then out of what was paid. Where neither is there any more, because it was
    refunded or applied elsewhere, a clerk must deal with it: nothing is booked.
    """
    slip = now.slips.get(line.number)
    booked = now.reports.pop((line.channel, line.number, line.reference), None)
    if booked is None:
        return Finding(line, Match.NOTED if slip else Match.UNKNOWN, slip)
    if booked.slip is None:
        if booked.pk in now.spent:
            return Finding(line, Match.CONTESTED, slip)
        return Finding(line, Match.NOTED, slip, [Move(Account.SUSPENSE, Account.IN_TRANSIT, booked.yen)], booked)
    charge, standing = booked.slip.charge, now.charges[booked.slip.charge_id]
    over = min(booked.yen, standing.over)
    paid = booked.yen - over
    if paid > standing.applied:
        return Finding(line, Match.CONTESTED, slip)
    standing.owed, standing.applied, standing.over = (
        standing.owed + paid, standing.applied - paid, standing.over - over,
    )  # fmt: skip
    now.paid[booked.slip.pk] -= 1
    moves = [
        Move(Account.OVERPAID, Account.IN_TRANSIT, over, charge),
        Move(Account.RECEIVABLE, Account.IN_TRANSIT, paid, charge),
    ]
    return Finding(line, Match.NOTED, slip, moves, booked)
