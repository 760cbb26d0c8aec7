"""Notices of other authorities: what waits, a file taken in, a line set aside (受信した通知の画面)."""

from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.audit.operations import disclose
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.office.answers import Answer, once
from municipal.residents import inquiry
from municipal.residents.models import OPEN, Draft, Received, ReceivedKind
from municipal.residents.operations import close_received, receive
from municipal.residents.received import COLUMNS, notice_of, waiting
from municipal.web.forms.entry_shapes import WITHOUT_MEMBERS
from municipal.web.forms.received import KINDS, CloseForm, ReceivedFileForm, ReceivedFilterForm
from municipal.web.forms.refusing import show_and_log

from .entering import act_title
from .paging import pager

PAGE = 50
MOST_BYTES = 4 * 1024 * 1024


@needs("residents.enter")
@require_safe
@implements("resident-record/1.0#4.5.6/m4", "resident-record/1.0#4.1.3.1.2/m5")
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Every notice that nobody has taken in yet, whatever its day; unreadable ones first (未取込の一覧)."""
    asked = cast(StaffRequest, request)
    form = ReceivedFilterForm(request.GET)
    is_wrong = not form.is_valid()
    page = Paginator(waiting("" if is_wrong else form.cleaned_data["kind"]), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "form": form, "rows": _rows(asked, shown), "count": page.paginator.count, "pager": pager(page, request),
    }  # fmt: skip
    return render(request, "received/list.html", context, status=422 if is_wrong else 200)


def _rows(request: StaffRequest, shown: list[Received]) -> list[dict[str, Any]]:
    people = [row.addressee_id for row in shown if row.addressee_id]
    if people:
        disclose(actor=request.staff, subjects=people, fields=["name"])
    known = {row["addressee_id"]: row for row in inquiry.rows(list(dict.fromkeys(people)))}
    open_entries = Draft.objects.filter(state__in=OPEN, notice__answers__in=[row.pk for row in shown])
    drafts = {draft.notice["answers"]: draft.pk for draft in open_entries}
    return [_row(row, known.get(row.addressee_id or 0), drafts.get(row.pk)) for row in shown]


def _row(row: Received, person: dict[str, Any] | None, draft: int | None) -> dict[str, Any]:
    """One line of the list; never an address: whom it is about, and what can be entered."""
    act = notice_of(row).act
    return {
        "id": row.pk, "kind": KINDS[ReceivedKind(row.kind)], "noticed_on": wareki(row.noticed_on),
        "sender": row.sender, "problem": row.problem, "draft": draft, "act": act, "title": act_title(act),
        "name": person["name"] if person else row.said.get("name", ""),
        "number": person["addressee__number"] if person else "",
        "badges": ["protected"] if person and person["is_protected"] else [],
        "is_from_anywhere": act in WITHOUT_MEMBERS, "may_enter": act in WITHOUT_MEMBERS or person is not None,
        "closing": CloseForm(auto_id=f"close-{row.pk}-%s"),
    }  # fmt: skip


@needs("residents.enter")
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """A file taken in; sent twice it is taken in once (通知の取込)."""
    asked, is_sent = cast(StaffRequest, request), request.method == "POST"
    form = ReceivedFileForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and form.is_valid():
        try:
            return _taken(asked, form)
        except Refused as refused:
            show_and_log(asked, form, refused)
    columns = [{"kind": KINDS[ReceivedKind(kind)], "names": list(found.values())} for kind, found in COLUMNS.items()]
    context = {"form": form, "columns": columns, "key": uuid4().hex}
    return render(request, "received/file.html", context, status=422 if is_sent else 200)


def _taken(request: StaffRequest, form: ReceivedFileForm) -> HttpResponse:
    sent = form.cleaned_data["file"]
    if sent.size > MOST_BYTES:
        raise Refused("ファイルが大きすぎます。分けて取り込んでください。", field="file", code="too_large")
    content, kind = sent.read(), form.cleaned_data["kind"]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("ファイルの文字コードがUTF-8ではありません。", field="file", code="encoding") from None
    answer = once(
        actor=request.staff, key=request.POST.get("key", ""), body=kind.encode() + content,
        act=lambda: Answer(201, {"count": len(receive(actor=request.staff, kind=kind, text=text))}),
    )  # fmt: skip
    messages.success(request, gettext("%(count)d件の通知を取り込みました。") % {"count": answer.body["count"]})
    return redirect("received:list")


@needs("residents.enter")
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Set a notice aside that needs no act, with the reason (処理を要しない通知)."""
    asked, form = cast(StaffRequest, request), CloseForm(request.POST)
    if not form.is_valid():
        raise Refused("処理を要しない理由を入力してください。", field="because", code="reason_missing")
    because = form.cleaned_data["because"]
    once(
        actor=asked.staff, key=f"received-close-{number}", body=because.encode(),
        act=lambda: Answer(200, {"id": close_received(actor=asked.staff, received=number, because=because).pk}),
    )  # fmt: skip
    messages.success(request, gettext("処理を要しないものとしました。"))
    return redirect("received:list")
