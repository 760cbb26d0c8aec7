"""Refunds of what was paid too much (還付API)."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.core.refusals import Refused
from municipal.identity.access import needs
from municipal.office.answers import Answer
from municipal.payments.files import MOST_YEN
from municipal.payments.models import Charge, Posting, PostingKind, Transfer
from municipal.payments.operations import refund_seen

from . import bodies, event_schema, money_schema, money_shapes
from .errors import only
from .money import VIEW, cursor_of, seen, whole
from .money_shapes import CHARGE, REFUND, row_of
from .views import limit_of, staff_of


def _refunds() -> QuerySet[Posting]:
    transfers = Transfer.objects.select_related("charge__assessment__payer").order_by("pk")
    return Posting.objects.filter(kind=PostingKind.REFUND).prefetch_related(
        Prefetch("transfers", transfers), "reversals"
    )


def _payers(page: list[Posting]) -> set[int]:
    return {move.charge.assessment.payer_id for one in page for move in one.transfers.all() if move.charge}


@needs(VIEW)
class Refunds(APIView):
    """Refunds, page by page (還付の一覧)."""

    @extend_schema(
        operation_id="refunds_list",
        parameters=[money_schema.PAYER, money_schema.CHARGE_ID, money_schema.CURSOR, money_schema.LIMIT],
        responses=money_schema.RefundPage,
    )
    def get(self, request: Request) -> Response:
        """The oldest first."""
        asked = only(request.query_params, "payer", "charge", "cursor", "limit")
        size, rows = limit_of(asked), _refunds().filter(pk__gt=cursor_of(REFUND, asked)).order_by("pk")
        if payer := whole(asked, "payer"):
            rows = rows.filter(transfers__charge__assessment__payer__number=payer).distinct()
        if asked.get("charge"):
            rows = rows.filter(transfers__charge=row_of(CHARGE, asked["charge"], "charge")).distinct()
        found = list(rows[: size + 1])
        page = found[:size]
        seen(request, _payers(page), "refund")
        following = money_shapes.word(REFUND, page[-1].pk) if len(found) > size else None
        return Response({"results": [money_shapes.refund(one) for one in page], "next": following})

    @needs("payments.refund")
    @extend_schema(
        operation_id="refunds_create", parameters=[event_schema.KEY], request=money_schema.RefundOrder,
        responses={201: money_schema.Refund}, examples=[money_schema.REFUND_EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Book a refund of an over-payment; interest is added where the law gives it.

        ``refund_amount_available`` is what the charge said when it was read. If it is something else by now, the
        answer is 412 and nothing is booked.
        """

        def act(said: dict[str, Any]) -> Answer:
            bodies.part(said, "charge", "yen", "refund_amount_available")
            yen, available = _yen(said, "yen"), _yen(said, "refund_amount_available")
            made = refund_seen(
                actor=staff_of(request), charge=_charge(said), yen=yen, refund_amount_available=available
            )
            return Answer(201, money_shapes.refund(_refunds().get(pk=made.pk)))

        response = bodies.once(request, act)
        response["Location"] = reverse("api_refund", args=[response.data["id"]])
        return response


def _charge(said: dict[str, Any]) -> Charge:
    number = said.get("charge")
    found = Charge.objects.select_related("assessment").filter(
        pk=row_of(CHARGE, number if isinstance(number, str) else "", "charge")
    )
    one = found.first()
    if one is None:
        raise Refused("この調定はありません。IDを確かめてください。", field="charge", code="invalid")
    return one


def _yen(said: dict[str, Any], name: str) -> int:
    """Whole yen as a JSON number. Raises Refused for a fraction, a text, a truth value, or beyond eleven digits."""
    found = said.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MOST_YEN:
        raise Refused("金額は、円単位の整数で指定してください。", field=name, code="invalid")
    return found


@needs(VIEW)
class RefundRead(APIView):
    """One refund (還付)."""

    @extend_schema(operation_id="refunds_read", responses=money_schema.Refund)
    def get(self, request: Request, refund: str) -> Response:
        """As it was booked, and whether it came back."""
        only(request.query_params)
        number = money_shapes.number(REFUND, refund)
        found = _refunds().filter(pk=number).first() if number else None
        if found is None:
            raise Http404
        seen(request, _payers([found]), "refund")
        return Response(money_shapes.refund(found))
