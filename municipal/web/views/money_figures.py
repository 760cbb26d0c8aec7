"""What came in and what is owed, as charts with their tables and files (公金の集計とグラフの画面)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year, wareki_month
from municipal.identity.access import needs
from municipal.payments import exports
from municipal.payments.balances import by_fee
from municipal.payments.dashboard import by_channel, by_day
from municipal.statistics import charts
from municipal.web.forms.money import MonthOfMoneyForm
from municipal.web.money_words import called, fee_name

from .downloads import download

FILES = {"days": exports.days, "channels": exports.channels, "fees": exports.by_item}


def _drawn(svg: str) -> str:
    return mark_safe(svg)  # noqa: S308  (drawn by our own module, every text escaped)


@needs("payments.view")
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """A month by day and by channel, and every fee and year as it stands (公金の集計)."""
    form = MonthOfMoneyForm(request.GET if "month" in request.GET else {"month": f"{clock.today():%Y-%m}"})
    is_wrong = not form.is_valid()
    first, last = _month(form)
    context = {
        "form": form, "month": wareki_month(first), "query": f"{first:%Y-%m}", **_days(first, last),
        **_channels(first, last), **_fees(),
    }  # fmt: skip
    return render(request, "money/figures.html", context, status=422 if is_wrong else 200)


def _month(form: MonthOfMoneyForm) -> tuple[date, date]:
    first = form.first()
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _days(first: date, last: date) -> dict[str, Any]:
    found = by_day(first, last)
    every = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    columns = [charts.Column(str(day.day), found.get(day, 0)) for day in every]
    return {
        "days": [{"day": wareki(day), "yen": f"{yen:,}"} for day, yen in found.items()],
        "days_total": f"{sum(found.values()):,}",
        "days_chart": _drawn(charts.columns(columns, title=gettext("日別の収納額（円）"), chart_id="days")),
    }


def _channels(first: date, last: date) -> dict[str, Any]:
    found = by_channel(first, last)
    names = {name: called(name) for name in found}
    rows = [charts.Share(names[name], (yen,)) for name, (_, yen) in found.items()]
    title = gettext("チャネル別の収納額（円）")
    return {
        "channels": [
            {"name": names[name], "count": f"{count:,}", "yen": f"{yen:,}"} for name, (count, yen) in found.items()
        ],
        "channels_chart": _drawn(charts.shares(rows, title=title, names=(gettext("収納額"),), chart_id="channels")),
    }


def _fees() -> dict[str, Any]:
    found = list(by_fee())
    parts = gettext("充当額"), gettext("不納欠損額"), gettext("収入未済額")
    rows = [
        charts.Share(f"{fee_name(code)[:13]} {year}", (one.applied, one.written_off, one.outstanding))
        for code, year, one in found
    ]
    figures = ("charged", "applied", "written_off", "outstanding", "overpaid", "refunded")
    return {
        "fees": [
            {"fee": fee_name(code), "year": wareki_fiscal_year(year), "is_consistent": one.is_consistent,
             "yen": [f"{getattr(one, name):,}" for name in figures],
             "rate": f"{one.applied / one.charged:.1%}" if one.charged else "－"}
            for code, year, one in found
        ],
        "fees_chart": _drawn(
            charts.shares(rows, title=gettext("料金項目・賦課年度別の調定額（円）"), names=parts, chart_id="fees")
        ),
    }  # fmt: skip


@needs("payments.view")
@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """One of the tables as a file (集計のCSV)."""
    if name not in FILES:
        raise Http404
    first, last = _month(MonthOfMoneyForm(request.GET))
    return download(FILES[name](first, last), f"{name}-{first:%Y-%m}.csv")
