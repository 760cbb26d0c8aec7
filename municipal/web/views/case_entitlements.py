"""To what an application led: the clerk's part, the applicant's part, the notice of both (申請に係る受給資格)."""

from io import BytesIO
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from municipal.applications.models import Case
from municipal.applications.operations import APPLICANT
from municipal.applications.outcomes.entitlements import is_claimed_twice
from municipal.applications.rules.steps import is_over
from municipal.audit.operations import disclose
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.entitlements.kinds import kind_of
from municipal.entitlements.models import Entitlement, Per, State
from municipal.entitlements.paper import write_decision
from municipal.identity.access import StaffRequest, needs, open_to_all
from municipal.municipalities import wall
from municipal.web.panels import Panel, for_applicants, for_clerks

from .applied import opened_case
from .apply import told
from .downloads import download
from .pay import town_of

VIEW = ("applications.view", "applications.work", "applications.decide")
SAID = {State.GRANTED: _("認定されました"), State.ENDED: _("終了しました"), State.REFUSED: _("認定されませんでした")}


def of_case(case: Case) -> list[Entitlement]:
    """What holds now of what a case led to (申請に係る受給資格)."""
    rows = Entitlement.objects.filter(decided_in=case.number, recorded__endswith__isnull=True)
    return list(rows.select_related("person", "about").order_by("number"))


def row_of(one: Entitlement) -> dict[str, Any]:
    """One version in words (受給資格の表示)."""
    per = {Per.MONTH: gettext("月額"), Per.ONCE: gettext("一時金"), Per.NONE: ""}[Per(one.per)]
    return {
        "number": one.number, "version": one.version, "name": one.name, "kind": one.kind, "state": one.state,
        "state_name": State(one.state).label, "person": one.person.name, "person_number": one.person.number,
        "about": one.about.name, "is_about_other": one.about_id != one.person_id,
        "from": wareki(one.starts_on) if one.starts_on else "", "until": wareki(one.ends_on) if one.ends_on else "",
        "is_void": one.is_void, "yen": "" if one.amount_yen is None else f"{one.amount_yen:,}", "per": per,
        "reason": one.reason, "decided_on": wareki(one.decided_on), "decided_in": one.decided_in,
    }  # fmt: skip


@for_clerks(42)
def clerk_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What came of it, and whether another claim stands against it, never whose (受給資格)."""
    if kind_of(case.procedure) is None:
        return None
    asked, found = cast(StaffRequest, request), of_case(case)
    if found:
        disclose(actor=asked.staff, subjects=sorted({one.person_id for one in found}), fields=["name", "entitlement"])
    is_twice = not is_over(case.workflow, case.state) and not found and is_claimed_twice(case)
    if not found and not is_twice:
        return None
    context = {
        "case": case, "rows": [row_of(one) for one in found], "is_twice": is_twice,
        "may_open": "entitlements.view" in asked.permissions,
    }  # fmt: skip
    return Panel("cases/entitlements.html", context)


@for_applicants(14)
def applicant_panel(request: HttpRequest, case: Case) -> Panel | None:
    """To what the applicant is entitled, since when, how much (受給資格)."""
    found = of_case(case) if kind_of(case.procedure) is not None else []
    if not found:
        return None
    rows = [row_of(one) | {"words": SAID[State(one.state)]} for one in found]
    return Panel("apply/entitlements.html", {"case": case, "town": f"{case.municipality_id:06d}", "rows": rows})


@needs(*VIEW)
@require_safe
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """The notice of a decision, to be sent; kept at the office for who is protected (決定通知書)."""
    case = get_object_or_404(Case, pk=number)
    found = of_case(case)
    if not found:
        raise Http404
    subjects = sorted({one.person_id for one in found})
    disclose(actor=cast(StaffRequest, request).staff, subjects=subjects, fields=["name", "entitlement", "mailing"])
    return _file(case, found, is_sent=True)


@open_to_all
@never_cache
@require_safe
def own_notice(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """The same for whoever may open the case, without any address (決定通知書)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            case = opened_case(request, place, number)
            found = of_case(case) if case is not None else []
            if case is None or not found:
                raise Http404
            subjects = sorted({one.person_id for one in found})
            disclose(actor=APPLICANT, act="entitlements.notice", subjects=subjects, fields=["name", "entitlement"])
            return _file(case, found, is_sent=False)
    except Refused as refused:
        return told(request, place, refused, 422)


def _file(case: Case, found: list[Entitlement], *, is_sent: bool) -> HttpResponse:
    file = BytesIO()
    write_decision(file, found, is_sent=is_sent, office=case.asked.desk.ja)
    return download(file.getvalue(), f"decision-{case.number}.pdf", "application/pdf")
