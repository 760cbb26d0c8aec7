"""Requests to the national network: asked, listed, with their answers and errors (住基ネットへの要求の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from municipal.audit.operations import disclose
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.numbers.models import NetworkRequest, RequestState
from municipal.numbers.operations.requests import request as request_it
from municipal.numbers.operations.requests import set_destination
from municipal.web.forms.numbers import DestinationForm, RequestFilterForm, RequestForm

from . import people
from .numbers import NUMBER, person_of
from .paging import pager

PAGE = 50


@needs(NUMBER)
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every request, the newest first: sent or not, answered or not, and what was wrong (要求の一覧)."""
    asked, form = cast(StaffRequest, request), RequestFilterForm(request.GET)
    found = NetworkRequest.objects.order_by("-pk").select_related("addressee")
    if form.is_valid():
        said = form.cleaned_data
        conditions = {"kind": said["kind"], "state": said["state"], "addressee__number": said["number"]}
        found = found.filter(**{name: value for name, value in conditions.items() if value})
    else:
        found = found.none()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    if listed:
        disclose(actor=asked.staff, subjects=[one.addressee_id for one in listed], fields=["name"])
    context = {
        "form": form, "rows": [_row(one) for one in listed], "pager": pager(page, request), "line": _line(),
    }  # fmt: skip
    return render(request, "numbers/requests.html", context, status=422 if form.errors else 200)


def _row(one: NetworkRequest) -> dict[str, str]:
    return {
        "number": one.addressee.number, "name": one.addressee.name, "kind": gettext(one.get_kind_display()),
        "state": gettext(one.get_state_display()), "made_at": people.moment(one.made_at),
        "sent_at": people.moment(one.sent_at) if one.sent_at else "",
        "answered_at": people.moment(one.answered_at) if one.answered_at else "", "error": one.error,
    }  # fmt: skip


def _line() -> dict[str, Any]:
    """How the line stands: what waits, what failed, when the last answer came."""
    counts = dict(NetworkRequest.objects.values_list("state").annotate(count=Count("pk")).order_by())
    last = NetworkRequest.objects.aggregate(sent=Max("sent_at"), answered=Max("answered_at"))
    return {
        "waiting": counts.get(RequestState.WAITING, 0), "unanswered": counts.get(RequestState.SENT, 0),
        "failed": counts.get(RequestState.FAILED, 0),
        "sent_at": people.moment(last["sent"]) if last["sent"] else "",
        "answered_at": people.moment(last["answered"]) if last["answered"] else "",
    }  # fmt: skip


@needs("residents.enter")
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Put one request about a person into the queue; pressed twice, it waits once (要求の作成)."""
    asked, found, form = cast(StaffRequest, request), person_of(number), RequestForm(request.POST)
    if NUMBER not in asked.permissions:
        raise Refused("この番号を扱う権限がありません。システム管理者に確かめてください。", code="forbidden")
    if not form.is_valid():
        raise Refused("要求の種類を一覧から選んでください。", field="kind", code="no_such_request")
    request_it(actor=asked.staff, kind=form.cleaned_data["kind"], addressee=found.addressee.pk)
    messages.success(request, gettext("住基ネットへの要求を作りました。次の送信で送られます。"))
    return redirect("numbers:page", number)


@needs("residents.enter")
@require_POST
@implements("resident-record/1.0#7.1.1.4/m3")
def destination(request: HttpRequest, number: str) -> HttpResponse:
    """Where the number notice and the card go instead of home; what was named is not shown again (居所への送付)."""
    asked, found, form = cast(StaffRequest, request), person_of(number), DestinationForm(request.POST)
    if NUMBER not in asked.permissions:
        raise Refused("この番号を扱う権限がありません。システム管理者に確かめてください。", code="forbidden")
    if not form.is_valid():
        raise Refused("居所を300文字以内で入れてください。", field="address", code="invalid")
    set_destination(actor=asked.staff, addressee=found.addressee.pk, **form.cleaned_data)
    messages.success(request, gettext("送付先を記録しました。次の送信で送られます。"))
    return redirect("numbers:page", number)
