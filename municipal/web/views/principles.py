"""How far a town has come with the three principles, counted anew from its catalogue (三原則の指標の画面)."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from municipal.applications.prefill import ways
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.procedures.catalogue import Entry, Text
from municipal.procedures.guide import events
from municipal.procedures.offered import offered
from municipal.procedures.principles import Figures, figures, rows
from municipal.statistics import charts
from municipal.web.languages import language_of

from .downloads import download
from .pay import town_of
from .procedures import framed, shown

WAYS = {
    "here": _("この仕組みで読んで、画面に出す"), "linkage": _("ほかの役所に照会する"),
    "named": _("回答で名前の出た方の記録を、担当課が見る"), "office": _("別の台帳を、担当課が見る"),
}  # fmt: skip


def _entries(town: Municipality) -> Sequence[Entry]:
    with wall.within(town.pk):
        return offered().entries


@open_to_all
@require_safe
def principles_page(request: HttpRequest, town: str) -> HttpResponse:
    """The figures in words, tables and one chart; nothing of them is typed in (三原則の指標)."""
    place = town_of(town)
    entries, language = _entries(place), language_of(request)
    found, names = figures(entries), events()
    context = framed(
        request, place, found=found, first=found["digital_first"], once=found["once_only"], drafted=found["drafted"],
        steps=[
            {"id": entry.id, "title": entry.title.said(language), "step": one.said(language), "why": why.said(language)}
            for entry in entries if entry.kind in ("online", "counter") for one, why in entry.paper_steps
        ],
        bundles=[one | {"label": names[one["event"]].said(language)} for one in found["connected_one_stop"]["events"]],
        documents=_documents(found, names, language),
        ways=[{"label": WAYS[way], "count": count} for way, count in ways(entries).items()],
    )  # fmt: skip
    with override(language):
        context["chart"] = _chart(context["documents"])
    return shown(request, "principles", context)


def _documents(found: Figures, names: dict[str, Text], language: str) -> list[dict[str, Any]]:
    return [
        one | {"label": names[one["event"]].said(language), "all": one["dropped"] + one["remaining"]}
        for one in found["once_only"]["documents_of_events"]
        if one["dropped"] + one["remaining"]
    ]


def _chart(documents: Sequence[dict[str, Any]]) -> str:
    bars = [charts.Share(one["label"], (one["dropped"], one["remaining"])) for one in documents]
    names = (gettext("いらなくなった書類"), gettext("残る書類"))
    drawn = charts.shares(bars, title=gettext("できごとごとの添付書類"), names=names, chart_id="documents")
    return mark_safe(drawn)  # noqa: S308  (drawn by our own module, every text escaped)


@open_to_all
@require_safe
def file(request: HttpRequest, town: str) -> HttpResponse:
    """The same figures as a file (三原則の指標のCSV)."""
    entries, out = _entries(town_of(town)), io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("principle", "figure", "event", "value"))
    writer.writerows(rows(figures(entries)))
    writer.writerows(("once_only", f"held_{way}", "", count) for way, count in ways(entries).items())
    return download(("\ufeff" + out.getvalue()).encode(), "principles.csv")
