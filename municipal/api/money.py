"""Charges, payments and the feed of events for other systems of the town (公金API)."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.audit.operations import disclose
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.identity.access import needs
from municipal.payments.announcements import ALL_TOPICS, TOPICS, complete_until
from municipal.payments.balances import FIGURES, of_charges
from municipal.payments.models import Channel, Charge, Match, Posting, Report, Slip, Stage, Transfer

from . import money_schema, money_shapes
from .errors import only
from .money_shapes import CHARGE, EVENT, PAYMENT, STATES, row_of
from .views import day_of, limit_of, staff_of

VIEW = "payments.view"
CURSOR = Refused("cursor が正しくありません。前のページの next の値を使ってください。", field="cursor")


def seen(request: Request, payers: set[int], *fields: str) -> None:
    """Whoever's money is delivered counts as seen (閲覧の記録)."""
    if payers:
        disclose(actor=staff_of(request), subjects=sorted(payers), fields=fields)


def cursor_of(prefix: str, asked: dict[str, str]) -> int:
    """The row after which the page begins, 0 at first. Raises Refused for what is no cursor (ページの位置)."""
    if not asked.get("cursor"):
        return 0
    found = money_shapes.number(prefix, asked["cursor"])
    if found is None:
        raise CURSOR
    return found


def choice(asked: dict[str, str], name: str, known: Any) -> str:
    """One of the words ``known``, or nothing. Raises Refused for another word (選択肢の確認)."""
    said = asked.get(name, "")
    if said and said not in known:
        raise Refused("この値はありません。一覧から選んでください。", field=name, code="invalid")
    return said


def year_of(asked: dict[str, str], name: str) -> int | None:
    """A year in four digits, or None. Raises Refused for anything else (年度の確認)."""
    said = asked.get(name, "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) == 4):
        raise Refused("年度を西暦4桁で入力してください。", field=name, code="invalid")
    return int(said)


def whole(asked: dict[str, str], name: str, most: int = 20) -> str:
    """Up to ``most`` letters that a number or reference may have. Raises Refused for others (文字の確認)."""
    said = asked.get(name, "")
    if len(said) > most or not said.isprintable():
        raise Refused("使えない文字があるか、長すぎます。値を確かめてください。", field=name, code="invalid")
    return said


@needs(VIEW)
class Charges(APIView):
    """Charges, page by page (調定の一覧)."""

    @extend_schema(
        operation_id="charges_list",
        parameters=[
            money_schema.PAYER,
            OpenApiParameter("fee", str, description="料金項目の番号。 / Code of the fee."),
            OpenApiParameter("levy_year", int, description="賦課年度（西暦）。 / Levy year."),
            OpenApiParameter("state", str, enum=list(STATES), description="状態。 / State."),
            money_schema.CURSOR, money_schema.LIMIT,
        ],
        responses=money_schema.ChargePage,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The oldest charge first, as each stands at this moment (strongly consistent)."""
        asked = only(request.query_params, "payer", "fee", "levy_year", "state", "cursor", "limit")
        size = limit_of(asked)
        found = list(_charges(asked)[: size + 1])
        page = found[:size]
        standings = of_charges([one.pk for one in page])
        seen(request, {one.assessment.payer_id for one in page}, "charge")
        following = money_shapes.word(CHARGE, page[-1].pk) if len(found) > size else None
        rows = [money_shapes.charge(one, standings[one.pk]) for one in page]
        return Response({"results": rows, "next": following})


def _charges(asked: dict[str, str]) -> QuerySet[Charge]:
    found = Charge.objects.filter(pk__gt=cursor_of(CHARGE, asked)).select_related("assessment__payer").order_by("pk")
    if payer := whole(asked, "payer"):
        found = found.filter(assessment__payer__number=payer)
    if fee := whole(asked, "fee", 3):
        found = found.filter(assessment__fee=fee)
    if (year := year_of(asked, "levy_year")) is not None:
        found = found.filter(assessment__levy_year=year)
    if state := choice(asked, "state", STATES):
        found = _in_state(found, state)
    return found


def _in_state(found: QuerySet[Charge], state: str) -> QuerySet[Charge]:
    """The same words as ``money_shapes.state_of``, asked of the books by the database."""
    sums: QuerySet[Any, Any] = Transfer.objects.values("charge").annotate(**FIGURES)
    owed, over = Q(outstanding__gt=0), Q(outstanding__lte=0, overpaid__gt=0)
    even = Q(outstanding__lte=0, overpaid__lte=0)
    if state in ("unpaid", "overdue"):
        today = clock.today()
        due = Q(due_on__lt=today) if state == "overdue" else Q(due_on__gte=today)
        return found.filter(due, pk__in=sums.filter(owed).values("charge"))
    if state == "overpaid":
        return found.filter(pk__in=sums.filter(over).values("charge"))
    if state == "none":
        nothing = ~Exists(Transfer.objects.filter(charge=OuterRef("pk")))
        return found.filter(nothing | Q(pk__in=sums.filter(even, charged=0).values("charge")))
    given_up = Q(written_off__gt=0) if state == "written_off" else Q(written_off__lte=0)
    return found.filter(pk__in=sums.filter(even & given_up, charged__gt=0).values("charge"))


@needs(VIEW)
class ChargeRead(APIView):
    """One charge (調定)."""

    @extend_schema(operation_id="charges_read", responses=money_schema.ChargeDetail)
    def get(self, request: Request, charge: str) -> Response:
        """With its slips, and what the channels reported for them."""
        only(request.query_params)
        found = charge_of(charge)
        slips = list(Slip.objects.filter(charge=found).prefetch_related("withdrawals", "successors").order_by("pk"))
        payments = list(_payments().filter(slip__charge=found).order_by("pk"))
        seen(request, {found.assessment.payer_id}, "charge", "slip", "payment")
        return Response(
            money_shapes.charge(found, of_charges([found.pk])[found.pk])
            | {"slips": [money_shapes.slip(one) for one in slips]}
            | {"payments": [money_shapes.payment(one) for one in payments]}
        )


def charge_of(said: str) -> Charge:
    """The charge of this town with that id. Raises Http404 for everything else (調定の照会)."""
    number = money_shapes.number(CHARGE, said)
    found = Charge.objects.select_related("assessment__payer").filter(pk=number).first() if number else None
    if found is None:
        raise Http404
    return found


def _payments() -> QuerySet[Report]:
    return Report.objects.select_related("file", "slip__charge__assessment", "posting").prefetch_related(
        "posting__reversals"
    )


@needs(VIEW)
class Payments(APIView):
    """What the channels reported, page by page (収納の一覧)."""

    @extend_schema(
        operation_id="payments_list",
        parameters=[
            money_schema.CHARGE_ID,
            OpenApiParameter("channel", str, enum=Channel.values, description="収納チャネル。 / Channel."),
            OpenApiParameter("stage", str, enum=Stage.values, description="通知の段階。 / Stage of the report."),
            OpenApiParameter("match", str, enum=Match.values, description="消込の結果。 / What became of it."),
            OpenApiParameter("paid_from", str, description="この収納日から。 / Paid on this day or later."),
            OpenApiParameter("paid_until", str, description="この収納日まで。 / Paid on this day or before."),
            money_schema.CURSOR, money_schema.LIMIT,
        ],
        responses=money_schema.PaymentPage,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The oldest report first. A provisional one is not final and books nothing."""
        asked = only(
            request.query_params, "charge", "channel", "stage", "match", "paid_from", "paid_until", "cursor", "limit"
        )
        size = limit_of(asked)
        found = list(_reports(asked)[: size + 1])
        page = found[:size]
        seen(request, {one.slip.charge.assessment.payer_id for one in page if one.slip}, "payment")
        following = money_shapes.word(PAYMENT, page[-1].pk) if len(found) > size else None
        return Response({"results": [money_shapes.payment(one) for one in page], "next": following})


def _reports(asked: dict[str, str]) -> QuerySet[Report]:
    found = _payments().filter(pk__gt=cursor_of(PAYMENT, asked)).order_by("pk")
    for name, known in (("channel", Channel.values), ("stage", Stage.values), ("match", Match.values)):
        if said := choice(asked, name, known):
            found = found.filter(**{name: said})
    if asked.get("charge"):
        found = found.filter(slip__charge=row_of(CHARGE, asked["charge"], "charge"))
    if (first := day_of(asked, "paid_from")) is not None:
        found = found.filter(paid_on__gte=first)
    if (last := day_of(asked, "paid_until")) is not None:
        found = found.filter(paid_on__lte=last)
    return found


@needs(VIEW)
class PaymentRead(APIView):
    """One report (収納)."""

    @extend_schema(operation_id="payments_read", responses=money_schema.Payment)
    def get(self, request: Request, payment: str) -> Response:
        """As it came, with what became of it."""
        only(request.query_params)
        number = money_shapes.number(PAYMENT, payment)
        found = _payments().filter(pk=number).first() if number else None
        if found is None:
            raise Http404
        seen(request, {found.slip.charge.assessment.payer_id} if found.slip else set(), "payment")
        return Response(money_shapes.payment(found))


@needs(VIEW)
class PaymentEvents(APIView):
    """The feed of everything that changed the books (公金の出来事)."""

    @extend_schema(
        operation_id="payment_events_list",
        parameters=[
            OpenApiParameter("type", str, enum=list(ALL_TOPICS), description="出来事の種類。 / Type of event."),
            money_schema.CURSOR, money_schema.LIMIT,
        ],
        responses=money_schema.MoneyEventPage,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """In the order of the books, each event once, none left out.

        The newest minute is held back, and longer while a large file is being booked (eventually consistent). Keep
        ``next`` and ask with it again later.
        """
        asked = only(request.query_params, "type", "cursor", "limit")
        size, after, wanted = limit_of(asked), cursor_of(EVENT, asked), choice(asked, "type", ALL_TOPICS)
        kinds = [kind for kind, topic in TOPICS.items() if wanted in ("", topic)]
        transfers = Transfer.objects.select_related("charge__assessment").order_by("pk")
        rows = Posting.objects.filter(pk__gt=after, kind__in=kinds, recorded_at__lt=complete_until()).order_by("pk")
        found = list(rows.prefetch_related(Prefetch("transfers", transfers))[: size + 1])
        page = found[:size]
        moves = [move for one in page for move in one.transfers.all()]
        seen(request, {move.charge.assessment.payer_id for move in moves if move.charge}, "charge", "payment")
        last = money_shapes.word(EVENT, page[-1].pk) if page else asked.get("cursor") or None
        return Response(
            {"results": [money_shapes.event(one) for one in page], "next": last, "has_more": len(found) > size}
        )
