"""Checking a bundle, handing it in as one, the receipt, and how it stands afterwards (手続一式の画面)."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.applicants.relying import is_simulated
from municipal.applications.bundling.holding import is_open
from municipal.applications.bundling.paper import write_receipt
from municipal.applications.bundling.reading import Reading, read
from municipal.applications.keys import code_of
from municipal.applications.models import Bundle
from municipal.applications.operations.bundles import cases_of, digests, discard_bundle, hand_in, share_out, token_of
from municipal.applications.operations.signing_bundles import sign_each
from municipal.applications.rules.answers import is_asked, said
from municipal.applications.rules.applicant import CHECK, HELD, PAPERS, YOU
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.municipalities.sentences import sentence
from municipal.web.forms.refusing import show
from municipal.web.forms.signing import SignForm

from .applicant_doors import holder
from .apply import told
from .bundle_doors import around, of_applicant, opened, order_of, page_of, to
from .bundle_files import there
from .bundle_held import held_rows
from .bundle_standing import standing
from .downloads import download
from .events import COOKIE, shown
from .pay import town_of
from .signing import NO_SIGNING


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, town: str, public: UUID) -> HttpResponse:
    """Everything once more, each with a link to change it; then the button that hands all of it in (確認と提出)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            reading = read(opened(request, public))
            context = around(request, place, reading, CHECK)
            if reading.bundle.submitted_at is not None:
                return to("receipt", context["language"], place, public)
            if request.method != "POST":
                return shown(request, "check", context | _checked(reading, context["language"]))
            return _sent(request, place, reading, context)
    except Refused as refused:
        return told(request, place, refused)


def _sent(request: HttpRequest, place: Municipality, reading: Reading, context: dict[str, Any]) -> HttpResponse:
    language, public = context["language"], reading.bundle.public
    checked = _checked(reading, language)
    if not checked["is_complete"]:
        return shown(request, "check", context | checked, 422)
    if reading.assurance == "signature":
        share_out(actor=holder(request), bundle=reading.bundle)
        return to("sign", language, place, public)
    try:
        hand_in(actor=holder(request), bundle=reading.bundle)
    except Refused as refused:
        with override(language):
            said_so = {"refusal": sentence(refused)}
        return shown(request, "check", context | checked | said_so, 422)
    return to("receipt", language, place, public)


def _checked(reading: Reading, language: str) -> dict[str, Any]:
    lacking = reading.lacking()
    missing = set(lacking)
    people = {ref: dict(one) for ref, one in reading.known.people.items()}
    rows: list[dict[str, Any]] = [
        {"label": field.label.said(language), "lines": said(field, reading.bundle.applicant.get(field.name), people,
         language), "page": YOU, "is_wrong": field.name in missing}
        for field in of_applicant(reading)
    ]  # fmt: skip
    with override(language):
        held = [
            {"label": one["label"], "lines": [*one["lines"], one["sentence"], one["typed"]], "page": HELD,
             "is_wrong": one["is_notice"] and one["is_confirmed"] is None and one["status"] in ("held", "withheld")}
            for one in held_rows(reading, language)
        ]  # fmt: skip
    rows += _answers(reading, missing, people, language) + held
    for row in rows:
        row["lines"] = [line for line in row["lines"] if line]
    is_complete = not missing and not any(map(is_open, reading.drafts))
    first = next((page_of(reading, key) for key in lacking), order_of(reading)[0])
    return {
        "rows": rows, "is_complete": is_complete, "is_signed": reading.assurance == "signature", "first": first,
        "procedures": [part.entry.title.said(language) for part in reading.parts],
        "is_account": reading.bundle.account_id is not None,
    }  # fmt: skip


def _answers(
    reading: Reading, missing: set[str], people: dict[str, dict[str, str]], language: str
) -> list[dict[str, Any]]:
    rows = []
    for slot in reading.slots:
        if not is_asked(slot.field, reading.fields):
            continue
        lines = [] if slot.field.type == "file" else said(slot.field, reading.fields.get(slot.key), people, language)
        files = [one.name for one in there(reading, slot.key)] if slot.field.type == "file" else []
        rows.append({
            "label": slot.field.label.said(language), "lines": [*lines, *files], "page": slot.page,
            "is_wrong": slot.key in missing,
        })  # fmt: skip
    for paper in reading.papers:
        names = [one.name for one in there(reading, paper.field.name)]
        label = paper.field.label.said(language)
        rows.append({"label": label, "lines": names, "page": PAPERS, "is_wrong": False})
    return rows


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_page(request: HttpRequest, town: str, public: UUID) -> HttpResponse:
    """The PIN of the signature once; each application is signed with it, and all are handed in (署名と提出)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            reading = read(opened(request, public))
            context = around(request, place, reading, CHECK)
            language = context["language"]
            if reading.bundle.submitted_at is not None:
                return to("receipt", language, place, public)
            if not _checked(reading, language)["is_complete"] or reading.assurance != "signature":
                return to("check", language, place, public)
            wanted = digests(read(reading.bundle))
        if not is_simulated(place):
            raise Refused(NO_SIGNING, code="no_signing")
        return _signed(request, place, reading.bundle, wanted, context)
    except Refused as refused:
        return told(request, place, refused)


def _signed(
    request: HttpRequest, place: Municipality, bundle: Bundle, wanted: dict[int, str], context: dict[str, Any]
) -> HttpResponse:
    with override(context["language"]):
        form = SignForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                said_so = form.cleaned_data
                made = sign_each(town=place.pk, number=said_so["number"], pin=said_so["pin"], texts=wanted)
                with wall.within(place.pk):
                    hand_in(actor=holder(request), bundle=opened(request, bundle.public), signed=made)
            except Refused as refused:
                show(form, refused)
            else:
                return to("receipt", context["language"], place, bundle.public)
    return shown(request, "sign", context | {"form": form, "parts": len(wanted)}, 422 if form.errors else 200)


def _codes(bundle: Bundle) -> list[str]:
    """The codes that open the cases of a guest; whoever signs in needs none."""
    if bundle.account_id is not None:
        return []
    return [code_of(token_of(bundle, number)) for number in range(1, len(cases_of(bundle)) + 1)]


@open_to_all
@never_cache
@require_safe
def receipt(request: HttpRequest, town: str, public: UUID) -> HttpResponse:
    """Every number, to be kept, and how each application stands and what is next by when (控えと状況)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            bundle = opened(request, public)
            if bundle.submitted_at is None:
                return to("page", bundle.language, place, public, YOU)
            reading = Reading(bundle)
            context = around_receipt(request, place, reading)
            with override(context["language"]):
                context |= standing(bundle, context["language"], _codes(bundle))
            return shown(request, "receipt", context)
    except Refused as refused:
        return told(request, place, refused)


def around_receipt(request: HttpRequest, place: Municipality, reading: Reading) -> dict[str, Any]:
    """The frame without steps: there is nothing left to fill in (控えの枠)."""
    from .apply import framed

    bundle = reading.bundle
    context = framed(request, place, bundle.language, bundle=bundle, is_account=bundle.account_id is not None)
    return context | {"title": reading.event.title.said(context["language"])}


@open_to_all
@never_cache
@require_safe
def receipt_file(request: HttpRequest, town: str, public: UUID) -> HttpResponse:
    """The same on paper (一式の控え)."""
    place, file = town_of(town), BytesIO()
    try:
        with wall.within(place.pk):
            bundle = opened(request, public)
            if bundle.submitted_at is None:
                raise Http404
            write_receipt(file, bundle, cases_of(bundle), _codes(bundle))
    except Refused as refused:
        return told(request, place, refused)
    return download(file.getvalue(), f"applications-{bundle.event}.pdf", "application/pdf")


@open_to_all
@require_POST
def discard(request: HttpRequest, town: str, public: UUID) -> HttpResponse:
    """Throw away what was written (手続一式の破棄)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            bundle = opened(request, public)
            event, language = bundle.event, bundle.language
            discard_bundle(actor=holder(request), bundle=bundle)
    except Refused as refused:
        return told(request, place, refused)
    response = redirect(f"{reverse('bundles:questions', args=[place.code, event])}?lang={language}")
    response.delete_cookie(COOKIE, path=f"/events/{place.code}/bundles/{public}", samesite="Lax")
    return response
