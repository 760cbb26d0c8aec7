"""Closing the day, and the paper of the day without a system (日締め・停止中の受付の画面)."""

from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.batches.drawing import blank_forms
from municipal.batches.kinds import PAPER_STATES
from municipal.batches.models import DayClosing, PaperForm
from municipal.batches.operations import close_day, print_papers, receive_paper, reopen_day, spoil_paper
from municipal.batches.operations.closing import figures, has_moved, standing
from municipal.batches.operations.papers import waiting
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Staff
from municipal.office.answers import Answer, once
from municipal.web.forms.batches import ClosingForm, PrintPapersForm, ReceivedForm, ReopeningForm
from municipal.web.forms.entry_shapes import WITHOUT_MEMBERS
from municipal.web.forms.refusing import show_and_log

from . import people
from .downloads import download
from .entering import act_title
from .paging import pager

PAGE, SHOWN_DAYS = 30, 14


@needs("days.close")
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The last days, closed or open, and every closing (日締め)."""
    today = clock.today()
    days = [_day(today - timedelta(days=back)) for back in range(SHOWN_DAYS)]
    page = Paginator(DayClosing.objects.select_related("reopening").order_by("-day", "-serial"), PAGE)
    shown = page.get_page(request.GET.get("page"))
    context = {"days": days, "rows": [_closing(one) for one in shown.object_list], "pager": pager(shown, request)}
    return render(request, "days/list.html", context)


def _day(day: date) -> dict[str, Any]:
    closing = standing(day)
    return {
        "day": day.isoformat(), "name": wareki(day), "is_closed": closing is not None,
        "has_moved": closing is not None and has_moved(closing),
    }  # fmt: skip


def _closing(one: DayClosing) -> dict[str, Any]:
    staff = Staff.objects.filter(pk=one.closed_by_id).first() if one.closed_by_kind == "staff" else None
    reopening = getattr(one, "reopening", None)
    return {
        "name": wareki(one.day), "serial": one.serial, "expected": one.expected_yen, "cash": one.cash_yen,
        "difference": one.difference_yen, "explanation": one.explanation, "by": staff.name if staff else "",
        "at": people.moment(one.closed_at), "reopened": reopening.because if reopening else "",
    }  # fmt: skip


@needs("days.close")
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, day: str) -> HttpResponse:
    """One day: what the system says, the cash that was counted, closing and opening again (日締めの内容)."""
    asked, of = cast(StaffRequest, request), _date(day)
    closing = standing(of)
    # Pressed twice, the day is closed already: what was sent says which of the two it was.
    is_open = "cash_yen" in request.POST if request.method == "POST" else closing is None
    make: Any = ClosingForm if is_open else ReopeningForm
    form = make(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _closed(asked, of, form, is_open=is_open)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("締めました。") if is_open else gettext("締めを解除しました。"))
            return redirect("days:list")
    context = {
        "form": form, "name": wareki(of), "day": day, "figures": figures(of), "key": uuid4().hex,
        "closing": _closing(closing) if closing else None, "has_moved": closing is not None and has_moved(closing),
    }  # fmt: skip
    return render(request, "days/day.html", context, status=422 if form.errors else 200)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _closed(request: StaffRequest, of: date, form: Any, *, is_open: bool) -> None:
    operation: Any = close_day if is_open else reopen_day

    def act() -> Answer:
        return Answer(201, {"number": operation(actor=request.staff, day=of, **form.cleaned_data).pk})

    body = repr((of, is_open, sorted(form.cleaned_data.items()))).encode()
    once(actor=request.staff, key=request.POST.get("key", "") or request.id, body=body, act=act)


@needs("caught_up.enter")
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """What was taken in on paper and is still to be entered, in its order; which forms are missing (停止中の受付)."""
    asked, is_sent = cast(StaffRequest, request), request.method == "POST"
    form = ReceivedForm(request.POST if is_sent else None, initial={"on": clock.today()})
    if is_sent and form.is_valid():
        try:
            _received(asked, form)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("登録しました。"))
            return redirect("days:papers")
    found = PaperForm.objects.select_related("draft").exclude(state=PaperForm.State.RECEIVED).order_by("-number")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counts = {state: PaperForm.objects.filter(state=state).count() for state in PaperForm.State.values}
    context = {
        "form": form, "printing": PrintPapersForm(auto_id="print_%s"), "waiting": [_paper(one) for one in waiting()],
        "rows": [_paper(one) for one in page.object_list], "pager": pager(page, request), "counts": counts,
        "key": uuid4().hex,
    }  # fmt: skip
    return render(request, "days/papers.html", context, status=422 if form.errors else 200)


def _moment(at: datetime | None) -> str:
    return people.moment(at) if at else ""


def _paper(one: PaperForm) -> dict[str, Any]:
    return {
        "number": one.number, "act": one.act, "title": act_title(one.act), "state": gettext(PAPER_STATES[one.state]),
        "received_at": _moment(one.received_at), "because": one.because,
        "is_newcomer": one.act in WITHOUT_MEMBERS, "draft": one.draft_id, "entered_at": _moment(one.entered_at),
    }  # fmt: skip


def _received(request: StaffRequest, form: ReceivedForm) -> None:
    number, because, moment = form.cleaned_data["number"], form.cleaned_data["because"], form.received_at()
    if not because and moment is None:
        raise Refused("受付日と受付時刻を入力してください。", field="at", code="moment_missing")

    def act() -> Answer:
        if because:
            spoil_paper(actor=request.staff, number=number, because=because)
        elif moment is not None:
            receive_paper(actor=request.staff, number=number, received_at=moment)
        return Answer(200, {})

    body = repr((number, because, moment)).encode()
    once(actor=request.staff, key=request.POST.get("key", "") or request.id, body=body, act=act)


@needs("caught_up.enter")
@require_http_methods(["POST"])
def print_blank(request: HttpRequest) -> HttpResponse:
    """A set of numbered blank forms as PDF (用紙の印刷)."""
    asked, form = cast(StaffRequest, request), PrintPapersForm(request.POST, auto_id="print_%s")
    if not form.is_valid():
        raise Refused("用紙の種類と部数を入力してください。", field="acts", code="papers_missing")

    def act() -> Answer:
        made = print_papers(actor=asked.staff, **form.cleaned_data)
        return Answer(201, {"first": made[0].number, "last": made[-1].number})

    body = repr(sorted(form.cleaned_data.items())).encode()
    printed = once(actor=asked.staff, key=request.POST.get("key", "") or asked.id, body=body, act=act).body
    made = PaperForm.objects.filter(number__gte=printed["first"], number__lte=printed["last"]).order_by("number")
    return download(blank_forms(list(made), asked.town.name), f"blank-forms-{printed['first']}.pdf", "application/pdf")
