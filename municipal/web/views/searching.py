"""Searching by several conditions, and what one searched before; letters enlarged (条件を指定する検索・文字の画面)."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.glyphs import glyphs_of, in_code
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs, signed_in
from municipal.municipalities.sentences import sentence
from municipal.places.finding import ward_of, wards
from municipal.residents import inquiry
from municipal.residents.search import Conditions, Hits, find_by, remember, remembered
from municipal.residents.stored import within_reach
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.searching import ConditionsForm

from . import people

MOST_LETTERS = 40


@needs("residents.search")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#2.1.1/m1", "resident-record/1.0#2.1.1/m2", "resident-record/1.0#2.1.3/m2")
@prints_addresses("residents.conditions", Purpose.SCREEN)
def conditions(request: HttpRequest) -> HttpResponse:
    """Whoever meets every condition; everybody in the list counts as seen (条件を指定する検索).

    Sent by POST, so that neither names nor numbers stand in an address or in a server's log.
    """
    asked = cast(StaffRequest, request)
    kept = remembered(asked.staff)
    form = _form(asked, kept)
    shown, hits = None, Hits(())
    if form.is_bound and form.is_valid():
        wanted = form.conditions()
        try:
            hits, _stored = within_reach(find_by(wanted), asked.permissions)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            remember(asked.staff, wanted)
            shown, kept = _people(asked, form, hits), remembered(asked.staff)
    context = {"form": form, "people": shown, "kept": [_kept(number, one) for number, one in kept]}
    return render(request, "residents/conditions.html", context, status=422 if form.errors else 200)


def _form(request: StaffRequest, kept: list[tuple[int, Conditions]]) -> ConditionsForm:
    own = wards()
    said = dict(kept).get(_whole(request.GET.get("again", "")))
    known: dict[str, Any] = said.as_json() if said else {"ward_code": ward_of(request.staff.department)}
    data = request.POST if request.method == "POST" else None
    return ConditionsForm(data, initial=known, wards=own, permissions=request.permissions)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _people(request: StaffRequest, form: ConditionsForm, hits: Hits) -> list[dict[str, Any]]:
    rows = inquiry.rows(hits.addressees)
    if rows:
        purpose = form.cleaned_data["purpose"] or inquiry.COUNTER
        seen = [row["addressee_id"] for row in rows]
        disclose(actor=request.staff, subjects=seen, fields=inquiry.LIST_FIELDS, purpose=purpose)
    return [people.row(row, is_former_name=row["addressee_id"] in hits.by_former_name) for row in rows]


def _kept(number: int, asked: Conditions) -> dict[str, Any]:
    """One search of before in words: what was asked, in the order of the form."""
    said = asked.said()
    words = [", ".join(value) if isinstance(value, tuple) else str(value) for value in said.values()]
    return {"number": number, "words": " / ".join(words), "box": asked.box}


@signed_in()
@require_safe
@implements("resident-record/1.0#2.2.3/m1", "resident-record/1.0#2.1.3/m7")
def letters(request: HttpRequest) -> HttpResponse:
    """Letters enlarged, their codes, and the letters that are searched for as the same (文字の拡大と文字コード)."""
    typed, error = request.GET.get("q", ""), ""
    try:
        refuse_unstorable(typed, MOST_LETTERS, "q")
        found = in_code(typed) or typed
    except Refused as refused:
        found, error = "", sentence(refused)
    context = {
        "typed": typed, "error": error, "rows": glyphs_of(found), "most": MOST_LETTERS,
        "none": gettext("文字を入れてください。") if not found and not error else "",
    }  # fmt: skip
    return render(request, "residents/letters.html", context, status=422 if error else 200)
