"""Accounts and permissions of staff (職員と権限の画面)."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.models import Grant, Staff
from municipal.identity.models.staff import ACTIVE, LOCKED
from municipal.identity.operations import (
    open_account,
    remove_second_factor,
    reset_password,
    save_account,
    unlock_account,
)
from municipal.identity.operations.attempts import locked_among
from municipal.identity.operations.permissions import current_grants
from municipal.identity.permissions import PERMISSIONS
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.staff import BaseGrantFormSet, StaffForm, grant_forms

from .paging import pager

PAGE = 50


@needs("staff.view")
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """The staff of the town, fifty to a page (職員の一覧)."""
    page = Paginator(Staff.objects.all(), PAGE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    locked, grants = locked_among(people), _grants_of(people)
    rows = [
        {
            "id": person.pk,
            "login_name": person.login_name,
            "name": person.name,
            "department": person.department,
            "expires_on": _day(person.valid_until),
            "grants": grants.get(person.pk, []),
            "state": _state(person, locked),
            "has_second_factor": person.has_second_factor,
        }
        for person in people
    ]
    return render(request, "staff/list.html", {"staff": rows, "pager": pager(page, request)})


def _day(day: date | None) -> str:
    return wareki(day) if day else ""


def _state(person: Staff, locked: set[int]) -> str:
    state = person.state()
    return LOCKED if state == ACTIVE and person.pk in locked else state


def _grants_of(people: list[Staff]) -> dict[int, list[str]]:
    """The names of the permissions that each of them holds today."""
    held = Grant.objects.filter(staff__in=people, revoked_at=None, valid__contains=clock.today())
    found: dict[int, list[str]] = {}
    for grant in held:
        if grant.permission in PERMISSIONS:
            found.setdefault(grant.staff_id, []).append(gettext(PERMISSIONS[grant.permission].name))
    return found


@needs("staff.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new account; its temporary password is shown once (職員を加える)."""
    asked = cast(StaffRequest, request)
    form, grants = StaffForm(request.POST or None), grant_forms(request.POST or None, [])
    if request.method == "POST" and form.is_valid() and grants.is_valid():
        try:
            staff, password = open_account(actor=asked.staff, account=form.account(), wanted=grants.wanted())
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            return _edited(request, staff, password)
    return _page(request, form, grants, None)


@needs("staff.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """One account, with all of its permissions; the pressed button says what is to be done (職員の変更)."""
    asked, staff = cast(StaffRequest, request), get_object_or_404(Staff, pk=number)
    act = request.POST.get("act", "")
    held = current_grants(staff, clock.today())
    data = request.POST if act == "save" else None
    form, grants = StaffForm(data, initial=StaffForm.initial_of(staff)), grant_forms(data, held)
    if act == "save" and form.is_valid() and grants.is_valid():
        try:
            save_account(
                actor=asked.staff,
                staff=staff,
                account=form.account(),
                is_active=form.cleaned_data["is_active"],
                wanted=grants.wanted(),
            )
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("保存しました。"))
            return redirect("staff:edit", staff.pk)
    elif act and act != "save":
        return _act(asked, staff, act)
    return _page(request, form, grants, staff)


def _act(request: StaffRequest, staff: Staff, act: str) -> HttpResponse:
    """The buttons below the form. What they refuse, the doorway shows."""
    if act == "reset_password":
        return _edited(request, staff, reset_password(actor=request.staff, staff=staff))
    if act == "unlock":
        unlock_account(actor=request.staff, staff=staff)
    elif act == "reset_second_factor":
        remove_second_factor(actor=request.staff, staff=staff)
    else:
        raise Refused("このボタンは使えません。画面を開き直してください。", code="invalid")
    messages.success(request, gettext("変更しました。"))
    return redirect("staff:edit", staff.pk)


def _edited(request: HttpRequest, staff: Staff, password: str) -> HttpResponse:
    """The account's page with the temporary password, in this one answer and in no cookie."""
    said = gettext("仮パスワードは %(password)s です。この画面を閉じると二度と見られません。本人に手渡してください。")
    messages.warning(request, said % {"password": password})
    held = current_grants(staff, clock.today())
    form, grants = StaffForm(initial=StaffForm.initial_of(staff)), grant_forms(None, held)
    return _page(request, form, grants, staff)


def _page(
    request: HttpRequest, form: StaffForm, grants: BaseGrantFormSet, staff: Staff | None
) -> HttpResponse:  # fmt: skip
    is_wrong = bool(form.errors) or bool(grants.is_bound and grants.total_error_count())
    context = {"form": form, "grants": grants, "account": _account(staff) if staff else None}
    return render(request, "staff/edit.html", context, status=422 if is_wrong else 200)


def _account(staff: Staff) -> dict[str, Any]:
    set_at = staff.second_factor_set_at
    return {
        "id": staff.pk,
        "name": staff.name,
        "state": _state(staff, locked_among([staff])),
        "has_second_factor": staff.has_second_factor,
        "second_factor_set_on": _day(set_at.astimezone(clock.TOKYO).date() if set_at else None),
    }
