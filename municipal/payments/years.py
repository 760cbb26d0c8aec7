"""Which fiscal year's money it is, by the law, the town's settings and the years that are closed (収入の会計年度)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from municipal.core import clock

from .models import MoneySettings, Transfer, YearBy, YearClosing
from .rules.instalments import year_of_money


@dataclass(frozen=True)
class Years:
    """What decides the year of the open town's money: the last closed year, the day that counts (年度の決め方)."""

    closed: int | None
    by: YearBy

    def of_collection(self, levied: int, paid_on: date, credited_on: date | None) -> int:
        """The year of money for a claim of year ``levied``, reported today (収納の会計年度).

        A town that goes by the day of the credit, told of none, goes by today: the money is not there before.
        """
        day = paid_on if self.by == YearBy.PAID else credited_on or clock.today()
        return year_of_money(levied, day, closed=self.closed)

    def of_act(self, levied: int) -> int:
        """The year in which something is done today about a claim or money of year ``levied`` (処理の会計年度)."""
        return year_of_money(levied, clock.today(), closed=self.closed)

    def is_closed(self, year: int) -> bool:
        """Whether the books of ``year`` are closed (閉鎖した会計年度か)."""
        return self.closed is not None and year <= self.closed

    def open_year(self, year: int) -> int:
        """``year`` while its books are open, else the first that is (開いている会計年度)."""
        return year if self.closed is None else max(year, self.closed + 1)


def years() -> Years:
    """How the open town decides today (年度の決め方の照会)."""
    closed = YearClosing.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).first()
    chosen = MoneySettings.objects.values_list("year_by", flat=True).first()
    return Years(closed, YearBy(chosen or YearBy.PAID))


def figures_of(year: int) -> list[dict[str, Any]]:
    """What the postings of a fiscal year moved: yen by fee, year of the claim and accounts (年度の計数).

    A claim of an earlier year is arrears carried over. Money for nobody has no fee and no year.
    """
    keys = ("charge__assessment__fee", "charge__assessment__fiscal_year", "debit", "credit")
    found = Transfer.objects.filter(posting__fiscal_year=year).values_list(*keys).annotate(Sum("yen"))
    return [
        {"fee": fee, "claim_year": claimed, "debit": debit, "credit": credit, "yen": int(yen)}
        for fee, claimed, debit, credit, yen in found.order_by(*keys)
    ]
