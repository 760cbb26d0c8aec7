"""Who looked at my record, and why (私の記録の閲覧の画面)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from municipal.addressees.models import Addressee
from municipal.applicants.models import ApplicantSession
from municipal.applications.disclosed import (
    APPLICATION,
    DELEGATED,
    DESK,
    ENTITLEMENT,
    MONEY,
    NUMBER,
    OFFICE,
    REGISTER,
    Look,
    looks_at,
    told,
)
from municipal.audit.operations import disclose
from municipal.evidence.exchanges import ASKED, Exchange, exchanges_of
from municipal.municipalities.models import Municipality
from municipal.office.exports import sheet
from municipal.procedures.catalogue import by_id
from municipal.procedures.offered import entries
from municipal.web.languages import moment_said

from .downloads import download
from .me import framed
from .me_cases import tongue
from .me_door import for_oneself, person_of
from .paging import pager

PAGE, MOST = 30, 10_000
WORDS = {
    REGISTER: _("住民の記録の事務で確かめました"), NUMBER: _("個人番号・住民票コードの事務で確かめました"),
    MONEY: _("税や料金の事務で確かめました"), ENTITLEMENT: _("手当や認定の事務で確かめました"),
    APPLICATION: _("申請の審査で確かめました"), DESK: _("手続の受付で確かめました"),
}  # fmt: skip
BY = {OFFICE: _("役所"), DELEGATED: _("手続を任せた方")}
EXCHANGED = {True: _("ほかの機関に問い合わせました"), False: _("ほかの機関に答えました")}
HEAD = (_("日時"), _("だれが"), _("何のために"), _("手続"), _("根拠"))


def _look(one: Look) -> dict[str, Any]:
    return {
        "at": moment_said(one.at), "by": gettext(BY[one.by]), "why": gettext(WORDS[one.kind]),
        "procedure": one.procedure.said(tongue()) if one.procedure else "", "law": f"{one.law}{one.article}",
        "is_unverified": one.is_unverified,
    }  # fmt: skip


def _exchange(one: Exchange) -> dict[str, Any]:
    known = by_id(entries()).get(one.procedure)
    return {
        "at": moment_said(one.at), "by": one.office or gettext("ほかの機関"), "is_office_name": bool(one.office),
        "why": f"{gettext(EXCHANGED[one.direction == ASKED])}: {one.what.said(tongue())}",
        "procedure": known.title.said(tongue()) if known else "", "law": f"{one.law}{one.article}",
        "is_unverified": one.is_unverified,
    }  # fmt: skip


def _person(session: ApplicantSession) -> Addressee:
    found = person_of(session)
    disclose(actor=session.applicant, act="applications.my_disclosures", subjects=[found.pk], fields=["disclosures"])
    return found


@for_oneself()
@never_cache
@require_safe
def page(request: HttpRequest, town: Municipality, session: ApplicantSession) -> HttpResponse:
    """Every look that may be told, the newest first; names of staff are not shown (私の記録の閲覧)."""
    person = _person(session)
    shown = Paginator(looks_at(person), PAGE).get_page(request.GET.get("page"))
    context = framed(
        town, session, rows=[_look(one) for one in told(person, list(shown.object_list))],
        exchanges=[_exchange(one) for one in exchanges_of(person)[:PAGE]] if shown.number == 1 else [],
        pager=pager(shown, request),
    )  # fmt: skip
    return render(request, "me/disclosures.html", context)


@for_oneself()
@never_cache
@require_safe
def file(request: HttpRequest, town: Municipality, session: ApplicantSession) -> HttpResponse:
    """The same as a file for a spreadsheet (私の記録の閲覧のCSV)."""
    person = _person(session)
    rows = [_look(one) for one in told(person, list(looks_at(person)[:MOST]))]
    rows += [_exchange(one) for one in exchanges_of(person)]
    lines = [(one["at"], one["by"], one["why"], one["procedure"], one["law"]) for one in rows]
    return download(sheet([tuple(gettext(one) for one in HEAD), *lines]), "disclosures.csv")
