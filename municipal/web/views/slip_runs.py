"""Slips for everybody: ordering a run, how far it is, its files (納付書の一括発行の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.audit.operations import disclose
from municipal.batches.kinds import STATES
from municipal.core import clock
from municipal.core.eras import wareki, wareki_fiscal_year
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.office.models import Job, JobError
from municipal.payments.fees import fee
from municipal.payments.models import PrintOrder, RunSlip, Slip, SlipRun
from municipal.payments.operations import order_slip_run, print_run_again
from municipal.payments.operations.runs import jobs_of, running_job
from municipal.payments.printing import COUNTER, MAIL, place_of
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.slips import ORDERS, SlipRunForm

from .once import new_key, pressed_once
from .paging import pager
from .people import moment

PAGE, LINES, KEPT = 20, 50, 200
REFRESH_SECONDS = 3
EL_NUMBER, NUMBER = 34, slice(5, 25)
"""Digits of an eL number, and where the payment number stands in it."""
VIEW, ISSUE = "payments.view", "payments.slips"


@needs(VIEW, ISSUE)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every run, the newest first; a slip's number leads to the slip (納付書)."""
    asked = "".join(request.GET.get("number", "").split())
    if len(asked) == EL_NUMBER:
        asked = asked[NUMBER]
    if asked and Slip.objects.filter(number=asked).exists():
        return redirect("slips:slip", asked)
    page = Paginator(SlipRun.objects.select_related("job").order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "runs": [_said(run, run.job) for run in page.object_list], "pager": pager(page, request), "asked": asked,
        "may_issue": ISSUE in cast(StaffRequest, request).permissions,
    }  # fmt: skip
    return render(request, "slips/list.html", context, status=404 if asked else 200)


def _said(run: SlipRun, job: Job) -> dict[str, Any]:
    return {
        "number": run.pk, "fee": fee(run.fee).name_ja,
        "year": wareki_fiscal_year(run.levy_year), "periods": run.periods, "order": dict(ORDERS)[PrintOrder(run.order)],
        "pay_until": wareki(run.pay_until) if run.pay_until else "", "ordered_at": moment(run.ordered_at),
        "state": job.state, "state_name": gettext(STATES[job.state]), "percent": job.percent, "done": job.done,
        "total": job.total, "failure": job.failure, "is_printing": bool(job.position.get("printing")),
    }  # fmt: skip


@needs(ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Order slips for a fee and year; the same form sent twice is one run (納付書の一括発行の依頼)."""
    asked, form = cast(StaffRequest, request), SlipRunForm(request.POST or None, initial={"levy_year": _this_year()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = pressed_once(asked, lambda: order_slip_run(actor=asked.staff, **said).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("納付書の発行を依頼しました。"))
            return redirect("slips:run", made)
    context = {"form": form, "key": new_key(request)}
    return render(request, "slips/order.html", context, status=422 if form.errors else 200)


def _this_year() -> int:
    """The fiscal year that runs today: it begins in April."""
    today = clock.today()
    return today.year - (today.month < 4)


@needs(VIEW, ISSUE)
@require_safe
def detail(request: HttpRequest, run: int) -> HttpResponse:
    """One run: how far it is, its files, its slips, what waits at the counter (一括発行の結果)."""
    asked, found = cast(StaffRequest, request), get_object_or_404(SlipRun.objects.select_related("job"), pk=run)
    newest, running = jobs_of(found)[0], running_job(found)
    payer = "".join(request.GET.get("payer", "").split())
    lines = RunSlip.objects.filter(run=found).select_related("slip__charge__assessment__payer").order_by("position")
    if payer:
        lines = lines.filter(slip__charge__assessment__payer__number=payer)
    page = Paginator(lines, LINES).get_page(request.GET.get("page"))
    waiting = found.counter.select_related("slip__charge__assessment__payer").order_by("slip__number")
    kept = list(waiting[:KEPT])
    shown = [line.slip for line in page.object_list] + [one.slip for one in kept]
    if shown:
        payers = sorted({slip.charge.assessment.payer_id for slip in shown})
        disclose(actor=asked.staff, subjects=payers, fields=["name"])
    context = {
        "run": _said(found, newest), "errors": JobError.objects.filter(job=newest).order_by("pk"), "payer": payer,
        "lines": [_line(line.slip) | {"position": line.position} for line in page.object_list],
        "kept": [_line(one.slip) for one in kept], "kept_count": waiting.count(), "count": page.paginator.count,
        "pager": pager(page, request), "is_running": running is not None, "may_issue": ISSUE in asked.permissions,
        "has_mail": place_of(found, MAIL).is_file(), "has_counter": place_of(found, COUNTER).is_file(),
        "key": new_key(request),
    }  # fmt: skip
    response = render(request, "slips/run.html", context)
    if running:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _line(slip: Slip) -> dict[str, Any]:
    payer = slip.charge.assessment.payer
    return {
        "number": slip.number, "payer": payer.number, "name": payer.name, "period": slip.charge.period,
        "yen": f"{slip.yen:,}", "due_on": wareki(slip.charge.due_on),
    }  # fmt: skip


@needs(ISSUE)
@require_POST
def print_again(request: HttpRequest, run: int) -> HttpResponse:
    """Have the files of a run printed once more (再印刷)."""
    asked, found = cast(StaffRequest, request), get_object_or_404(SlipRun, pk=run)
    pressed_once(asked, lambda: print_run_again(actor=asked.staff, run=found).pk)
    messages.success(request, gettext("印刷を依頼しました。"))
    return redirect("slips:run", run)
