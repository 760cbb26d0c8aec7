"""What is written after an act: record sheet, notices, requests; who has no head (職権記録書・通知書の画面)."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.codes import table
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.residents import inquiry, remarks
from municipal.residents import letters as due
from municipal.residents.models import ResidentEvent, ResidentRecord, StandingNote
from municipal.residents.operations import set_standing_note
from municipal.residents.secrecy import secrets
from municipal.residents.suppression import INQUIRY, decide
from municipal.web.forms.notes import StandingNoteForm
from municipal.web.forms.refusing import show_and_log

from . import people
from .entering import act_title
from .once import new_key, pressed_once
from .paging import pager

PAGE = 50


@needs("residents.history")
@require_safe
@implements("resident-record/1.0#4.2.0.1/m2", "resident-record/1.0#4.2.0.1/m3", "resident-record/1.0#4.0.4/m2")
@prints_addresses("notes.letters", Purpose.SCREEN)
def of_event(request: HttpRequest, event: int) -> HttpResponse:
    """The record sheet and the letters that follow from an act, with what each says (異動のあとの通知)."""
    asked = cast(StaffRequest, request)
    found = ResidentEvent.objects.filter(pk=event).first() if event < 2**63 else None
    if found is None:
        raise Http404
    decide(INQUIRY, found.subjects).refuse_errors()
    reader = remarks.Reader(asked.permissions, secrets())
    shown = [_letter(one, reader) for one in due.letters(found)]
    disclose(actor=asked.staff, subjects=found.subjects, fields=["name", "remarks"])
    context = {
        "letters": shown, "title": act_title(found.act), "today": wareki(clock.today()), "town": asked.town.name,
        "event_on": found.event_on.shown() if found.event_on else "", "processed_on": wareki(found.processed_on),
    }  # fmt: skip
    return render(request, "notes/letters.html", context)


def _letter(one: due.Letter, reader: remarks.Reader) -> dict[str, Any]:
    return {
        "title": gettext(one.title), "kind": one.kind, "household": one.household.number,
        "recipient": _recipient(one.recipient, reader) if one.recipient else None,
        "rows": [_row(row, reader) for row in one.rows],
    }  # fmt: skip


def _recipient(row: ResidentRecord, reader: remarks.Reader) -> dict[str, str]:
    return {"number": row.addressee.number, "name": row.name, "address": reader.value(row, "address")}


def _row(row: ResidentRecord, reader: remarks.Reader) -> dict[str, str]:
    before = row.addressee.records.filter(serial__lt=row.serial).order_by("-serial").first()
    return {
        "number": row.addressee.number, "name": row.name, "text": remarks.history_line(before, row, reader),
    }  # fmt: skip


@needs("residents.view")
@require_safe
@implements("resident-record/1.0#4.0.5/m2", "resident-record/1.0#4.0.5/m3")
def headless(request: HttpRequest) -> HttpResponse:
    """Households without a head, and to whom the request goes (世帯主変更依頼の対象者リスト)."""
    asked = cast(StaffRequest, request)
    page = Paginator(due.headless(), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    rows = {row["addressee_id"]: row for row in inquiry.rows([one.addressee_id for _, one in shown])}
    if rows:
        disclose(actor=asked.staff, subjects=list(rows), fields=inquiry.LIST_FIELDS)
    context = {
        "people": [people.row(rows[one.addressee_id]) for _, one in shown], "count": page.paginator.count,
        "pager": pager(page, request),
    }  # fmt: skip
    return render(request, "notes/headless.html", context)


@needs("register.settings")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#1.1.14/m6")
def standing_notes(request: HttpRequest) -> HttpResponse:
    """The notes that acts of each reason get by themselves (定型の留意事項)."""
    asked, named = cast(StaffRequest, request), [(code.code, code.name_ja) for code in table("event_reason").values()]
    form = StandingNoteForm(request.POST or None, reasons=named)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            pressed_once(asked, lambda: bool(set_standing_note(actor=asked.staff, **said)))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("定型の留意事項を記録しました。"))
            return redirect("notes:standing")
    labels = dict(named)
    kept = [{"reason": labels.get(one.reason, one.reason), "text": one.text} for one in StandingNote.objects.all()]
    context = {"form": form, "notes": kept, "key": new_key(request)}
    return render(request, "notes/standing.html", context, status=422 if form.errors else 200)
