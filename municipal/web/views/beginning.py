"""The first page of an application: what will be asked, who applies, for whom (申請の開始の画面)."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from municipal.addressees.models import Addressee
from municipal.applicants.models import ApplicantSession, Delegation
from municipal.applicants.operations import held_by
from municipal.applicants.rules import covers
from municipal.applications.operations import Begun, begin
from municipal.applications.operations.drafting import KEPT_FOR
from municipal.applications.rules.applicant import YOU, papers
from municipal.applications.standing import NOT_FOR_THEM
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.procedures.catalogue import Entry, entry_of
from municipal.procedures.offered import current
from municipal.web.languages import language_of

from .applicant_doors import COOKIE, holder, visitor, way_in
from .apply import framed, shown, to, told
from .pay import town_of
from .procedures import ASSURANCES

WHY_CARD = {
    "card": _("この手続は、カードと4桁の暗証番号でサインインして申請します。"),
    "signature": _("この手続は、カードと4桁の暗証番号でサインインし、最後に署名用の暗証番号で署名します。"),
}  # fmt: skip


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, town: str, code: str) -> HttpResponse:
    """What will be asked, who applies for whom, and a button that begins (申請の開始)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            content = current(code)
            if content is None or content["kind"] != "online":
                raise Http404
            entry, session = entry_of(content), visitor(request)
            language = language_of(request)
            if request.method != "POST":
                said = _described(entry, language) | _people(request, entry, session)
                return shown(request, "start", framed(request, place, **said, way_in=way_in(request, place.code)))
            if session is None and entry.assurance != "none":
                return to("start", language, place.code, code)
            about = _chosen(request.POST.get("about", ""), entry, session)
            made = begin(actor=holder(request), procedure=code, language=language, about=about)
            return sent_on(place, made, language)
    except Refused as refused:
        return told(request, place, refused, 403)


def sent_on(place: Municipality, made: Begun, language: str, page: str = YOU) -> HttpResponse:
    """On to a page of a draft, whose secret this browser keeps (下書きへ進む)."""
    response = to("page", language, place.code, made.draft.public, page)
    response.set_cookie(
        COOKIE, made.token, max_age=int(KEPT_FOR.total_seconds()), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, path=f"/apply/{place.code}/drafts/{made.draft.public}",
    )  # fmt: skip
    return response


def delegations_for(session: ApplicantSession | None, procedure: str) -> list[Delegation]:
    """The delegations with which somebody signed in may do this procedure (使える委任)."""
    held = held_by(session.applicant) if session else []
    return [one for one in held if covers(one.procedures, procedure)]


def _chosen(about: str, entry: Entry, session: ApplicantSession | None) -> Addressee | None:
    """The principal of the delegation that was chosen; None for oneself. Raises Refused for any other."""
    if not about:
        return None
    for one in delegations_for(session, entry.id):
        if about == str(one.pk):
            return one.principal
    raise Refused(NOT_FOR_THEM, field="about", code="not_for_them")


def _people(request: HttpRequest, entry: Entry, session: ApplicantSession | None) -> dict[str, Any]:
    with override(language_of(request)):
        principals = [
            {"number": one.pk, "name": one.principal.name, "kind": one.get_kind_display()}
            for one in delegations_for(session, entry.id)
        ]
    asked = request.GET.get("about", "")
    return {
        "session": session, "principals": principals,
        "about": asked if any(str(one["number"]) == asked for one in principals) else "",
        "why_card": WHY_CARD.get(entry.assurance, "") if session is None else "",
    }  # fmt: skip


def _described(entry: Entry, language: str) -> dict[str, Any]:
    return {
        "title": entry.title.said(language), "summary": entry.summary.said(language),
        "desk": entry.desk.said(language), "who": entry.who.said(language), "fee": entry.fee_text.said(language),
        "code": entry.id, "questions": [one.label.said(language) for one in entry.asks],
        "papers": [{"title": one.label.said(language), "how": one.help.said(language) if one.help else ""}
                   for one in papers(entry)],
        "assurance": ASSURANCES[entry.assurance], "is_for_guests": entry.assurance == "none",
        "steps": [one.said(language) for one, _why in entry.paper_steps],
    }  # fmt: skip
