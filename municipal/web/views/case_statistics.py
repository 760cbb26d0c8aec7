"""How applications came, by procedure and channel, and how long they took (経路別の統計の画面)."""

import csv
from io import StringIO
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from municipal.applications.channels import Line, by_channel
from municipal.applications.models import Channel
from municipal.audit.operations import record
from municipal.core import clock
from municipal.identity.access import StaffRequest, needs
from municipal.procedures.offered import offered
from municipal.web.forms.cases import PeriodForm

from .casework import language
from .downloads import download

HEADINGS = (
    _("手続"), _("経路"), _("受付"), _("処理中"), _("決定"), _("決定までの日数（平均）"), _("決定までの日数（中央値）"),
    _("入力"), _("選択"), _("引用"),
)  # fmt: skip


def _titles() -> dict[str, str]:
    return {entry.id: entry.title.said(language()) for entry in offered().entries}


def _lines(form: PeriodForm) -> list[Line]:
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return by_channel(said.get("since"), said.get("until"))


def _cells(line: Line, titles: dict[str, str]) -> list[Any]:
    mean = f"{line.mean_days:.1f}" if line.mean_days is not None else ""
    median = f"{line.median_days:.1f}" if line.median_days is not None else ""
    return [
        titles.get(line.procedure, line.procedure), gettext(str(Channel(line.channel).label)), line.count, line.open,
        line.decided, mean, median, line.typed, line.ticked, line.taken,
    ]  # fmt: skip


@needs("applications.view", "applications.work", "applications.decide", "applications.counter")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The figures as a table; nobody is named (経路別の統計)."""
    form = PeriodForm(request.GET or None)
    lines, titles = _lines(form), _titles()
    record(actor=cast(StaffRequest, request).staff, act="applications.figures")
    totals = {
        str(one.label): sum(line.count for line in lines if line.channel == one) for one in Channel
    }  # fmt: skip
    context = {
        "form": form, "rows": [_cells(line, titles) for line in lines], "today": clock.today(),
        "totals": [(gettext(label), count) for label, count in totals.items()], "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "cases/statistics.html", context, status=422 if form.errors else 200)


@needs("applications.view", "applications.work", "applications.decide", "applications.counter")
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The same as CSV (経路別の統計のCSV)."""
    text, titles = StringIO(), _titles()
    writer = csv.writer(text)
    writer.writerow([gettext(one) for one in HEADINGS])
    writer.writerows(_cells(line, titles) for line in _lines(PeriodForm(request.GET or None)))
    record(actor=cast(StaffRequest, request).staff, act="applications.figures")
    content = b"\xef\xbb\xbf" + text.getvalue().encode()
    return download(content, "applications-by-channel.csv", "text/csv; charset=utf-8")
