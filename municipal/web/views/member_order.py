"""Arranging the members of a household for joint copies (世帯員の並び順; resident-record/1.0#5.2)."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from municipal.addressees.models import LifeState
from municipal.audit.operations import disclose
from municipal.certificates.operations import arrange, arrange_by_rule, proposed
from municipal.certificates.operations.arranging import members
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.municipalities.sentences import sentence
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import written

from .scenes import whole


@needs("certificates.issue")
@require_http_methods(["GET", "HEAD", "POST"])
@implements("resident-record/1.0#5.2/m1")
def order(request: HttpRequest, number: str) -> HttpResponse:
    """The members with their places: as the rule has it, or as somebody arranges them (並び順の設定)."""
    asked, person = cast(StaffRequest, request), inquiry.person(number)
    if person is None or person.record.status != LifeState.RESIDENT:
        raise Http404
    household = person.record.household
    rows = members(household)
    if request.method != "POST":
        return _shown(asked, person, rows)
    try:
        if request.POST.get("do") == "rule":
            arrange_by_rule(actor=asked.staff, household=household)
        else:
            arrange(actor=asked.staff, household=household, numbers=_typed(request, rows))
    except Refused as refused:
        asked.refusals.append(refused)
        return _shown(asked, person, rows, sentence(refused), 422)
    messages.success(request, gettext("並び順を設定しました。"))
    return redirect("certificates:order", number)


def _typed(request: HttpRequest, rows: list[ResidentRecord]) -> list[str]:
    """The numbers in the order of the places that were typed. Raises Refused unless every place is there once."""
    places = {one.addressee.number: whole(request.POST.get(f"place-{one.addressee.number}", "")) for one in rows}
    if sorted(place or 0 for place in places.values()) != list(range(1, len(rows) + 1)):
        raise Refused("順番は、1から世帯員の数までを一度ずつ入力してください。", field="order", code="places")
    return sorted(places, key=lambda number: places[number] or 0)


def _shown(
    request: StaffRequest, person: inquiry.Person, rows: list[ResidentRecord], refused: str = "", status: int = 200
) -> HttpResponse:
    disclose(actor=request.staff, subjects=[one.addressee_id for one in rows], fields=["name", "relationship"])
    by_rule = {number: place for place, number in enumerate(proposed(person.record.household), 1)}
    listed: list[dict[str, Any]] = [
        {
            "number": one.addressee.number, "name": one.name, "relationship": one.relationship,
            "born_on": written("born_on", one.born_on, kind=one.kind), "by_rule": by_rule[one.addressee.number],
            "place": request.POST.get(f"place-{one.addressee.number}", place),
        }
        for place, one in enumerate(rows, 1)
    ]  # fmt: skip
    context = {
        "person": {"number": person.addressee.number, "name": person.record.name}, "rows": listed,
        "refused": refused, "count": len(rows),
    }  # fmt: skip
    return render(request, "certificates/order.html", context, status=status)
