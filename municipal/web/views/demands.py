"""What is to be demanded, runs of demands, their letters (督促の画面)."""

import io
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.batches.kinds import STATES
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.office.models import Job
from municipal.payments import overdue
from municipal.payments.models import Demand
from municipal.payments.operations import demand, order_demands, settings
from municipal.payments.operations.demands import KIND
from municipal.payments.paper.letters_of_demand import demand_letters
from municipal.web.forms.arrears import DemandForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.money_words import fee_name

from . import people
from .arrears import ACT, VIEW, charge_found
from .downloads import download
from .once import new_key, pressed_once

REFRESH_SECONDS = 3
RUNS, LETTERS = 20, 300
"""So many letters are written while somebody waits for the file."""


@needs(ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """The due days with something to be demanded, by when; and the runs so far (督促の対象)."""
    asked, form = cast(StaffRequest, request), DemandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = pressed_once(asked, lambda: order_demands(actor=asked.staff, **form.cleaned_data).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            return redirect("arrears:demand_run", made)
    days, today = settings().demand_days, clock.today()
    context = {
        "form": form, "key": new_key(request), "days": days,
        "rows": [_due(one, is_late=one.demand_by < today) for one in overdue.due_days(today, days=days)],
        "runs": [_run(job) for job in Job.objects.filter(kind=KIND).order_by("-pk")[:RUNS]],
    }  # fmt: skip
    return render(request, "arrears/demands.html", context, status=422 if form.errors else 200)


def _due(one: overdue.DueDay, *, is_late: bool) -> dict[str, Any]:
    return {
        "due_on": wareki(one.due_on), "count": f"{one.count:,}", "yen": f"{one.yen:,}",
        "demand_by": wareki(one.demand_by), "is_late": is_late,
    }  # fmt: skip


def _run(job: Job) -> dict[str, Any]:
    fee = job.parameters.get("fee", "")
    return {
        "number": job.pk, "state": job.state, "state_name": gettext(STATES[job.state]), "done": job.done,
        "total": job.total, "errors": job.errors, "percent": job.percent, "fee": fee_name(fee) if fee else "",
        "due_through": wareki(date.fromisoformat(job.parameters["due_through"])),
        "ordered_at": people.moment(job.created_at),
    }  # fmt: skip


@needs(VIEW, ACT)
@require_safe
def one(request: HttpRequest, run: int) -> HttpResponse:
    """How far a run is, what it demanded, what it left out (督促状の作成の結果)."""
    job = get_object_or_404(Job, pk=run, kind=KIND)
    found = Demand.objects.filter(job=job)
    sums = found.aggregate(yen=Sum("yen"), interest=Sum("interest_yen"))
    context = {
        "run": _run(job), "count": f"{found.count():,}", "yen": f"{sums['yen'] or 0:,}",
        "interest": f"{sums['interest'] or 0:,}", "errors": list(job.error_rows.order_by("row", "pk")[:100]),
        "parts": _parts(job) if job.state == Job.State.DONE else [],
    }  # fmt: skip
    response = render(request, "arrears/demand_run.html", context)
    if job.state in (Job.State.WAITING, Job.State.RUNNING):
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _parts(job: Job) -> list[dict[str, int]]:
    """The files of letters: which letters are in each (督促状のファイルの一覧)."""
    pages = Paginator(_payers(job), LETTERS)
    found = [pages.page(number) for number in pages.page_range] if pages.count else []
    return [{"part": one.number, "first": one.start_index(), "last": one.end_index()} for one in found]


@needs(ACT)
@require_safe
@prints_addresses("arrears.demand_letters", Purpose.MAIL)
def letters(request: HttpRequest, run: int) -> HttpResponse:
    """Some hundred letters of a run with their slips, as a PDF (督促状のPDF)."""
    job = get_object_or_404(Job, pk=run, kind=KIND)
    payers = Paginator(_payers(job), LETTERS).get_page(request.GET.get("part")).object_list
    if not payers:
        raise Http404
    found = Demand.objects.filter(job=job, charge__assessment__payer__in=list(payers))
    demands = found.select_related("charge__assessment__payer", "slip__charge__assessment__payer")
    ordered = list(demands.order_by("charge__assessment__payer__number", "charge__due_on", "pk"))
    disclose(actor=cast(StaffRequest, request).staff, subjects=list(payers), fields=["name", "address"])
    file = io.BytesIO()
    demand_letters(file, demands=ordered)
    return download(file.getvalue(), f"demands-{job.pk}.pdf", "application/pdf")


def _payers(job: Job) -> Any:
    """Whom a run wrote to, by their numbers: the order of the letters, and of the files."""
    found = Demand.objects.filter(job=job).order_by("charge__assessment__payer__number")
    return found.values_list("charge__assessment__payer", flat=True).distinct()


@needs(ACT)
@require_POST
def single(request: HttpRequest, charge: int) -> HttpResponse:
    """Demand one charge, at the desk (1件の督促)."""
    asked, found = cast(StaffRequest, request), charge_found(charge)
    try:
        pressed_once(asked, lambda: demand(actor=asked.staff, charges=[found])[0].pk)
    except Refused as refused:
        messages.error(request, sentence(refused))
        asked.refusals.append(refused)
    else:
        messages.success(request, gettext("督促しました。納付書を新しく発行しています。"))
    return redirect("arrears:payer", found.assessment.payer.number)
