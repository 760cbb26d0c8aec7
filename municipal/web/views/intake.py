"""The office's side of the intake: what came, what stopped, whose it is, what the portal is told (申請管理の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from municipal.audit.operations import record
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.intake.models import OPEN, Received, ReceivedState, ReportState, StatusReport
from municipal.intake.operations import ask_now, configure, settings_of
from municipal.intake.portal import portal_of
from municipal.intake.words import words
from municipal.municipalities import wall
from municipal.municipalities.sentences import sentence
from municipal.procedures.offered import offered
from municipal.web.forms.intake import IntakeSettingsForm
from municipal.web.forms.refusing import show_and_log

from . import people
from .casework import language
from .intake_acts import ACTS, Act, shown
from .once import new_key, pressed_once
from .paging import pager

NEEDS, PAGE = "applications.intake", 50
SHOWS = {"open": (*OPEN, ReceivedState.REFUSED), "over": (ReceivedState.IMPORTED, ReceivedState.DISMISSED)}


@needs(NEEDS)
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, or what is over; how the last asking went; the settings (受け取った申請の一覧)."""
    return _listed(cast(StaffRequest, request), None)


def _listed(request: StaffRequest, form: IntakeSettingsForm | None) -> HttpResponse:
    which = "over" if request.GET.get("show") == "over" else "open"
    rows = Received.objects.filter(state__in=SHOWS[which]).defer("content").order_by("-received_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    titles = {entry.id: entry.title.said(language()) for entry in offered().entries}
    row, who = settings_of(), portal_of(wall.current())
    record(actor=request.staff, act="intake.list", fields=["receipt"])
    context = {
        "rows": [_row(one, titles) for one in page.object_list], "pager": pager(page, request), "show": which,
        "form": form or IntakeSettingsForm(initial=vars(row)), "key": new_key(request),
        "asked_at": people.moment(row.asked_at) if row.asked_at else "", "outcome": _outcome(row.outcome),
        "is_wanted": bool(row.outcome.get("wanted")), "is_connected": who is not None,
        "is_simulated": who is not None and who.is_simulated,
        "held": StatusReport.objects.filter(state=ReportState.HELD).count(),
        "dead": StatusReport.objects.filter(state=ReportState.DEAD).count(),
    }  # fmt: skip
    return render(request, "intake/list.html", context, status=422 if form and form.errors else 200)


def _row(one: Received, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.pk, "receipt": one.receipt, "title": titles.get(one.procedure, one.procedure),
        "state": gettext(str(one.get_state_display())), "at": people.moment(one.received_at),
        "why": sentence(said_again(one.error)) if one.error else "", "case": one.case_id,
        "is_loud": one.state in SHOWS["open"],
    }  # fmt: skip


def said_again(kept: dict[str, Any]) -> Refused:
    """A kept refusal, to be said in the reader's language (拒否の再表示)."""
    return Refused(kept["sentence"], code=kept["code"], **kept["values"])


def _outcome(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found.get(name, 0) for name in ("listed", "taken", "known", "refused", "failed")} | {
        "down": found.get("down", "")
    }


@needs(NEEDS)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have the portal asked at the next beat: a page never waits for another system (受取りの指示)."""
    asked = cast(StaffRequest, request)
    pressed_once(asked, lambda: ask_now(actor=asked.staff))
    messages.success(request, gettext("1分以内に受け取ります。少し待ってから開き直してください。"))
    return redirect("intake:list")


@needs(NEEDS)
@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """Whether and how often the portal is asked and told (申請管理の設定)."""
    asked, form = cast(StaffRequest, request), IntakeSettingsForm(request.POST)
    if form.is_valid():
        try:
            pressed_once(asked, lambda: configure(actor=asked.staff, **form.cleaned_data).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("設定を保存しました。"))
            return redirect("intake:list")
    return _listed(asked, form)


@needs(NEEDS)
@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One application: why it stopped, who may be meant, what the portal was told (受け取った申請)."""
    return _page(cast(StaffRequest, request), get_object_or_404(Received, pk=number), {})


@needs(NEEDS)
@require_POST
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Decide what nobody could decide by itself (申請管理での判断)."""
    asked, row = cast(StaffRequest, request), get_object_or_404(Received, pk=number)
    chosen: Act | None = ACTS.get(act)
    if chosen is None:
        return redirect("intake:detail", row.pk)
    form = chosen.form(row, request.POST)
    if form.is_valid():
        try:
            pressed_once(asked, lambda: chosen.done(asked.staff, row, form))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("処理しました。"))
            return redirect("intake:detail", row.pk)
    return _page(asked, row, {act: form})


def _page(request: StaffRequest, row: Received, forms: dict[str, Any]) -> HttpResponse:
    record(actor=request.staff, act="intake.view", fields=["receipt", "name"], code=row.receipt)
    titles = {entry.id: entry.title.said(language()) for entry in offered().entries}
    known = words()
    context = _row(row, titles) | shown(request.staff, row, forms) | {
        "row": row, "applied_at": people.moment(row.applied_at) if row.applied_at else "", "key": new_key(request),
        "reports": [
            {
                "word": known[one.word].said(language()), "at": people.moment(one.at), "message": one.message,
                "state": gettext(str(one.get_state_display())), "error": one.error,
            }
            for one in row.reports.order_by("number")
        ],
        "may_release": row.reports.filter(state__in=(ReportState.HELD, ReportState.DEAD)).exists(),
    }  # fmt: skip
    is_wrong = any(form.errors for form in forms.values())
    return render(request, "intake/detail.html", context, status=422 if is_wrong else 200)
