"""Files of assessments: kept, tried, charged, with what came of each line (賦課データの取込みの画面)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.batches.kinds import STATES
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.office.exports import errors_csv
from municipal.office.models import Job
from municipal.payments.assessments import COLUMNS
from municipal.payments.models import ReceivedFile
from municipal.payments.operations import order_assessments, receive_assessments, runs_of
from municipal.payments.operations.assessing import ASSESS_FILE
from municipal.web.forms.money import AssessmentFileForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name

from . import people
from .downloads import download
from .once import new_key, pressed_once

REFRESH_SECONDS, MOST_SHOWN, LAST = 3, 100, 10


@needs("payments.assess")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Hand a file in; it is tried at once and charged when somebody says so (賦課データの受取り)."""
    asked = cast(StaffRequest, request)
    form = AssessmentFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            kept = receive_assessments(actor=asked.staff, name=given.name[:100], data=given.read())
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            return redirect("money:intake", kept.pk)
    jobs = list(Job.objects.filter(kind=ASSESS_FILE).order_by("-pk")[: LAST * 2])
    names = dict(ReceivedFile.objects.filter(pk__in={job.parameters["file"] for job in jobs}).values_list("pk", "name"))
    context = {
        "form": form, "columns": ",".join(COLUMNS),
        "rows": [
            _job(job) | {"file": job.parameters["file"], "name": names.get(job.parameters["file"], "")} for job in jobs
        ],
    }  # fmt: skip
    return render(request, "money/upload.html", context, status=422 if form.errors else 200)


def _job(job: Job) -> dict[str, Any]:
    return {
        "number": job.pk, "is_dry_run": job.is_dry_run, "state": job.state, "state_name": gettext(STATES[job.state]),
        "done": f"{job.done:,}", "total": f"{job.total:,}", "percent": job.percent, "errors": f"{job.errors:,}",
        "has_errors": bool(job.errors), "ordered_at": people.moment(job.created_at), "failure": job.failure,
        "count": f"{job.position.get('count', 0):,}", "yen": f"{job.position.get('yen', 0):,}",
        "fees": [
            {"fee": fee_name(code), "count": f"{count:,}", "yen": f"{yen:,}"}
            for code, (count, yen) in sorted(job.position.get("fees", {}).items())
        ],
    }  # fmt: skip


@needs("payments.assess")
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, number: int) -> HttpResponse:
    """What the last trial or intake of a file found; charging it is ordered here (賦課データの取込み)."""
    asked, file = cast(StaffRequest, request), get_object_or_404(ReceivedFile.objects.defer("content"), pk=number)
    if request.method == "POST":
        pressed_once(asked, lambda: int(order_assessments(actor=asked.staff, file=file).pk))
        messages.success(request, gettext("取込みを依頼しました。終わるまで、この画面は自動で更新されます。"))
        return redirect("money:intake", number)
    jobs = runs_of(file)
    last = jobs[0] if jobs else None
    is_running = last is not None and last.state in (Job.State.WAITING, Job.State.RUNNING)
    context = {
        "file": {"number": file.pk, "name": file.name, "received_at": people.moment(file.received_at)},
        "last": _job(last) if last else None, "is_running": is_running, "key": new_key(request),
        "errors": list(last.error_rows.order_by("row", "pk")[:MOST_SHOWN]) if last else [],
        "may_charge": last is not None and last.is_dry_run and last.state == Job.State.DONE and not last.errors,
        "is_charged": last is not None and not last.is_dry_run and last.state == Job.State.DONE and not last.errors,
    }  # fmt: skip
    response = render(request, "money/intake.html", context)
    if is_running:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


@needs("payments.assess")
@require_safe
def errors(request: HttpRequest, number: int) -> HttpResponse:
    """The bad lines of the last trial or intake, as a file (エラー行の出力)."""
    jobs = runs_of(get_object_or_404(ReceivedFile.objects.defer("content"), pk=number))
    if not jobs:
        raise Refused("このファイルはまだ試行されていません。", code="not_found")
    return download(errors_csv(jobs[0]), f"assessments-{number}-errors.csv")
