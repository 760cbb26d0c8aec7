"""Which debt a report of money belongs to, and what it pays (消込の判断).

Reports are taken in the order of the file, against what is owed at that moment; nothing is written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .balances import of_charges
from .intake import Line
from .models import Account, Match, Report, Slip, Stage
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
class Known:
    """What the register holds on a file (照合の材料): slips by number, yen still owed, reports, slips once paid."""

    slips: Mapping[str, Slip]
    owed: dict[int, int]
    reports: Mapping[tuple[str, str, str], Report]
    paid: set[int]


def known(lines: Sequence[Line]) -> Known:
    """Everything in the register that ``lines`` speak of, in three questions (照会)."""
    numbers = {line.number for line in lines}
    slips = {slip.number: slip for slip in Slip.objects.filter(number__in=numbers).select_related("charge__assessment")}
    owed = {pk: one.outstanding for pk, one in of_charges({slip.charge_id for slip in slips.values()}).items()}
    confirmed = Report.objects.filter(number__in=numbers, stage=Stage.CONFIRMED, posting__isnull=False)
    live = list(confirmed.filter(posting__reversals__isnull=True).select_related("posting", "slip"))
    reports = {(one.channel, one.number, one.reference): one for one in live}
    return Known(slips, owed, reports, {one.slip_id for one in live if one.slip_id is not None})


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
    charge = slip.charge
    match = Match.TWICE if slip.pk in now.paid else Match.MATCHED if line.yen == slip.yen else Match.DIFFERS
    applied = min(line.yen, now.owed[charge.pk])
    now.owed[charge.pk] -= applied
    now.paid.add(slip.pk)
    moves = [
        Move(Account.IN_TRANSIT, Account.RECEIVABLE, applied, charge),
        Move(Account.IN_TRANSIT, Account.OVERPAID, line.yen - applied, charge),
    ]
    if applied < line.yen and match == Match.MATCHED:
        # The right amount, but somebody paid the charge already by another slip or way.
        match = Match.TWICE
    return Finding(line, match, slip, moves)


def _cancelled(line: Line, now: Known) -> Finding:
    """Taken back before it was final: nothing was booked. If it was booked all the same, the booking is reversed."""
    slip = now.slips.get(line.number)
    booked = now.reports.get((line.channel, line.number, line.reference))
    return Finding(line, Match.NOTED if slip else Match.UNKNOWN, slip, takes_back=booked)
