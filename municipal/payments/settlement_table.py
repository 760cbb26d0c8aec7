"""A fiscal year of a town by fee, of the year itself and carried over: charged, received, lost, owed (決算の表).

The shape is that of a city's open data. Charged = received + written off + owed - not yet refunded, line by line.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from .arrivals import MONEY
from .fees import fees
from .models import Account, PostingKind, Transfer

COLUMNS = (
    "year", "taxItem", "taxItemContents", "carryoverClassification", "adjustedAmount", "incomeAmount",
    "nonPaymentDeficit", "unpaidIncome", "incomeRate", "comparedToThePreviousYear", "refundable", "refundExpenditure",
)  # fmt: skip
"""Those of the city's table, and two of ours: without them its lines do not add up."""

CURRENT, CARRIED = "現年課税分", "滞納繰越分"

_USING = [PostingKind.REFUND, PostingKind.APPLY]
USING = Q(posting__kind__in=_USING) | Q(posting__reverses__kind__in=_USING)
"""Postings by which an over-payment goes out or pays another debt, or by which that is undone."""


@dataclass(frozen=True)
class Line:
    """One line of the table, in yen (決算の行).

    ``income`` holds what was paid too much and is not refunded yet, which is ``refundable``. ``expenditure``: what was
    given back this year of the income of years before.
    """

    fee: str
    is_carried_over: bool
    adjusted: int = 0
    income: int = 0
    written_off: int = 0
    unpaid: int = 0
    refundable: int = 0
    expenditure: int = 0

    @property
    def is_consistent(self) -> bool:
        """Whether the line adds up."""
        return self.adjusted == self.income + self.written_off + self.unpaid - self.refundable

    @property
    def rate(self) -> int | None:
        """Income by amount charged in tenths of a percent, half up; None of nothing (収入歩合)."""
        return tenths_of_percent(self.income, self.adjusted)

    def __add__(self, other: "Line") -> "Line":
        return Line(
            self.fee, self.is_carried_over, self.adjusted + other.adjusted, self.income + other.income,
            self.written_off + other.written_off, self.unpaid + other.unpaid, self.refundable + other.refundable,
            self.expenditure + other.expenditure,
        )  # fmt: skip


def tenths_of_percent(part: int, whole: int) -> int | None:
    """``part`` by ``whole`` in tenths of a percent, half up (比率)."""
    return (part * 2_000 + whole) // (2 * whole) if whole else None


def settlement(year: int) -> list[Line]:
    """The lines of a fiscal year, in the order of the fees, current before carried over (決算の集計).

    Derived from the postings of that year and of those before.
    """
    found: dict[tuple[str, bool], Line] = {}
    for row in _rows(year):
        key = row["charge__assessment__fee"], row["charge__assessment__fiscal_year"] < year
        line = _line(row, *key)
        found[key] = found[key] + line if key in found else line
    order = {code: at for at, code in enumerate(fees())}
    return [found[key] for key in sorted(found, key=lambda key: (order.get(key[0], len(order)), key[1]))]


def _line(row: dict[str, Any], fee: str, is_carried_over: bool) -> Line:
    """One charge. What was over at the beginning of the year goes out first, and is expenditure of this year."""
    used = row["over_used"]
    of_years_before = row["over_before"] + row["expended"]
    over_now = row["over_before"] + row["over_made"] - used
    refundable = over_now - max(of_years_before - used, 0)
    return Line(
        fee, is_carried_over,
        adjusted=row["owed_before"] + row["charged"],
        income=row["applied"] + row["expended"] + refundable,
        written_off=row["written_off"],
        unpaid=row["owed_before"] + row["owed"],
        refundable=refundable,
        expenditure=min(of_years_before, used),
    )  # fmt: skip


def _rows(year: int) -> Iterator[dict[str, Any]]:
    """Yen by charge: what stood before the year, what moved in it."""
    keys = ("charge", "charge__assessment__fee", "charge__assessment__fiscal_year")
    found: QuerySet[Any, Any] = Transfer.objects.filter(
        charge__isnull=False, charge__assessment__fiscal_year__lte=year, posting__fiscal_year__lte=year
    )
    before, now = Q(posting__fiscal_year__lt=year), Q(posting__fiscal_year=year)
    debt, over = Account.RECEIVABLE, Account.OVERPAID
    by_expenditure = Q(debit=Account.REFUND_EXPENDITURE, credit=debt)
    figures = {
        "owed_before": _sum(before & Q(debit=debt), before & Q(credit=debt)),
        "owed": _sum(now & Q(debit=debt), now & Q(credit=debt)),
        "charged": _sum(
            now & Q(debit=debt, credit=Account.REVENUE), now & Q(debit=Account.REVENUE, credit=debt)
        ),
        "applied": _sum(now & Q(debit__in=MONEY, credit=debt), now & Q(debit=debt, credit__in=MONEY)),
        "written_off": _sum(
            now & Q(debit=Account.WRITTEN_OFF, credit=debt), now & Q(debit=debt, credit=Account.WRITTEN_OFF)
        ),
        "expended": _sum(
            now & by_expenditure, now & Q(debit=debt, credit=Account.REFUND_EXPENDITURE)
        ),
        "over_before": _sum(before & Q(credit=over), before & Q(debit=over)),
        "over_used": _sum(now & USING & Q(debit=over), now & USING & Q(credit=over)),
        "over_made": _sum(now & ~USING & Q(credit=over), now & ~Q(USING) & Q(debit=over)),
    }  # fmt: skip
    yield from found.values(*keys).annotate(**figures).order_by("charge")


def _sum(plus: Q, minus: Q) -> Any:
    return Coalesce(Sum(Case(When(plus, then=F("yen")), When(minus, then=-F("yen")), default=0)), 0)


def total(lines: Iterable[Line], *, is_carried_over: bool | None = None) -> Line:
    """All lines together, or only the current or the carried over (合計)."""
    sums = Line("", bool(is_carried_over))
    for line in lines:
        if is_carried_over in (None, line.is_carried_over):
            sums = sums + line
    return sums


def compared(lines: Iterable[Line], before: Iterable[Line]) -> dict[tuple[str, bool], int | None]:
    """The income of each line by that of the year before, in tenths of a percent (前年度比)."""
    then: dict[tuple[str, bool], int] = defaultdict(int)
    for line in before:
        then[line.fee, line.is_carried_over] += line.income
    return {
        (line.fee, line.is_carried_over): tenths_of_percent(line.income, then[line.fee, line.is_carried_over])
        for line in lines
    }


def written(tenths: int | None) -> str:
    """A rate as the table prints it (比率の表記)."""
    if tenths is None:
        return "-"
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"
