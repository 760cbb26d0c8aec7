"""Whose changes the immigration agency is to be told of (入管庁への通知の対象者の画面)."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from municipal.audit.operations import disclose
from municipal.identity.access import StaffRequest, needs
from municipal.residents import inquiry
from municipal.residents.agency import BASIC, BOTH, IMMIGRATION, Told, to_be_told
from municipal.residents.shown import written
from municipal.web.forms.months import MonthForm

from .entering import act_title
from .paging import pager

PAGE = 50
LAWS = {BOTH: _("住基法・入管法"), IMMIGRATION: _("入管法"), BASIC: _("住基法")}


@needs("residents.view", "item.residence_status")
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """The changes of foreign residents processed in a month, by the law they fall under (通知対象者一覧)."""
    form = MonthForm(request.GET)
    is_wrong = not form.is_valid()
    page = Paginator(to_be_told(form.first()), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    people = {row["addressee_id"]: row for row in inquiry.rows([one.record.addressee_id for one in shown])}
    if people:
        disclose(actor=cast(StaffRequest, request).staff, subjects=list(people), fields=["name"])
    context = {
        "form": form, "rows": [_row(one, people) for one in shown], "count": page.paginator.count,
        "pager": pager(page, request),
    }  # fmt: skip
    return render(request, "received/agency.html", context, status=422 if is_wrong else 200)


def _row(one: Told, people: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """One change; never an address."""
    person = people[one.record.addressee_id]
    assert one.record.event is not None
    return {
        "number": person["addressee__number"], "name": person["name"], "act": act_title(one.record.event.act),
        "badges": ["protected"] if person["is_protected"] else [],
        "event_on": written("event_on", one.record.event_on, kind=one.record.kind), "law": LAWS[one.law],
    }  # fmt: skip
