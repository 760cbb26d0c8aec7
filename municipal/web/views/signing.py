"""Signing what is submitted with the card's second PIN (電子署名の画面).

The PIN is tried with no door open, so that a wrong one counts whatever becomes of the page; the draft stays as it is.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from municipal.applicants.operations import sign
from municipal.applicants.relying import is_simulated
from municipal.applications.operations import submit, to_sign
from municipal.applications.operations.submitting import lacking
from municipal.applications.prefill import has_any
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.web.forms.refusing import show
from municipal.web.forms.signing import SignForm

from .applicant_doors import holder, is_blind, opened, token_of
from .apply import framed, shown, to, told
from .pay import town_of

NO_SIGNING = _("この自治体では、まだ電子署名ができません。担当課の窓口で申請してください。")


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_page(request: HttpRequest, town: str, draft: UUID) -> HttpResponse:
    """The PIN of the signature, and with it the application is handed in (署名と提出)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            found = opened(request, draft)
            context = framed(request, place, found.language, draft=found)
            context["title"] = found.asked.title.said(context["language"])
            if found.case_id is not None:
                return to("receipt", context["language"], place.code, draft)
            is_to_read = not found.filled and has_any(found.asked, found.about)
            if found.asked.assurance != "signature" or is_blind(request) or is_to_read or lacking(found):
                return to("check", context["language"], place.code, draft)
            digest = to_sign(found)
        if not is_simulated(place):
            raise Refused(NO_SIGNING, code="no_signing")
        return _signed(request, place, draft, digest, context)
    except Refused as refused:
        return told(request, place, refused)


def _signed(
    request: HttpRequest, place: Municipality, draft: UUID, digest: str, context: dict[str, Any]
) -> HttpResponse:
    with override(context["language"]):
        form = SignForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                said = form.cleaned_data
                made = sign(town=place.pk, number=said["number"], pin=said["pin"], text=digest.encode())
                with wall.within(place.pk):
                    submit(actor=holder(request), draft=draft, token=token_of(request), signed=made)
            except Refused as refused:
                show(form, refused)
            else:
                return to("receipt", context["language"], place.code, draft)
    return shown(request, "sign", context | {"form": form}, 422 if form.errors else 200)
