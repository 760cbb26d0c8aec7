"""The table of a fiscal year, on the page and as a file (決算の表の画面)."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from municipal.core import clock
from municipal.core.eras import wareki_fiscal_year
from municipal.identity.access import needs
from municipal.office.exports import sheet
from municipal.payments.fees import fees
from municipal.payments.models import Assessment
from municipal.payments.rules.instalments import fiscal_year
from municipal.payments.settlement_table import (
    CARRIED,
    COLUMNS,
    CURRENT,
    Line,
    compared,
    settlement,
    tenths_of_percent,
    total,
    written,
)
from municipal.payments.years import years
from municipal.web.forms.arrears import YearForm
from municipal.web.money_words import fee_name

from .downloads import download

PARTS = {False: _("現年課税分"), True: _("滞納繰越分")}


def _year(request: HttpRequest) -> int:
    """The year asked for; this one where none or a strange one is."""
    said = request.GET.get("year", "")
    is_year = said.isascii() and said.isdigit() and len(said) == 4
    return int(said) if is_year and 1950 <= int(said) <= 2200 else fiscal_year(clock.today())


@needs("payments.view")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Charged, received, lost, owed: by fee, of the year itself and carried over (決算の表)."""
    year = _year(request)
    lines, before = settlement(year), settlement(year - 1)
    ratios = compared(lines, before)
    known = Assessment.objects.values_list("fiscal_year", flat=True).distinct()
    choices = sorted({*known, fiscal_year(clock.today())}, reverse=True)
    context = {
        "year": year, "year_name": wareki_fiscal_year(year), "is_closed": years().is_closed(year),
        "form": YearForm(choices, initial={"year": str(year)}),
        "rows": [_row(line, fee_name(line.fee), ratios[line.fee, line.is_carried_over]) for line in lines],
        "totals": [_total(lines, before, part) for part in (False, True, None)] if lines else [],
        "expenditure": f"{total(lines).expenditure:,}",
        "broken": [fee_name(line.fee) for line in lines if not line.is_consistent],
    }  # fmt: skip
    return render(request, "arrears/settlement.html", context)


def _total(lines: list[Line], before: list[Line], part: bool | None) -> dict[str, Any]:
    now, then = total(lines, is_carried_over=part), total(before, is_carried_over=part)
    found = _row(now, gettext("合計"), tenths_of_percent(now.income, then.income))
    return found | {"part": gettext(PARTS[part]) if part is not None else gettext("全体")}


def _row(line: Line, name: str, ratio: int | None) -> dict[str, Any]:
    yen = ("adjusted", "income", "written_off", "unpaid", "refundable")
    return {
        "fee": name, "part": gettext(PARTS[line.is_carried_over]), "rate": written(line.rate),
        "compared": written(ratio), **{one: f"{getattr(line, one):,}" for one in yen},
    }  # fmt: skip


@needs("payments.view")
@require_safe
def table_csv(request: HttpRequest) -> HttpResponse:
    """The same table in the shape of a city's open data, with the two columns that make it add up (決算の表の出力)."""
    year = _year(request)
    lines = settlement(year)
    ratios = compared(lines, settlement(year - 1))
    return download(sheet([COLUMNS, *_cells(year, lines, ratios)]), f"settlement-{year}.csv")


def _cells(
    year: int, lines: list[Line], ratios: dict[tuple[str, bool], int | None]
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    for line in lines:
        item = fees().get(line.fee)
        name, _bracket, content = (item.name_ja if item else line.fee).partition("（")
        heads = wareki_fiscal_year(year), name, content.removesuffix("）") or "－"
        yen = line.adjusted, line.income, line.written_off, line.unpaid
        ratio = ratios[line.fee, line.is_carried_over]
        rates = ["" if one is None else written(one) for one in (line.rate, ratio)]
        part = CARRIED if line.is_carried_over else CURRENT
        yield *heads, part, *yen, *rates, line.refundable, line.expenditure
