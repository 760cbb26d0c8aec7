"""Messages on both pages of a case: the office's and the applicant's (申請についてのやりとりの部品)."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from municipal.applications.models import Case, Channel, Side
from municipal.applications.operations.messaging import mark_read, read_through, unread, write
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs, open_to_all
from municipal.municipalities import wall
from municipal.municipalities.sentences import sentence
from municipal.web.forms.messages import MessageForm
from municipal.web.forms.refusing import show, show_and_log
from municipal.web.languages import moment_said
from municipal.web.panels import Panel, for_applicants, for_clerks

from . import people
from .applicant_doors import holder
from .applied import opened_case
from .apply import framed, shown, to, told
from .me import pressed_once as pressed_by_applicant
from .once import new_key, pressed_once
from .pay import town_of

WORK = "applications.work"


def _files(case: Case) -> list[tuple[str, str]]:
    return [(str(ref), name) for ref, name in case.attachments.order_by("pk").values_list("ref", "name")]


def _rows(case: Case, reader: Side) -> list[dict[str, Any]]:
    """Messages in their order; of one's own whether the other side has seen them, of the others' which are new."""
    files, seen = dict(_files(case)), read_through(case, reader)
    other = read_through(case, Side.APPLICANT if reader == Side.OFFICE else Side.OFFICE)
    return [
        {
            "at": people.moment(one.at) if reader == Side.OFFICE else moment_said(one.at), "text": one.text,
            "is_mine": one.side == reader, "is_new": one.side != reader and one.number > seen,
            "is_read": one.side == reader and one.number <= other, "is_office": one.side == Side.OFFICE,
            "file": files.get(str(one.attachment), ""), "ref": one.attachment,
        }
        for one in case.messages.order_by("number")
    ]  # fmt: skip


def _seen(actor: Actor, case: Case, reader: Side) -> list[dict[str, Any]]:
    rows = _rows(case, reader)
    if unread(case, reader):
        mark_read(actor=actor, case=case, through=len(rows))
    return rows


def _said(form: MessageForm) -> dict[str, Any]:
    ref = form.cleaned_data.get("attachment")
    return {"text": form.cleaned_data["text"], "attachment": UUID(ref) if ref else None}


@for_clerks(80)
def clerk_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What was written, and a field for one more; whoever works on cases has read it then (職員のやりとり)."""
    asked = cast(StaffRequest, request)
    if case.forgotten_at is not None:
        return None
    may_write = WORK in asked.permissions
    rows = _seen(asked.staff, case, Side.OFFICE) if may_write else _rows(case, Side.OFFICE)
    return Panel("cases/messages.html", {
        "case": case, "rows": rows, "form": MessageForm(_files(case)), "may_write": may_write,
        "key": f"{new_key(request)}-message",
    })  # fmt: skip


@needs(WORK)
@require_POST
def send(request: HttpRequest, number: int) -> HttpResponse:
    """A message of the office (職員のメッセージの送信)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    form = MessageForm(_files(case), request.POST)
    if form.is_valid():
        try:
            pressed_once(asked, lambda: write(actor=asked.staff, case=case.pk, **_said(form)).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("メッセージを送りました。"))
            return redirect("cases:case", case.pk)
    context = {"case": case, "rows": _rows(case, Side.OFFICE), "form": form, "may_write": True, "key": new_key(request)}
    return render(request, "cases/message.html", {"case": case, "form": form, "panel": context}, status=422)


@for_applicants(60)
def applicant_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What was written, and a field for one more; where nobody applied online there is none (申請者のやりとり)."""
    if case.channel != Channel.ONLINE or case.forgotten_at is not None:
        return None
    rows = _seen(holder(request), case, Side.APPLICANT)
    return Panel("apply/messages.html", {
        "case": case, "rows": rows, "form": MessageForm(_files(case)), "key": new_key(request),
        "town": f"{case.municipality_id:06d}",
    })  # fmt: skip


@open_to_all
@never_cache
@require_POST
def send_own(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """A message of the applicant, or of whoever acts for them (申請者のメッセージの送信)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            case = opened_case(request, place, number)
            if case is None:
                raise Http404
            context = framed(request, place, case.language)
            with override(context["language"]):
                form = MessageForm(_files(case), request.POST)
                if form.is_valid() and _sent(request, case, form):
                    return to("case", context["language"], place.code, case.number)
            panel = {"case": case, "rows": _rows(case, Side.APPLICANT), "form": form, "key": new_key(request)}
            context |= {"case": case, "form": form, "panel": panel | {"town": place.code}}
    except Refused as refused:
        return told(request, place, refused, 422)
    return shown(request, "message", context, 422)


def _sent(request: HttpRequest, case: Case, form: MessageForm) -> bool:
    actor = holder(request)
    try:
        pressed_by_applicant(request, actor, lambda: write(actor=actor, case=case.pk, **_said(form)).pk)
    except Refused as refused:
        if refused.field:
            show(form, refused)
        else:
            form.add_error(None, sentence(refused))
        return False
    return True
