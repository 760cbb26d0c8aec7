"""Judging files and looking at what was found (適合検査の画面)."""

from hashlib import sha256
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from municipal.conformance import baseline
from municipal.conformance.reports import SUFFIXES
from municipal.conformance.reports.words import CAUTION, OUTCOMES
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.inspections import inputs, reading
from municipal.inspections.models import Inspection, InspectionReport
from municipal.inspections.operations import list_inspections, order_inspection, take_report, view_result
from municipal.office.answers import Answer, once
from municipal.web.forms.inspections import CompareForm, InspectionForm, RequirementFilterForm, RuleFilterForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.uploads import refusal_of

from . import inspected
from .downloads import download
from .paging import pager

PAGE, PLACES = 25, 50
REFRESH_SECONDS = 3
CONTENT_TYPES = {
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "sarif": "application/sarif+json",
    "junit": "application/xml",
    "csv": "text/csv; charset=utf-8",
}


@needs("inspect_files")
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every inspection of the town, newest first (適合検査の一覧)."""
    asked = cast(StaffRequest, request)
    page = Paginator(list_inspections(actor=asked.staff), PAGE).get_page(request.GET.get("page"))
    rows = inspected.rows(list(page.object_list), _language())
    return render(request, "inspections/list.html", {"rows": rows, "pager": pager(page, request)})


@needs("inspect_files")
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Choose what is judged, and against what; the same form sent twice is one inspection (検査の依頼)."""
    asked, is_sent = cast(StaffRequest, request), request.method == "POST"
    form = InspectionForm(
        *((_sent(request), request.FILES) if is_sent else ()),
        folders=inputs.handed_over(asked.town.pk),
        megabytes=settings.KIJUN_UPLOAD_MEGABYTES,
        most=inputs.MOST_FILES,
    )
    if is_sent and form.is_valid():
        try:
            return redirect("inspections:result", _ordered(asked, form))
        except Refused as refused:
            show_and_log(asked, form, refused)
    return render(request, "inspections/order.html", {"form": form}, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> QueryDict:
    """The fields as sent; where the upload was stopped, those behind it are missing and show their first value."""
    sent = request.POST.copy()
    if refusal_of(request) is not None:
        sent.setdefault("privacy", Inspection.Privacy.ROWS)
    return sent


def _ordered(request: StaffRequest, form: InspectionForm) -> int:
    """The number of the inspection. The key names form and content: another content is another order."""
    stopped = refusal_of(request)
    if stopped is not None:
        raise stopped
    said = form.order()
    rest = repr([said[name] for name in ("folder", "pack", "as_of", "privacy")])
    digest = sha256(f"{inputs.digest_of(said['files'])} {rest}".encode()).hexdigest()

    def act() -> Answer:
        return Answer(201, {"number": order_inspection(actor=request.staff, **said).number})

    key = f"inspections.order {form.cleaned_data['token'] or request.id} {digest}"
    return int(once(actor=request.staff, key=key, body=digest.encode(), act=act).body["number"])


@needs("inspect_files")
@require_safe
def result(request: HttpRequest, number: int) -> HttpResponse:
    """How far it is, and when it has ended, what was found (検査結果)."""
    found = get_object_or_404(Inspection.objects.select_related("job"), number=number)
    if not found.is_judged:
        response = render(request, "inspections/waiting.html", {"inspection": inspected.head(found, _language())})
        if inspected.state(found) != "failed":
            # A header does without any script, and the page says how to go on without it.
            response["Refresh"] = str(REFRESH_SECONDS)
        return response
    form, read = RuleFilterForm(request.GET), _read(request, found)
    chosen = reading.Chosen(**form.cleaned_data) if form.is_valid() else None
    page = Paginator(read.rules(chosen) if chosen else [], PAGE).get_page(request.GET.get("page"))
    context = {
        **_head(found, read, "result"),
        "form": form,
        "rules": page.object_list,
        "pager": pager(page, request),
        "files": read.files(),
        "reports": _offered(found),
        "tiles": [
            {"name": read.words(both), "outcome": outcome.value, "count": read.report["rules"][outcome.value]}
            for outcome, both in OUTCOMES.items()
        ],
        "caution": read.words(CAUTION),
    }
    return render(request, "inspections/result.html", context, status=422 if form.errors else 200)


@needs("inspect_files")
@require_safe
def rule(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """One rule with the places that were found, fifty to a page (規則の結果)."""
    found = _judged(number)
    read = _read(request, found)
    entries = read.rule(code)
    if not entries:
        raise Http404
    places = [place for entry in entries for place in entry["places"]]
    page = Paginator(places, PLACES).get_page(request.GET.get("page"))
    context = {
        **_head(found, read, "result"),
        "code": code,
        "entries": entries,
        "places": page.object_list,
        "pager": pager(page, request),
        "counted": sum(entry["count"] for entry in entries),
        "listed": len(places),
    }
    return render(request, "inspections/rule.html", context)


@needs("inspect_files")
@require_safe
def requirements(request: HttpRequest, number: int) -> HttpResponse:
    """The outcome of every requirement that a rule speaks of (要件ごとの結果)."""
    found = _judged(number)
    form, read = RequirementFilterForm(request.GET), _read(request, found)
    chosen = reading.Chosen(**form.cleaned_data) if form.is_valid() else None
    page = Paginator(read.requirements(chosen) if chosen else [], PLACES).get_page(request.GET.get("page"))
    context = {
        **_head(found, read, "requirements"),
        "form": form,
        "requirements": page.object_list,
        "pager": pager(page, request),
    }
    return render(request, "inspections/requirements.html", context, status=422 if form.errors else 200)


@needs("inspect_files")
@require_safe
def compare(request: HttpRequest, number: int) -> HttpResponse:
    """Rule by rule, what differs from an earlier inspection (前の検査との比較)."""
    found = _judged(number)
    read, choices = _read(request, found), inspected.earlier(found, _language())
    form = CompareForm(request.GET if "earlier" in request.GET else None, earlier=choices)
    compared = None
    if form.is_bound and form.is_valid():
        old = view_result(actor=cast(StaffRequest, request).staff, inspection=_judged(form.cleaned_data["earlier"]))
        new = bytes(InspectionReport.objects.get(inspection=found, format="json").content)
        compared = inspected.compared(baseline.compare(old, new), read)
    context = {**_head(found, read, "compare"), "form": form, "has_earlier": bool(choices), "compared": compared}
    return render(request, "inspections/compare.html", context, status=422 if form.errors else 200)


@needs("inspect_files")
@require_safe
def report(request: HttpRequest, number: int, format: str, language: str) -> HttpResponse:
    """One report as a file, byte for byte what the command writes (検査報告の取出し)."""
    kept = InspectionReport.objects.select_related("inspection")
    found = get_object_or_404(kept, inspection__number=number, format=format, language=language)
    content = take_report(actor=cast(StaffRequest, request).staff, report=found)
    # Always to be saved: the HTML report has a style of its own.
    return download(content, f"inspection-{number}-{language}{SUFFIXES[format]}", CONTENT_TYPES[format])


def _judged(number: int) -> Inspection:
    return get_object_or_404(Inspection.objects.select_related("job"), number=number, judged_at__isnull=False)


def _read(request: HttpRequest, found: Inspection) -> reading.Result:
    return reading.result(view_result(actor=cast(StaffRequest, request).staff, inspection=found), _language())


def _head(found: Inspection, read: reading.Result, tab: str) -> dict[str, Any]:
    return {"inspection": inspected.head(found, read.language) | {"verdict": read.verdict}, "tab": tab}


def _offered(found: Inspection) -> list[dict[str, Any]]:
    """The reports to be taken along, in the order of the formats."""
    kept = {(one.format, one.language) for one in found.reports.only("format", "language")}
    return [
        {"format": format, "language": language, "ending": SUFFIXES[format]}
        for format in SUFFIXES
        for language in ("ja", "en")
        if (format, language) in kept
    ]


def _language() -> str:
    return get_language() or "ja"
