"""The same step with several applications; each is taken or refused by itself (申請の一括処理の画面)."""

from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from municipal.applications.models import Case
from municipal.applications.operations import take_step
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.web.forms.cases import BulkForm

from .casework import AT_ONCE, STATES, language, open_steps
from .once import pressed_once

NONE_CHOSEN = _("申請を選んでください。")
NOT_ALIKE = _("一括処理は、同じ手続の申請だけにできます。手続で絞り込んでください。")
NO_STEP = _("今の状態では、この処理はできません。画面を開き直してください。")


@needs("applications.work", "applications.decide")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Take one step with the chosen cases and say for each what became of it (一括処理の結果)."""
    asked, form = cast(StaffRequest, request), BulkForm(request.POST)
    if not form.is_valid():
        raise Refused(NONE_CHOSEN, field="cases", code="none_chosen")
    action, seen = form.cleaned_data["action"], form.seen()
    cases = list(Case.objects.filter(pk__in=seen).order_by("due_on", "pk"))
    if not cases:
        raise Refused(NONE_CHOSEN, field="cases", code="none_chosen")
    if action not in AT_ONCE:
        raise Refused(NO_STEP, field="action", code="no_step")
    outcomes = pressed_once(asked, lambda: _taken(asked, cases, action, seen))
    context = {"rows": _rows(cases, outcomes), "done": sum(not one for one in outcomes.values())}
    return render(request, "cases/bulk.html", context)


def _taken(request: StaffRequest, cases: list[Case], action: str, seen: dict[int, int]) -> dict[str, str]:
    """By case: nothing where it went well, else the sentence of the refusal."""
    if len({one.procedure for one in cases}) > 1:
        raise Refused(NOT_ALIKE, field="cases", code="not_alike")
    outcomes = {}
    for case in cases:
        try:
            with transaction.atomic():
                if action not in {one.action for one in open_steps(request, case)}:
                    raise Refused(NO_STEP, code="no_step")
                take_step(actor=request.staff, case=case.pk, seen=seen[case.pk], action=action)
        except Refused as refused:
            request.refusals.append(refused)
            outcomes[str(case.pk)] = sentence(refused)
        else:
            outcomes[str(case.pk)] = ""
    return outcomes


def _rows(cases: list[Case], outcomes: dict[str, str]) -> list[dict[str, Any]]:
    states = dict(Case.objects.filter(pk__in=[one.pk for one in cases]).values_list("pk", "state"))
    return [
        {
            "id": one.pk, "number": one.number, "title": one.asked.title.said(language()),
            "state": gettext(STATES[states[one.pk]]), "refusal": outcomes.get(str(one.pk), ""),
        }
        for one in cases
    ]  # fmt: skip
