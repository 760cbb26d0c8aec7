"""Residents and households for other systems of the town (住民照会API)."""

from datetime import date
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core.eras import parse_day
from municipal.core.refusals import Refused
from municipal.identity.access import needs
from municipal.identity.models import Staff
from municipal.residents import inquiry, times
from municipal.residents.models import Household
from municipal.residents.search import find
from municipal.residents.stays import stays
from municipal.residents.stored import viewed, within_reach

from . import schema, shapes
from .errors import only

PAGE, MOST = 50, 100


def purpose_of(asked: dict[str, str]) -> str:
    """What the caller looks for, the counter by default. Raises Refused for a purpose that is none (照会の目的)."""
    purpose = asked.get("purpose", inquiry.COUNTER)
    if purpose not in inquiry.PURPOSES:
        raise Refused("照会の目的が正しくありません。一覧から選んでください。", field="purpose")
    return purpose


def stay_of(asked: str, count: int) -> int:
    """Which stay is asked for, from 1. Raises Refused for one that there is not (在住の選択)."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= count):
        raise Refused("この回の在住はありません。1から順に指定してください。", field="stay")
    return int(asked)


def _shown(request: Request, subjects: list[int], fields: Any, purpose: str) -> None:
    """Whoever is delivered counts as seen, in a list as alone."""
    if subjects:
        disclose(actor=staff_of(request), subjects=subjects, fields=fields, purpose=purpose)


def _permissions(request: Request) -> frozenset[str]:
    found: frozenset[str] = request._request.permissions  # type: ignore[attr-defined]
    return found


def person_of(request: Request, number: str) -> inquiry.Person:
    """The resident of this town. Raises Http404 for everybody else, Refused where views of the person are stopped."""
    person = viewed(number, _permissions(request))
    if person is None:
        raise Http404
    return person


@needs("residents.search")
@prints_addresses("api.residents", Purpose.API)
class Residents(APIView):
    """Residents by number, page by page, or those a search means (住民の一覧)."""

    @extend_schema(
        operation_id="residents_list",
        parameters=[
            schema.PURPOSE,
            OpenApiParameter("q", str, description="氏名・カナ・生年月日・番号。50人まで。"),
            OpenApiParameter("cursor", str, description="前のページの next にある値。"),
            OpenApiParameter("limit", int, description="1ページの人数（1から100、既定50）。"),
        ],
        responses=schema.Page,
    )
    def get(self, request: Request) -> Response:
        """Everybody delivered is recorded as disclosed."""
        asked = only(request.query_params, "q", "purpose", "cursor", "limit")
        purpose = purpose_of(asked)
        if "q" in asked:
            found_by = find(asked["q"], may_use_resident_code="item.resident_code" in _permissions(request))
            hits, _stored = within_reach(found_by, _permissions(request))
            found, is_cut, following = inquiry.rows(hits.addressees), hits.is_cut, None
        else:
            found, following = _page(asked)
            is_cut = False
        _shown(request, [row["addressee_id"] for row in found], inquiry.LIST_FIELDS, purpose)
        return Response({"results": [shapes.row(row) for row in found], "next": following, "is_cut": is_cut})


def _page(asked: dict[str, str]) -> tuple[list[dict[str, Any]], str | None]:
    """A page after the cursor, and the next cursor: the number of its last resident, so that additions move nothing."""
    cursor, size = asked.get("cursor", ""), limit_of(asked)
    if cursor and not inquiry.is_number(cursor):
        raise Refused("cursor が正しくありません。前のページの next の値を使ってください。", field="cursor")
    found = inquiry.page(after=cursor, size=size + 1)
    page = found[:size]
    return page, page[-1]["addressee__number"] if len(found) > len(page) else None


def limit_of(asked: dict[str, str]) -> int:
    """How many a page shall hold. Raises Refused for less than one or more than MOST (1ページの件数)."""
    size = asked.get("limit", str(PAGE))
    if not (size.isascii() and size.isdigit() and len(size) <= 3 and 1 <= int(size) <= MOST):
        raise Refused("limit は1から%(most)dまでの数です。", field="limit", most=MOST)
    return int(size)


@needs("residents.view")
@prints_addresses("api.resident", Purpose.API)
class Resident(APIView):
    """One resident as the register stands (住民)."""

    @extend_schema(operation_id="residents_read", parameters=[schema.PURPOSE], responses=schema.Resident)
    def get(self, request: Request, number: str) -> Response:
        """All items that the caller may see."""
        purpose, found = purpose_of(only(request.query_params, "purpose")), person_of(request, number)
        _shown(request, [found.addressee.pk], shapes.fields(), purpose)
        return Response(_resident(request, found, found.record))


def _resident(request: Request, found: inquiry.Person, record: Any) -> dict[str, Any]:
    said = shapes.record(record, permissions=_permissions(request), withheld=found.withheld(record))
    return {"number": found.addressee.number, "household_number": record.household.number} | said


@needs("residents.view")
@prints_addresses("api.resident_as_of", Purpose.API)
class ResidentAsOf(APIView):
    """One resident at another time, on both clocks (時点の住民)."""

    @extend_schema(
        operation_id="residents_read_as_of",
        parameters=[
            schema.PURPOSE,
            OpenApiParameter("valid_on", str, description="いつの時点か。例: 2026-11-23、R8.11.23"),
            OpenApiParameter("known_on", str, description="いつまでに記録されていたことか。"),
        ],
        responses=schema.Resident,
    )
    def get(self, request: Request, number: str) -> Response:
        """404 where nothing was known of that day."""
        asked, found = only(request.query_params, "purpose", "valid_on", "known_on"), person_of(request, number)
        purpose = purpose_of(asked)
        valid_on, known_on = day_of(asked, "valid_on"), day_of(asked, "known_on")
        record = inquiry.as_of(found.addressee, valid_on=times.valid_day(valid_on), known_at=times.end_of(known_on))
        if record is None:
            raise Http404
        _shown(request, [found.addressee.pk], shapes.fields(), purpose)
        return Response(_resident(request, found, record))


def staff_of(request: Request) -> Staff:
    """Whose token asks (要求者)."""
    found: Staff = request._request.staff  # type: ignore[attr-defined]
    return found


def day_of(asked: dict[str, str], name: str) -> date | None:
    """A day in any written form, or None. Raises Refused, naming the parameter (日付の確認)."""
    try:
        return parse_day(asked[name]) if asked.get(name) else None
    except Refused as refused:
        refused.field = name
        raise


@needs("residents.history")
@prints_addresses("api.resident_history", Purpose.API)
class ResidentHistory(APIView):
    """Every row of one stay of a resident; a history stops where the person left (異動履歴)."""

    @extend_schema(operation_id="residents_history", parameters=[schema.PURPOSE, schema.STAY], responses=schema.History)
    def get(self, request: Request, number: str) -> Response:
        """The first row first; of the newest stay, or of the one asked for."""
        asked = only(request.query_params, "purpose", "stay")
        purpose, found = purpose_of(asked), person_of(request, number)
        parts = stays(inquiry.history(found.addressee))
        chosen = stay_of(asked.get("stay", str(len(parts))), len(parts))
        _shown(request, [found.addressee.pk], [*shapes.fields(), "history"], purpose)
        permissions = _permissions(request)
        rows = [
            shapes.record(record, permissions=permissions, withheld=found.withheld(record))
            for record in parts[chosen - 1]
        ]
        said = {"number": found.addressee.number, "stay": chosen, "stays": len(parts)}
        return Response({**said, "results": rows})


@needs("residents.view")
@prints_addresses("api.household", Purpose.API)
class HouseholdMembers(APIView):
    """A household and its members (世帯)."""

    @extend_schema(operation_id="households_read", parameters=[schema.PURPOSE], responses=schema.Household)
    def get(self, request: Request, number: str) -> Response:
        """Members in stored order; those who left stand last."""
        purpose = purpose_of(only(request.query_params, "purpose"))
        household = Household.objects.filter(number=number).first() if inquiry.is_number(number) else None
        if household is None:
            raise Http404
        members = inquiry.members(household)
        _shown(request, [row["addressee_id"] for row in members], inquiry.LIST_FIELDS, purpose)
        return Response({"number": household.number, "members": [shapes.row(row) for row in members]})
