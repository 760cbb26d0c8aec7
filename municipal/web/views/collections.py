"""Files of reports: handed in and tried, booked when somebody says so, with every line's result (収納の画面)."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.batches.kinds import STATES
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.office.exports import errors_csv, sheet
from municipal.office.models import Job
from municipal.payments.intake import COLUMNS
from municipal.payments.models import Channel, CollectionFile, Match, ReceivedFile, Report, Stage
from municipal.payments.operations import order_collections, receive_collections, taken_from
from municipal.payments.operations.receiving import TAKE_IN, runs_of
from municipal.payments.outcomes import BAD, REPEATED, WORDS, Row, of_file, table
from municipal.payments.queues import queue_of
from municipal.web.forms.collections import CollectionsForm, NumberForm
from municipal.web.forms.refusing import show_and_log

from . import people
from .downloads import download
from .once import new_key, pressed_once
from .paging import pager

PAGE, LAST, MOST_SHOWN, REFRESH_SECONDS = 25, 10, 100, 3


@needs("payments.view", "payments.collect")
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """What was taken in; a new file, or the reports of one slip (収納)."""
    asked = cast(StaffRequest, request)
    is_sent = request.method == "POST"
    form = CollectionsForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and form.is_valid() and (kept := _received(asked, form)) is not None:
        return redirect("collections:received", kept)
    search = NumberForm(request.GET)
    number = search.cleaned_data["number"].strip() if search.is_valid() else ""
    page = Paginator(CollectionFile.objects.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "search": search, "number": number, "columns": ",".join(COLUMNS),
        "reports": shown(Report.objects.filter(number=number).order_by("pk")) if number else None,
        "rows": _files([one.pk for one in page.object_list]), "pager": pager(page, request),
        "waiting": _not_booked(), "may_collect": "payments.collect" in asked.permissions,
    }  # fmt: skip
    return render(request, "collections/list.html", context, status=422 if form.errors else 200)


def _received(request: StaffRequest, form: CollectionsForm) -> int | None:
    if "payments.collect" not in request.permissions:
        form.add_error(None, gettext("収納データを取り込む権限がありません。"))
        return None
    given = form.cleaned_data["file"]
    try:
        return receive_collections(actor=request.staff, name=given.name[-100:], data=given.read()).pk
    except Refused as refused:
        show_and_log(request, form, refused)
        return None


def _files(wanted: list[int]) -> list[dict[str, Any]]:
    counts: dict[int, dict[str, int]] = {}
    for row in Report.objects.filter(file__in=wanted).values("file", "match").annotate(count=Count("pk")):
        counts.setdefault(row["file"], {})[row["match"]] = row["count"]
    return [
        {
            "number": file.pk, "name": file.name, "lines": f"{file.lines:,}",
            "received_at": people.moment(file.received_at),
            "matched": f"{counts.get(file.pk, {}).get(Match.MATCHED, 0):,}",
            "noted": f"{counts.get(file.pk, {}).get(Match.NOTED, 0):,}",
            "others": f"{sum(n for name, n in counts.get(file.pk, {}).items() if name not in _QUIET):,}",
            "repeated": f"{file.lines - sum(counts.get(file.pk, {}).values()):,}",
        }
        for file in CollectionFile.objects.filter(pk__in=wanted).order_by("-pk")
    ]  # fmt: skip


_QUIET = (Match.MATCHED, Match.NOTED)


def _not_booked() -> list[dict[str, Any]]:
    """The last files that were tried and not booked."""
    runs = Job.objects.filter(kind=TAKE_IN).order_by("-pk").values_list("parameters__file", flat=True)[: LAST * 3]
    booked = CollectionFile.objects.values("digest")
    files = ReceivedFile.objects.filter(pk__in=list(runs)).exclude(digest__in=booked).defer("content").order_by("-pk")
    return [
        {"number": one.pk, "name": one.name, "received_at": people.moment(one.received_at)} for one in files[:LAST]
    ]  # fmt: skip


def shown(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """Reports as the screens show them (通知の一覧)."""
    return [
        {
            "number": one.pk, "channel": gettext(Channel(one.channel).label), "stage": gettext(Stage(one.stage).label),
            "slip": one.number, "has_slip": one.slip_id is not None, "yen": f"{one.yen:,}",
            "paid_on": wareki(one.paid_on), "place": one.place, "reference": one.reference,
            "match": gettext(Match(one.match).label), "is_case": bool(queue_of(one)), "line": one.line,
            "file": one.file_id, "posting": one.posting_id,
        }
        for one in reports
    ]  # fmt: skip


@needs("payments.view", "payments.collect")
@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """A file that was taken in, with its reports by result (取り込んだ収納データ)."""
    file, chosen = get_object_or_404(CollectionFile, pk=number), request.GET.get("match", "")
    reports = Report.objects.filter(file=file).order_by("line")
    counts = {row["match"]: row["count"] for row in reports.order_by().values("match").annotate(count=Count("pk"))}
    if chosen in Match.values:
        reports = reports.filter(match=chosen)
    page = Paginator(reports, MOST_SHOWN).get_page(request.GET.get("page"))
    received = ReceivedFile.objects.filter(digest=file.digest).values_list("pk", flat=True).first()
    context = {
        "file": {"name": file.name, "lines": f"{file.lines:,}", "received_at": people.moment(file.received_at)},
        "matches": [
            {"match": match, "label": gettext(Match(match).label), "count": f"{counts[match]:,}",
             "is_here": match == chosen}
            for match in Match.values
            if match in counts
        ],
        "repeated": f"{file.lines - sum(counts.values()):,}", "reports": shown(page.object_list),
        "pager": pager(page, request), "received": received,
    }  # fmt: skip
    return render(request, "collections/file.html", context)


@needs("payments.collect")
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest, number: int) -> HttpResponse:
    """What the trial of a file found; booking it is ordered here (収納データの取込み)."""
    asked, file = cast(StaffRequest, request), get_object_or_404(ReceivedFile.objects.defer("content"), pk=number)
    runs = runs_of(file)
    if not runs:
        raise Http404
    if request.method == "POST":
        pressed_once(asked, lambda: int(order_collections(actor=asked.staff, file=file).pk))
        messages.success(request, gettext("取込みを依頼しました。終わるまで、この画面は自動で更新されます。"))
        return redirect("collections:received", number)
    last, taken = runs[0], taken_from(file)
    is_running = last.state in (Job.State.WAITING, Job.State.RUNNING)
    context = {
        "file": {"number": file.pk, "name": file.name, "received_at": people.moment(file.received_at)},
        "last": _run(last), "is_running": is_running, "key": new_key(request), "taken": taken and taken.pk,
        "errors": list(last.error_rows.order_by("row", "pk")[:MOST_SHOWN]), "looked_at": MOST_SHOWN,
        "may_book": taken is None and not is_running and "by_match" in last.position,
    }  # fmt: skip
    response = render(request, "collections/received.html", context)
    if is_running:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _run(job: Job) -> dict[str, Any]:
    counts = job.position.get("by_match", {})
    return {
        "is_dry_run": job.is_dry_run, "state_name": gettext(STATES[job.state]), "failure": job.failure,
        "done": f"{job.done:,}", "yen": f"{job.position.get('yen', 0):,}", "is_refused": not counts and job.errors > 0,
        "bad": counts.get(BAD, 0),
        "counts": [
            {"name": _named(name), "words": gettext(WORDS[name]), "count": f"{count:,}",
             "is_loud": name not in (*_QUIET, REPEATED)}
            for name, count in counts.items()
            if count
        ],
        "look_at": [Row(*row) for row in job.position.get("look_at", [])],
    }  # fmt: skip


def _named(result: str) -> str:
    return {REPEATED: gettext("取込み済み"), BAD: gettext("取り込めない行")}.get(result) or gettext(Match(result).label)


@needs("payments.collect")
@require_safe
def rows(request: HttpRequest, number: int) -> HttpResponse:
    """What became of every line of a file that was booked, as a sheet (行ごとの結果)."""
    file = get_object_or_404(ReceivedFile, pk=number)
    if taken_from(file) is None:
        raise Http404
    return download(sheet(table(of_file(bytes(file.content), file.digest))), f"collections-{number}-rows.csv")


@needs("payments.collect")
@require_safe
def errors(request: HttpRequest, number: int) -> HttpResponse:
    """The bad lines of the last trial or intake, as a sheet (取り込めない行)."""
    runs = runs_of(get_object_or_404(ReceivedFile.objects.defer("content"), pk=number))
    if not runs:
        raise Http404
    return download(errors_csv(runs[0]), f"collections-{number}-errors.csv")
