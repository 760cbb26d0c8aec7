"""On the clerk's page of a case: what was taken from registers, and where that changed (引用した項目の確認)."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.applications.models import Case
from municipal.applications.operations import see_differences
from municipal.applications.operations.refreshing import (
    CHANGED,
    DOUBTED,
    DOWN,
    READING,
    TYPED,
    Difference,
    differences,
    needs_checking,
    reading_of,
)
from municipal.audit.operations import disclose
from municipal.core.eras import parse_day, wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.web.panels import Panel, for_clerks

from .casework import language
from .held_items import rows
from .once import new_key, pressed_once

BEFORE_REVIEW = ("submitted", "form_check", "correction")
KINDS = {
    CHANGED: _("台帳が変わりました"), DOWN: _("今は台帳を見られません"), TYPED: _("申請者が書きました"),
    DOUBTED: _("申請者が違うと言っています"),
}  # fmt: skip
MAY_SEE = ("applications.work", "applications.decide")


@for_clerks(30)
def panel(request: HttpRequest, case: Case) -> Panel | None:
    """What was taken, and, once the substance is looked at, what registers say today (引用した項目).

    While only the form is checked no register is read and nothing of one is shown: the published intake chain keeps
    the two apart.
    """
    if not case.filled:
        return None
    if case.state in BEFORE_REVIEW:
        return Panel("cases/held_later.html", {"is_to_be_checked": needs_checking(case)})
    staff = cast(StaffRequest, request)
    found, tongue = _found(case), language()
    people = {person for one in case.filled.values() for person in one.get("people", [])}
    people |= {case.about_id} if case.about_id else set()
    disclose(
        actor=staff.staff, act="applications.view", subjects=sorted(people),
        fields=sorted({str(one["path"]) for one in case.filled.values()}), purpose=case.procedure,
    )  # fmt: skip
    shown = [_shown(one, tongue) for one in found]
    return Panel(
        "cases/held.html",
        {
            "case": case, "rows": rows(case, tongue), "differences": shown, "key": f"{new_key(request)}-differences",
            "is_open": case.state in READING and any(not one.is_seen for one in found),
            "may_see": any(one in staff.permissions for one in MAY_SEE), "is_reviewed": case.state in READING,
            "is_to_be_checked": needs_checking(case),
        },
    )  # fmt: skip


def _found(case: Case) -> list[Difference]:
    """Registers are asked while the office decides; of a decided case it stays as it was decided."""
    return differences(case, reading_of(case).items) if case.state in READING else []


def _shown(one: Difference, tongue: str) -> dict[str, Any]:
    return {
        "label": one.label.said(tongue), "kind": KINDS[one.kind], "before": one.before, "after": one.after,
        "before_on": _day(one.before_on), "after_on": _day(one.after_on), "typed": one.typed, "mark": one.mark,
        "is_withheld": one.is_withheld, "is_seen": one.is_seen,
    }  # fmt: skip


def _day(text: str) -> str:
    return wareki(parse_day(text)) if text else ""


@needs(*MAY_SEE)
@require_POST
@prints_addresses("cases.differences", Purpose.SCREEN)
def seen(request: HttpRequest, number: int) -> HttpResponse:
    """Note that the differences were seen, and back to the case (違いの確認)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    marks = request.POST.getlist("mark")
    if request.POST.get("is_seen") != "yes":
        messages.error(request, gettext("違いを確かめたことに印を付けてから、押してください。"))
        return redirect("cases:case", case.pk)
    try:
        pressed_once(asked, lambda: see_differences(actor=asked.staff, case=case.pk, marks=marks).pk)
    except Refused as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, gettext("違いを確かめたことを記録しました。"))
    return redirect("cases:case", case.pk)
