"""Notices that came late, and people of whom no municipality reported the arrival (届出期限の画面)."""

from collections.abc import Iterable
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from municipal.audit.operations import disclose
from municipal.core.eras import wareki
from municipal.identity.access import StaffRequest, needs
from municipal.residents import inquiry
from municipal.residents.lateness import Late, NotArrived, late, not_arrived
from municipal.web.forms.months import LateForm, MonthForm

from .entering import act_title
from .paging import pager

PAGE = 50


@needs("residents.view")
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What was told after its last day among the acts processed in a month (期限を過ぎた届出)."""
    form = LateForm(request.GET)
    is_wrong = not form.is_valid()
    found = late(form.first(), "" if is_wrong else form.cleaned_data["act"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    people = _people(request, (number for one in shown for number in one.event.subjects))
    context = {
        "form": form, "rows": [_notice(one, people) for one in shown], "count": page.paginator.count,
        "pager": pager(page, request),
    }  # fmt: skip
    return render(request, "late/notices.html", context, status=422 if is_wrong else 200)


@needs("residents.view")
@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """Who was to leave in a month and has been reported by nobody (転入通知の未着)."""
    form = MonthForm(request.GET)
    is_wrong = not form.is_valid()
    page = Paginator(not_arrived(form.first()), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    people = _people(request, (one.record.addressee_id for one in shown))
    context = {
        "form": form, "rows": [_arrival(one, people) for one in shown], "count": page.paginator.count,
        "pager": pager(page, request),
    }  # fmt: skip
    return render(request, "late/arrivals.html", context, status=422 if is_wrong else 200)


def _people(request: HttpRequest, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Name, number and badges by addressee id; whoever is shown counts as disclosed."""
    rows = inquiry.rows(list(dict.fromkeys(numbers)))
    if rows:
        seen = [row["addressee_id"] for row in rows]
        disclose(actor=cast(StaffRequest, request).staff, subjects=seen, fields=["name"])
    return {
        row["addressee_id"]: {
            "number": row["addressee__number"], "name": row["name"],
            "badges": ["protected"] if row["is_protected"] else [],
        }
        for row in rows
    }  # fmt: skip


def _notice(one: Late, people: dict[int, dict[str, Any]]) -> dict[str, Any]:
    event = one.event
    return {
        "act": act_title(event.act), "people": [people[number] for number in event.subjects if number in people],
        "event_on": event.event_on.shown(), "last_day": wareki(one.last_day), "told_on": wareki(one.told_on),
        "days_late": one.days_late,
    }  # fmt: skip


def _arrival(one: NotArrived, people: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "person": people[one.record.addressee_id], "planned_on": wareki(one.gone_on), "days": one.days,
        "is_still_here": one.is_still_here, "was_removed": one.was_removed, "event": one.record.event_id,
    }  # fmt: skip
