"""Issuing a certificate at the counter: asked for, looked at, issued (証明書の交付)."""

import base64
import io
from threading import Lock
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from pypdfium2 import PdfDocument

from municipal.addressees.models import LifeState
from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.certificates.contents import Block, Item
from municipal.certificates.kinds import COPIES, KINDS, Kind
from municipal.certificates.operations import Preview, copy_screen, issue, preview, settings_of
from municipal.certificates.operations.arranging import members
from municipal.certificates.paper.page import Overflow
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.identity.answers import source_of
from municipal.municipalities.sentences import sentence
from municipal.places.finding import terminal_at
from municipal.places.models import InputPlace
from municipal.residents import inquiry
from municipal.residents.models import Kind as ResidentKind
from municipal.web.forms.certificates import IssueForm
from municipal.web.forms.refusing import show_and_log

from .once import new_key, pressed_once

NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "do", "confirmed", "key"})
SCALE = 1.4
"""Of the pictures of a preview: 101 dots an inch."""
_ONE_AT_A_TIME = Lock()
"""PDFium may not be called from two threads at once."""


@needs("certificates.issue")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#5.1/m1", "resident-record/1.0#5.1/m2", "resident-record/1.0#10.7/m2")
@prints_addresses("certificates.new", Purpose.SCREEN)
def new(request: HttpRequest, number: str) -> HttpResponse:
    """The request, its preview, the issue; the pressed button says which (証明書の交付)."""
    asked, person = cast(StaffRequest, request), inquiry.person(number)
    if person is None:
        raise Http404
    said = request.POST if request.method == "POST" else request.GET
    kind = _kind(said.get("kind", ""), person)
    form = _form(request, person, kind)
    if request.method != "POST" or said.get("do") == "back" or not form.is_valid():
        return _shown(asked, form, person, 422 if form.is_bound and form.errors else 200)
    try:
        return _answered(asked, form, person)
    except Refused as refused:
        show_and_log(asked, form, refused)
        return _shown(asked, form, person, 422)


def _kind(code: str, person: inquiry.Person) -> Kind:
    """The form that was chosen, or the usual one for somebody in this state (CERT-05, CERT-06)."""
    is_removed = person.record.status != LifeState.RESIDENT
    if code in _kinds(person):
        return KINDS[code]
    return KINDS["removed_copy" if is_removed else "household_copy"]


def _kinds(person: inquiry.Person) -> list[str]:
    """The forms that there may be of somebody in this state."""
    is_removed = person.record.status != LifeState.RESIDENT
    usual = [code for code in COPIES if KINDS[code].removed == is_removed and not KINDS[code].remade]
    remade = [code for code in COPIES if KINDS[code].remade and inquiry.former_records(person.addressee)]
    return [*usual, *remade]


def _form(request: HttpRequest, person: inquiry.Person, kind: Kind) -> IssueForm:
    rows = [person.record] if kind.remade else members(person.record.household, removed=kind.removed)
    people = [(row.addressee.number, row.name) for row in rows]
    data, number = request.POST if request.method == "POST" else None, person.addressee.number
    return IssueForm(
        data, kind=kind, members=people, settings=settings_of(kind.code), chosen=number,
        has_foreigners=any(row.kind == ResidentKind.FOREIGN for row in rows),
    )  # fmt: skip


def _shown(request: StaffRequest, form: IssueForm, person: inquiry.Person, status: int = 200) -> HttpResponse:
    rows = members(person.record.household)
    disclose(actor=request.staff, subjects=[person.addressee.pk, *(row.addressee_id for row in rows)], fields=["name"])
    is_removed = person.record.status != LifeState.RESIDENT
    context = {
        "form": form, "kind": form.kind, "person": {"number": person.addressee.number, "name": person.record.name},
        "kinds": [KINDS[code] for code in _kinds(person)],
        "fee": settings_of(form.kind.code).fee_yen, "may_arrange": not is_removed and len(rows) > 1,
    }  # fmt: skip
    return render(request, "certificates/new.html", context, status=status)


def _answered(request: StaffRequest, form: IssueForm, person: inquiry.Person) -> HttpResponse:
    terminal = terminal_at(source_of(request))
    place = InputPlace.objects.filter(code=terminal.place_code).first() if terminal else None
    asked = form.asked(
        terminal=terminal.name if terminal else "", place=place.name if place else request.staff.department[:30],
        confirmed=frozenset(code[:60] for code in request.POST.getlist("confirmed")),
    )  # fmt: skip
    do = request.POST.get("do")
    if do != "issue":
        found = preview(actor=request.staff, asked=asked)
        return _overflow_list(request, person, found) if do == "overflow" else _confirm(request, form, person, found)
    try:
        made = pressed_once(request, lambda: issue(actor=request.staff, asked=asked).pk)
    except Refused as refused:
        if not refused.code.startswith("unconfirmed:"):
            raise
        request.refusals.append(refused)
        return _confirm(request, form, person, preview(actor=request.staff, asked=asked), is_missing=True)
    messages.success(request, gettext("発行しました。印刷して交付してください。"))
    return redirect("certificates:issue", made)


@implements("resident-record/1.0#10.7/m3", "resident-record/1.0#5.8/m2")
def _confirm(
    request: StaffRequest, form: IssueForm, person: inquiry.Person, found: Preview, *, is_missing: bool = False
) -> HttpResponse:
    """The pages as they would be printed, what does not fit, what must be confirmed."""
    said, confirmed = request.POST, request.POST.getlist("confirmed")
    alerts = [
        {
            "code": alert.code, "sentence": sentence(alert.refusal()),
            "is_confirmed": alert.code in confirmed, "is_missing": is_missing and alert.code not in confirmed,
        }
        for alert in found.alerts
    ]  # fmt: skip
    context = {
        "person": {"number": person.addressee.number, "name": person.record.name}, "kind": form.kind,
        "pages": pictures(found.drawn.pdf), "blocks": _texts(found),
        "alerts": alerts, "key": new_key(request), "is_missing": is_missing,
        "overflows": [_overflow(one) for one in found.overflows], "copies": form.cleaned_data["copies"],
        "carried": [(name, value) for name in said if name not in NOT_CARRIED for value in said.getlist(name)],
    }  # fmt: skip
    return render(request, "certificates/confirm.html", context, status=422 if is_missing else 200)


def _texts(found: Preview) -> list[list[Item]]:
    """What the pages say, for whoever reads no pictures; individual numbers only stand in the picture."""
    contents = found.contents
    return [list(contents.heads), *(list(block.items) for block in (*contents.people, *contents.annexes))]


def _overflow(one: Overflow) -> dict[str, str]:
    missing = "".join(one.missing)
    return {"label": one.label, "text": one.text, "left_over": one.left_over, "missing": missing}


@implements("resident-record/1.0#10.7/m6", "resident-record/1.0#5.8/m2")
def _overflow_list(request: StaffRequest, person: inquiry.Person, found: Preview) -> HttpResponse:
    """The list of what does not fit or cannot be drawn, to be checked by hand on paper (文字超過リスト)."""
    blocks = [
        Block(
            one.label,
            (
                Item("text", "登録されている内容", one.text), Item("left_over", "印字されない部分", one.left_over),
                Item("missing", "書体にない文字", "　".join(f"U+{ord(letter):04X}" for letter in "".join(one.missing))),
            ),
        )
        for one in found.overflows
    ]  # fmt: skip
    pdf = copy_screen(
        actor=request.staff, title=f"文字超過リスト　{person.record.name}", groups=blocks,
        subjects=[person.addressee.pk], fields=["overflow"],
    )  # fmt: skip
    return as_pdf(pdf, "overflow.pdf")


def as_pdf(pdf: bytes, name: str) -> HttpResponse:
    """A PDF to be saved or printed, never kept by a cache (PDFの応答)."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def pictures(pdf: bytes) -> list[dict[str, Any]]:
    """Every page as a picture inside the page that shows it (頁の画像)."""
    found = []
    with _ONE_AT_A_TIME:
        document = PdfDocument(pdf)
        for index in range(len(document)):
            kept = io.BytesIO()
            document[index].render(scale=SCALE, grayscale=True).to_pil().save(kept, "PNG")
            found.append({"number": index + 1, "png": base64.b64encode(kept.getvalue()).decode()})
        document.close()
    return found
