"""Closing a day, a month, a year: what stands open, and the confirmation (締めの画面)."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from municipal.core.eras import wareki, wareki_fiscal_year, wareki_short
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.payments import checklist
from municipal.payments.models import Account, Closing, YearClosing
from municipal.payments.operations import close_through, close_year
from municipal.payments.rules.instalments import closing_day
from municipal.web.forms.collections import ClosingForm, YearForm
from municipal.web.forms.refusing import show_and_log

from .deciding import QUEUE
from .once import new_key, pressed_once
from .people import moment

LAST = 12


@needs("payments.close")
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """What stands open, and closing up to a day (締め)."""
    asked = cast(StaffRequest, request)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["day"]
        try:
            pressed_once(asked, lambda: close_through(actor=asked.staff, day=day).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("%(day)sまで締めました。") % {"day": wareki(day)})
            return redirect("closing:overview")
    return _page(request, form, YearForm(), form)


def _page(request: HttpRequest, form: forms.Form, year_form: forms.Form, asked: forms.Form) -> HttpResponse:
    ends, last, year = checklist.ends(), checklist.last_closing(), checklist.next_year()
    opened = checklist.still_open()
    context = {
        "form": asked, "closing": form, "year_form": year_form, "key": new_key(request),
        "open": {
            "is_clear": opened.is_clear, "broken": opened.broken, "in_transit": f"{opened.in_transit:,}",
            "late": f"{opened.late:,}", "suspense": f"{opened.suspense:,}",
            "waiting": [
                {"queue": one.queue, "label": QUEUE[one.queue], "count": f"{one.count:,}", "yen": f"{one.yen:,}",
                 "days": one.days}
                for one in opened.waiting
            ],
        },
        "ends": [
            {"label": label, "day": wareki(day), "typed": wareki_short(day),
             "is_closed": last is not None and day <= last.closed_through}
            for label, day in (
                (gettext("昨日"), ends.day), (gettext("先月末"), ends.month), (gettext("前年度末"), ends.year),
            )
        ],
        "year": _year(year) if year is not None else None,
        "closings": [_closing(one) for one in Closing.objects.order_by("-closed_through")[:LAST]],
        "years": [
            {"year": wareki_fiscal_year(one.fiscal_year), "closed_at": moment(one.closed_at)}
            for one in YearClosing.objects.order_by("-fiscal_year")[:LAST]
        ],
    }  # fmt: skip
    return render(request, "closing/overview.html", context, status=422 if asked.errors else 200)


def _year(year: int) -> dict[str, Any]:
    return {
        "year": year, "name": wareki_fiscal_year(year), "last_day": wareki(closing_day(year)),
        "may_close": checklist.may_close(year),
    }  # fmt: skip


def _closing(one: Closing) -> dict[str, Any]:
    shown = (Account.RECEIVABLE, Account.IN_TRANSIT, Account.CASH, Account.OVERPAID, Account.SUSPENSE)
    return {
        "day": wareki(one.closed_through), "at": moment(one.closed_at),
        "balances": [
            {"name": gettext(account.label), "yen": f"{abs(one.balances.get(account, 0)):,}"} for account in shown
        ],
    }  # fmt: skip


@needs("payments.close")
@require_POST
def year(request: HttpRequest) -> HttpResponse:
    """Close the money of a fiscal year, for good (出納閉鎖)."""
    asked, form = cast(StaffRequest, request), YearForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data["year"]
        try:
            pressed_once(asked, lambda: close_year(actor=asked.staff, year=wanted).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            said = {"year": wareki_fiscal_year(wanted)}
            messages.success(request, gettext("%(year)sの出納を閉鎖しました。計数は確定しました。") % said)
            return redirect("closing:overview")
    return _page(request, ClosingForm(), form, form)
