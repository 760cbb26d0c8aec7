"""Suppressions: who is suppressed, and setting, lifting, letting through (抑止の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.addressees import operations as acts
from municipal.addressees.measures import cases_of
from municipal.addressees.models import Level, MeasureStatus, Process, Suppression, TemporaryRelease
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.answers import status_of
from municipal.residents import inquiry
from municipal.residents.suppression import Suppressed, listed
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.suppressions import ReleaseForm, ReleaseMinutesForm, SuppressionForm, WardForm

from . import people
from .once import new_key, pressed_once
from .paging import pager

PAGE = 50


@needs("measures.view")
@require_safe
@implements("resident-record/1.0#9.2/m1")
def everything(request: HttpRequest) -> HttpResponse:
    """Everybody of whom anything is held back, by ward where asked (抑止対象者一覧)."""
    asked, form = cast(StaffRequest, request), WardForm(request.GET)
    found = listed(form.cleaned_data["ward"]) if form.is_valid() else []
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    rows = inquiry.rows(list(dict.fromkeys(one.addressee for one in shown)))
    named = {row["addressee_id"]: people.row(row) for row in rows}
    if named:
        disclose(actor=asked.staff, subjects=list(named), fields=["name", "suppression"])
    context = {
        "form": form, "rows": [_line(one, named) for one in shown if one.addressee in named],
        "count": page.paginator.count, "pager": pager(page, request),
    }  # fmt: skip
    return render(request, "measures/suppressed.html", context, status=422 if form.errors else 200)


def _line(one: Suppressed, named: dict[int, dict[str, Any]]) -> dict[str, Any]:
    by = gettext("抑止") if one.code == "suppression" else MeasureStatus(one.code).label
    return {
        "person": named[one.addressee], "by": by, "household": one.household,
        "process": Process(one.process).label if one.process else "",
        "level": Level(one.level).label if one.level else "", "starts_on": wareki(one.starts_on),
        "ends_on": wareki(one.ends_on) if one.ends_on else "",
        "is_past": bool(one.ends_on and one.ends_on < clock.today()),
    }  # fmt: skip


def _found(number: str) -> inquiry.Person:
    person = inquiry.person(number)
    if person is None:
        raise Http404
    return person


@needs("measures.view", "suppressions.set", "suppressions.lift", "suppressions.release")
@require_safe
def of_person(request: HttpRequest, number: str) -> HttpResponse:
    """What is held back for one person and household, and until when it is let through (抑止の内容)."""
    return _shown(cast(StaffRequest, request), number)


def _shown(
    request: StaffRequest, number: str, *, form: SuppressionForm | None = None, release: ReleaseForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    person = _found(number)
    disclose(actor=request.staff, subjects=[person.addressee.pk], fields=["name", "suppression"])
    home = person.record.household.number
    mine = Suppression.objects.filter(addressee=person.addressee) | Suppression.objects.filter(household_number=home)
    running = TemporaryRelease.objects.filter(addressee=person.addressee, until__gt=clock.now())
    held = request.permissions
    context = {
        "person": people.head(person, person.record),
        "rows": [_suppression(one) for one in mine.order_by("lifted_on", "starts_on", "pk")],
        "releases": [{"process": one.get_process_display(), "until": people.moment(one.until)} for one in running],
        "cases": [
            {"number": one.measure.number, "status": one.get_status_display()} for one in cases_of(person.addressee.pk)
        ],
        "set_form": form or SuppressionForm(initial={"starts_on": clock.today()}),
        "release_form": release or ReleaseForm(auto_id="id_release_%s"), "form": form or release,
        "minutes": acts.release_minutes(), "key": new_key(request),
        "may_set": "suppressions.set" in held, "may_lift": "suppressions.lift" in held,
        "may_release": "suppressions.release" in held, "may_keep": "measures.keep" in held,
        "may_view": "measures.view" in held,
    }  # fmt: skip
    return render(request, "measures/of_person.html", context, status=status)


def _suppression(one: Suppression) -> dict[str, Any]:
    return {
        "id": one.pk, "process": one.get_process_display(), "level": one.get_level_display(), "reason": one.reason,
        "is_household": bool(one.household_number), "starts_on": wareki(one.starts_on),
        "ends_on": wareki(one.ends_on) if one.ends_on else "",
        "lifted_on": wareki(one.lifted_on) if one.lifted_on else "",
    }  # fmt: skip


@needs("suppressions.set")
@require_POST
@implements("resident-record/1.0#3.1/m2", "resident-record/1.0#3.1/m10")
def set_one(request: HttpRequest, number: str) -> HttpResponse:
    """One process held back for the person or the whole household (抑止の設定)."""
    asked, person, form = cast(StaffRequest, request), _found(number), SuppressionForm(request.POST)
    if not form.is_valid():
        return _shown(asked, number, form=form, status=422)
    said = dict(form.cleaned_data)
    is_household = said.pop("whose") == "household"
    whose = {"household_number": person.record.household.number} if is_household else {"addressee": person.addressee}
    try:
        pressed_once(asked, lambda: acts.suppress(actor=asked.staff, **whose, **said).pk)
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _shown(asked, number, form=form, status=status_of(refused))
    messages.success(request, gettext("抑止を設定しました。"))
    return redirect("measures:suppressions", number)


@needs("suppressions.release")
@require_POST
@implements("resident-record/1.0#3.1/m3", "resident-record/1.0#3.4/m3")
def release(request: HttpRequest, number: str) -> HttpResponse:
    """One process let through for some minutes (一時解除)."""
    asked, person = cast(StaffRequest, request), _found(number)
    form = ReleaseForm(request.POST, auto_id="id_release_%s")
    if not form.is_valid():
        return _shown(asked, number, release=form, status=422)
    try:
        pressed_once(
            asked,
            lambda: acts.release_temporarily(actor=asked.staff, addressee=person.addressee, **form.cleaned_data).pk,
        )
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _shown(asked, number, release=form, status=status_of(refused))
    messages.success(request, gettext("一時解除しました。時間が過ぎると、抑止に自動で戻ります。"))
    return redirect("measures:suppressions", number)


@needs("suppressions.lift")
@require_POST
def lift(request: HttpRequest, row: int) -> HttpResponse:
    """The end of a suppression (抑止の解除)."""
    asked = cast(StaffRequest, request)
    pressed_once(asked, lambda: acts.lift_suppression(actor=asked.staff, suppression=row).pk)
    messages.success(request, gettext("抑止を解除しました。"))
    return redirect("measures:suppressed")


@needs("register.settings")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#3.1/m6")
def settings(request: HttpRequest) -> HttpResponse:
    """How many minutes a temporary release lasts (一時解除の設定)."""
    asked = cast(StaffRequest, request)
    form = ReleaseMinutesForm(request.POST or None, initial={"minutes": acts.release_minutes()})
    if request.method == "POST" and form.is_valid():
        acts.change_release_minutes(actor=asked.staff, minutes=form.cleaned_data["minutes"])
        messages.success(request, gettext("一時解除の時間を変更しました。"))
        return redirect("measures:release_settings")
    return render(request, "measures/settings.html", {"form": form}, status=422 if form.errors else 200)
