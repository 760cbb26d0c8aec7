"""Runs over everybody: ordering, how far they are, what they found (一括処理の画面; resident-record/1.0#9.1)."""

from datetime import datetime
from typing import Any, cast
from uuid import uuid4

import celery
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.audit.operations import disclose
from municipal.batches.kinds import KINDS, STATES, label
from municipal.batches.models import ListedPerson, Schedule
from municipal.batches.operations import order_run, schedule_run, stop_schedule
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Staff
from municipal.office.answers import Answer, once
from municipal.office.exports import errors_csv, sheet
from municipal.office.jobs import kinds as known
from municipal.office.models import Job
from municipal.residents import inquiry
from municipal.web.forms.batches import PARAMETERS, TIMINGS, WEEKDAYS, RunForm
from municipal.web.forms.refusing import show_and_log

from . import people
from .downloads import download
from .paging import pager

PAGE = 25
REFRESH_SECONDS = 3
HEADINGS = (
    "番号", "処理", "試行", "受付日時", "終了日時", "入力場所・端末", "正否", "件数", "エラー件数", "エラーコード",
)  # fmt: skip


@needs("jobs.view", "jobs.run")
@require_safe
@implements("resident-record/1.0#9.1/m2", "resident-record/1.0#9.1/m10")
def everything(request: HttpRequest) -> HttpResponse:
    """What can be run, what is scheduled and by what, and every run, the newest first (一括処理)."""
    page = Paginator(Job.objects.select_related("run").order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    schedules = Schedule.objects.filter(ended_at=None).exclude(next_at=None).order_by("next_at")
    context = {
        "kinds": [
            {"kind": kind, "label": gettext(one.label), "explanation": gettext(one.explanation)}
            for kind, one in KINDS.items()
            if one.may_be_ordered and kind in known
        ],
        "rows": [_row(job) for job in page.object_list],
        "schedules": [_schedule(one) for one in schedules],
        "pager": pager(page, request),
        "product": {"name": "Celery beat", "maker": "Celery Project", "version": celery.__version__},
    }
    return render(request, "runs/list.html", context)


def _row(job: Job) -> dict[str, Any]:
    run = getattr(job, "run", None)
    return {
        "number": job.pk, "label": gettext(label(job.kind)), "state": job.state, "is_dry_run": job.is_dry_run,
        "state_name": gettext(STATES[job.state]), "ordered_at": people.moment(job.created_at),
        "finished_at": people.moment(job.finished_at) if job.finished_at else "", "done": job.done,
        "total": job.total, "errors": job.errors, "failure": job.failure, "percent": job.percent,
        "terminal": " ".join(filter(None, (run.office, run.terminal))) if run else "",
    }  # fmt: skip


def _schedule(one: Schedule) -> dict[str, Any]:
    days = {"weekly": dict(WEEKDAYS).get(str(one.weekday), ""), "monthly": str(one.day or "")}
    return {
        "number": one.pk, "label": gettext(label(one.kind)), "timing": dict(TIMINGS).get(one.timing, ""),
        "day": days.get(one.timing, ""), "next_at": people.moment(one.next_at) if one.next_at else "",
    }  # fmt: skip


def _previous(job: Job | None, kind: str) -> dict[str, Any]:
    """The parameters of the run before ``job``, or of the last one."""
    before = Job.objects.filter(kind=kind)
    if job is not None:
        before = before.filter(pk__lt=job.pk)
    last = before.order_by("-pk").first()
    return dict(last.parameters) if last else {}


@needs("jobs.run")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#9.1/m1", "resident-record/1.0#9.1/m3", "resident-record/1.0#9.1/m4")
def order(request: HttpRequest, kind: str) -> HttpResponse:
    """The parameters, those of the last run filled in, each open to change; and when to begin (実行の依頼)."""
    asked, found = cast(StaffRequest, request), KINDS.get(kind)
    if found is None or not found.may_be_ordered or kind not in known:
        raise Http404
    form = RunForm(found.asks or {}, _previous(None, kind), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _ordered(asked, kind, form)
        except Refused as refused:
            show_and_log(asked, form, refused)
    context = {
        "form": form, "kind": kind, "label": gettext(found.label), "explanation": gettext(found.explanation),
        "key": uuid4().hex,
    }  # fmt: skip
    return render(request, "runs/order.html", context, status=422 if form.errors else 200)


def _ordered(request: StaffRequest, kind: str, form: RunForm) -> HttpResponse:
    said, when = form.parameters(), form.schedule()

    def act() -> Answer:
        if when["timing"]:
            return Answer(201, {"schedule": schedule_run(actor=request.staff, kind=kind, parameters=said, **when).pk})
        is_dry_run = form.cleaned_data["is_dry_run"]
        return Answer(
            201, {"job": order_run(actor=request.staff, kind=kind, parameters=said, is_dry_run=is_dry_run).pk}
        )

    body = repr((kind, sorted(form.cleaned_data.items(), key=lambda one: one[0]))).encode()
    answer = once(actor=request.staff, key=request.POST.get("key", "") or request.id, body=body, act=act)
    if "schedule" in answer.body:
        messages.success(request, gettext("予約しました。"))
        return redirect("runs:list")
    return redirect("runs:detail", answer.body["job"])


@needs("jobs.run")
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """A schedule begins nothing more (予約の中止)."""
    asked = cast(StaffRequest, request)

    def act() -> Answer:
        stop_schedule(actor=asked.staff, schedule=number)
        return Answer(200, {})

    once(actor=asked.staff, key=request.POST.get("key", "") or asked.id, body=f"stop {number}".encode(), act=act)
    messages.success(request, gettext("予約を中止しました。"))
    return redirect("runs:list")


@needs("jobs.view", "jobs.run")
@require_safe
@implements("resident-record/1.0#9.1/m5", "resident-record/1.0#9.1/m7")
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One run: what was asked and what differs from the run before, how far it is, what it found (実行の結果)."""
    asked, job = cast(StaffRequest, request), get_object_or_404(Job.objects.select_related("run"), pk=number)
    before = _previous(job, job.kind)
    listed = Paginator(ListedPerson.objects.filter(job=job).order_by("due_on", "pk"), 50).get_page(
        request.GET.get("page")
    )
    context = {
        "run": _row(job) | {"ordered_by": _who(job), "started_at": _moment(job.started_at)},
        "parameters": [
            {"name": PARAMETERS.get(name, name), "value": value, "before": before.get(name),
             "is_changed": bool(before) and before.get(name) != value}
            for name, value in sorted(job.parameters.items())
        ],
        "errors": list(job.error_rows.order_by("row", "pk")[:100]), "listed": _listed(asked, list(listed.object_list)),
        "pager": pager(listed, request), "count": listed.paginator.count,
    }  # fmt: skip
    response = render(request, "runs/detail.html", context)
    if job.state in (Job.State.WAITING, Job.State.RUNNING):
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _moment(at: datetime | None) -> str:
    return people.moment(at) if at else ""


def _who(job: Job) -> str:
    staff = Staff.objects.filter(pk=job.actor_id).first() if job.actor_kind == "staff" else None
    return staff.name if staff else gettext("システム")


def _listed(request: StaffRequest, rows: list[Any]) -> list[dict[str, Any]]:
    """The people on the list of a run; whoever is shown counts as seen."""
    found = {row["addressee_id"]: row for row in inquiry.rows([one.addressee_id for one in rows])}
    if found:
        disclose(actor=request.staff, subjects=list(found), fields=["name", "born_on"])
    return [
        {
            "number": found[one.addressee_id]["addressee__number"], "name": found[one.addressee_id]["name"],
            "badges": ["protected"] if found[one.addressee_id]["is_protected"] else [],
            "due_on": wareki(one.due_on) if one.due_on else "",
        }
        for one in rows
        if one.addressee_id in found
    ]  # fmt: skip


@needs("jobs.view", "jobs.run")
@require_safe
def errors(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that a run did not take, as a file (エラー行の出力)."""
    return download(errors_csv(get_object_or_404(Job, pk=number)), f"run-{number}-errors.csv")


@needs("jobs.view", "jobs.run")
@require_safe
@implements("resident-record/1.0#9.1/m7")
def results(request: HttpRequest) -> HttpResponse:
    """Every run as a file: content, result, times, terminal, success or failure, error code (処理結果の出力)."""
    names = (
        "number", "label", "is_dry_run", "ordered_at", "finished_at", "terminal", "state_name", "done", "errors",
        "failure",
    )  # fmt: skip
    rows = (_row(job) for job in Job.objects.select_related("run").order_by("-pk")[:5000])
    return download(sheet([HEADINGS, *([row[name] for name in names] for row in rows)]), "runs.csv")
