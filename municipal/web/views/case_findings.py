"""What a clerk found out about a case, and the certificate of damage that says it (認定した事実の画面)."""

from datetime import date
from io import BytesIO
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from municipal.applications.models import Case, DamageCertificate
from municipal.applications.operations.findings import find, found_of, may_find, wanted_of
from municipal.applications.outcomes.damage import write
from municipal.applications.rules.findings import DAMAGE, Wanted
from municipal.audit.operations import disclose
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.web.forms.case_findings import FindingForm
from municipal.web.forms.refusing import show_and_log
from municipal.web.panels import Panel, for_clerks

from .downloads import download
from .once import new_key, pressed_once

WORK, DECIDE = "applications.work", "applications.decide"


@for_clerks(18)
def findings_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What was found out; the form while something may be found out (認定した事実)."""
    wanted = wanted_of(case)
    if not wanted:
        return None
    said, may = found_of(case), may_find(case) and WORK in cast(StaffRequest, request).permissions
    context = {
        "case": case, "rows": [_row(one, said[one.name]) for one in wanted if said.get(one.name)],
        "form": FindingForm(wanted, seen=case.events.count(), said=said) if may else None, "key": new_key(request),
        "is_damage": case.asked.does == DAMAGE,
    }  # fmt: skip
    return Panel("cases/findings.html", context)


def _row(one: Wanted, value: str) -> dict[str, str]:
    if one.type == "choice":
        text = gettext((one.options or {}).get(value, value))
    else:
        text = wareki(date.fromisoformat(value)) if one.type == "date" else value
    return {"label": gettext(one.label), "whom": one.whom, "text": text}


@needs(WORK)
@require_POST
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Note what was found out (事実の認定)."""
    asked, case = cast(StaffRequest, request), get_object_or_404(Case, pk=number)
    form = FindingForm(wanted_of(case), request.POST)
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            pressed_once(asked, lambda: find(actor=asked.staff, case=case.pk, seen=seen, values=form.values()).pk)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("記録しました。"))
            return redirect("cases:case", case.pk)
    context = {"case": case, "form": form, "title": gettext("認定した事実を記録する"), "key": new_key(request)}
    return render(request, "cases/outcome_form.html", context, status=422)


@needs(WORK, DECIDE)
@never_cache
@require_safe
def damage(request: HttpRequest, number: int) -> HttpResponse:
    """The certificate of damage to be printed, with its number and the address it goes to (罹災証明書)."""
    made, file = get_object_or_404(DamageCertificate.objects.select_related("case", "finding"), pk=number), BytesIO()
    subjects = [made.case.about_id] if made.case.about_id else []
    disclose(actor=cast(StaffRequest, request).staff, subjects=subjects, fields=["name", "damage", "mailing"])
    write(file, made, is_sample=False)
    return download(file.getvalue(), f"damage-{made.number}.pdf", "application/pdf")
