"""Until when a case is kept, and what holds it back; letters that wait to be posted (保存期間と発送待ちの画面)."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from municipal.applications.keeping import WHY, holds_of, kept_until, period_of
from municipal.applications.models import Case, Telling, Way
from municipal.applications.operations.keeping import hold, lift_hold
from municipal.applications.operations.telling import note_posted
from municipal.applications.paper import has_notice
from municipal.applications.rules.steps import is_over
from municipal.applications.standing import may_act
from municipal.audit.operations import disclose
from municipal.core.eras import wareki
from municipal.evidence.answering import is_protected
from municipal.identity.access import StaffRequest, needs
from municipal.procedures.offered import offered
from municipal.web.forms.messages import HoldForm
from municipal.web.panels import Panel, for_clerks

from . import people
from .casework import language
from .once import new_key, pressed_once
from .paging import pager

WORK, DECIDE, PAGE = "applications.work", "applications.decide", 50


@for_clerks(90)
def keeping_panel(request: HttpRequest, case: Case) -> Panel | None:
    """Of a case that is over: the first day on which it is forgotten, and why not (保存期間)."""
    if not is_over(case.workflow, case.state):
        return None
    context: dict[str, Any] = {"case": case, "key": f"{new_key(request)}-hold"}
    if case.forgotten_at is not None:
        return Panel("cases/keeping.html", context | {"forgotten_at": people.moment(case.forgotten_at)})
    period, held = period_of(case), case.holds.filter(lifted_at=None).first()
    return Panel("cases/keeping.html", context | {
        "until": wareki(kept_until(case)), "years": period.years, "is_unverified": not period.is_verified,
        "why": [gettext(WHY[one]) for one in holds_of(case)], "held": held.reason if held else "",
        "form": HoldForm(auto_id="hold_%s"), "may_hold": DECIDE in cast(StaffRequest, request).permissions,
    })  # fmt: skip


@needs(DECIDE)
@require_POST
def place_hold(request: HttpRequest, number: int) -> HttpResponse:
    """Mark a case as in dispute (争訟中の印を付ける)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    reason = request.POST.get("reason", "")
    pressed_once(asked, lambda: hold(actor=asked.staff, case=case.pk, reason=reason).pk)
    messages.success(request, gettext("争訟中の印を付けました。"))
    return redirect("cases:case", case.pk)


@needs(DECIDE)
@require_POST
def take_hold_off(request: HttpRequest, number: int) -> HttpResponse:
    """Take the mark off (争訟中の印を外す)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    pressed_once(asked, lambda: lift_hold(actor=asked.staff, case=case.pk).pk)
    messages.success(request, gettext("争訟中の印を外しました。"))
    return redirect("cases:case", case.pk)


@needs(WORK)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Applicants who are to be told by letter, the oldest first (発送待ちの一覧)."""
    asked = cast(StaffRequest, request)
    rows = Telling.objects.filter(way=Way.LETTER, done_at=None).select_related("case__account__person", "case__about")
    page = Paginator(rows.order_by("made_at", "pk"), PAGE).get_page(request.GET.get("page"))
    titles = {one.id: one.title.said(language()) for one in offered().entries}
    found = [_letter(one, titles) for one in page.object_list]
    subjects = sorted({one.case.about_id for one in page.object_list if one.case.about_id})
    disclose(actor=asked.staff, act="applications.letters", subjects=subjects, fields=["name"])
    context = {"rows": found, "pager": pager(page, request), "key": new_key(request)}
    return render(request, "cases/letters.html", context)


def _letter(one: Telling, titles: dict[str, str]) -> dict[str, Any]:
    case = one.case
    is_message = one.what.startswith("message")
    return {
        "id": one.pk, "case": case.pk, "number": case.number, "title": titles.get(case.procedure, case.procedure),
        "name": case.applicant.get("name", ""), "made_at": people.moment(one.made_at), "is_message": is_message,
        "has_notice": not is_message and has_notice(case),
        "is_protected": case.about_id is not None and is_protected(case.about_id),
        "has_ended": not may_act(case.account, case.about, case.procedure),
    }  # fmt: skip


@needs(WORK)
@require_POST
def posted(request: HttpRequest, number: int) -> HttpResponse:
    """One letter was posted, or is not needed (発送済みにする)."""
    asked = cast(StaffRequest, request)
    pressed_once(asked, lambda: note_posted(actor=asked.staff, telling=number).pk)
    messages.success(request, gettext("発送済みにしました。"))
    return redirect("cases:letters")
