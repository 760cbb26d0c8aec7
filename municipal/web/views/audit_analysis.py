"""The audit looked through: seven kinds of log, five lists, as a page and as a file (記録の分析の画面)."""

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from municipal.addressees.models import Addressee
from municipal.audit.analysis import ANALYSES, LOGS, Counted, about, during
from municipal.audit.models import Entry, Origin
from municipal.audit.operations import disclose
from municipal.core.actors import RESIDENT, STAFF
from municipal.core.clauses import implements
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Staff
from municipal.office.exports import sheet
from municipal.residents.shown import labels
from municipal.web.forms.audit import ACTS
from municipal.web.forms.audit_analysis import LISTS, AnalysisForm

from . import people
from .audit import PAYER_NAME
from .downloads import download
from .residents import screen_name

MOST_ON_PAGE, MOST_IN_FILE = 200, 50_000
NUMBER_ITEM = "individual_number"
ITEM_NAMES = {**labels(), NUMBER_ITEM: "個人番号", "audit": "操作の記録", "has_individual_number": "個人番号の有無"}
ENTRY_COLUMNS = (
    "記録番号", "日時", "職員", "端末", "操作", "画面", "対象者数", "対象", "項目", "個人番号", "目的", "結果",
)  # fmt: skip
COUNT_COLUMNS = ("職員", "回数", "のべ人数", "はじめ", "終わり")


@needs("audit.view")
@require_safe
@implements("resident-record/1.0#10.2/m2", "resident-record/1.0#10.2/m3")
def analysis(request: HttpRequest) -> HttpResponse:
    """One list on the page, or all of it as a file; whoever reads it is in the audit too (記録の分析)."""
    asked = cast(StaffRequest, request)
    form = AnalysisForm(request.GET if "kind" in request.GET else None)
    context: dict[str, Any] = {"form": form, "rows": None}
    if form.is_bound and form.is_valid():
        as_file = "file" in request.GET
        columns, rows, total = _listed(asked, form.cleaned_data, MOST_IN_FILE if as_file else MOST_ON_PAGE)
        if as_file:
            return _file(form.cleaned_data["kind"], columns, rows)
        query = request.GET.copy()
        query["file"] = "1"
        context |= {
            "title": gettext(LISTS[form.cleaned_data["kind"]]), "columns": [gettext(one) for one in columns],
            "rows": rows, "total": f"{total:,}", "is_cut": total > len(rows), "file_query": query.urlencode(),
        }  # fmt: skip
    return render(request, "audit/analysis.html", context, status=422 if form.errors else 200)


def _listed(request: StaffRequest, said: dict[str, Any], most: int) -> tuple[tuple[str, ...], list[list[str]], int]:
    kind, first, last = said["kind"], said["first"], said["last"]
    found: Any
    if kind.startswith("log-"):
        found = during(first, last).filter(LOGS[kind.removeprefix("log-")][1])
    elif kind == "person":
        person = Addressee.objects.filter(number=said["number"]).first()
        found = about(person.pk, first, last) if person else Entry.objects.none()
    else:
        found = ANALYSES[kind][1](first, last)
    if isinstance(found, QuerySet):
        entries = list(found[:most])
        seen = {subject for entry in entries for subject in entry.subjects}
        disclose(actor=request.staff, subjects=sorted(seen), fields=["audit"], act="audit.analyse")
        return ENTRY_COLUMNS, _entries(entries), found.count()
    disclose(actor=request.staff, subjects=[], fields=["audit"], act="audit.analyse")
    return COUNT_COLUMNS, _counts(found[:most]), len(found)


def _names(actors: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    ids = [number for kind, number in actors if kind == STAFF]
    named = {(STAFF, one.pk): f"{one.login_name} {one.name}" for one in Staff.objects.filter(pk__in=ids)}
    return named | {(RESIDENT, 0): gettext(PAYER_NAME)}


def _entries(entries: list[Entry]) -> list[list[str]]:
    names = _names((one.actor_kind, one.actor_id) for one in entries)
    asked = [one.request_id for one in entries if one.request_id]
    terminals = dict(Origin.objects.filter(request_id__in=asked).values_list("request_id", "terminal"))
    few = {one.subjects[0] for one in entries if one.subjects}
    numbers = dict(Addressee.objects.filter(pk__in=few).values_list("pk", "number"))
    system = gettext("システム")
    return [
        [
            str(one.seq), people.moment(one.at), names.get((one.actor_kind, one.actor_id), system),
            terminals.get(one.request_id, "") if one.request_id else "",
            gettext(ACTS[one.act]) if one.act in ACTS else one.act,
            screen_name(one.screen), str(len(one.subjects)), numbers.get(one.subjects[0], "") if one.subjects else "",
            _items(one.fields), gettext("あり") if NUMBER_ITEM in one.fields else "", one.purpose,
            one.code or str(one.get_kind_display()),
        ]
        for one in entries
    ]  # fmt: skip


def _items(fields: list[str]) -> str:
    return "、".join(ITEM_NAMES.get(name, name) for name in fields[:20])


def _counts(found: list[Counted]) -> list[list[str]]:
    names = _names((one.actor_kind, one.actor_id) for one in found)
    return [
        [
            names.get((one.actor_kind, one.actor_id), gettext("システム")), str(one.times), str(one.people),
            people.moment(one.first), people.moment(one.last),
        ]
        for one in found
    ]  # fmt: skip


def _file(kind: str, columns: tuple[str, ...], rows: list[list[str]]) -> HttpResponse:
    """CSV with a byte order mark; no cell begins as a spreadsheet's formula does."""
    return download(sheet([columns, *rows]), f"audit-{kind}.csv")
