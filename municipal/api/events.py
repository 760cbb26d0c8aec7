"""Acts on the register: entered, amended, decided, returned, withdrawn, cancelled (異動API)."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.audit.operations import disclose
from municipal.core.refusals import Refused
from municipal.identity.access import needs
from municipal.office.answers import Answer
from municipal.residents import inquiry, notices, operations
from municipal.residents.acts import acts
from municipal.residents.models import OPEN, Draft, DraftState, ResidentEvent

from . import bodies, entries, event_schema, schema, shapes
from .errors import only
from .views import limit_of, person_of, purpose_of, staff_of

Handler = TypeVar("Handler", bound=Callable[..., Any])
ENTER, DECIDE = "residents.enter", "residents.decide"
LISTED, EVENT_FIELDS = ("name", "event_on"), ("history", "event_on", "notified_on", "reason")


def _described(operation_id: str, **said: Any) -> Callable[[Handler], Handler]:
    """How the description tells of a call that changes something."""
    described: Callable[[Handler], Handler] = extend_schema(
        operation_id=operation_id, parameters=[event_schema.KEY], **said
    )
    return described


@needs(ENTER, DECIDE)
@prints_addresses("api.entries", Purpose.API)
class Entries(APIView):
    """Provisional entries (仮登録の一覧と登録)."""

    @extend_schema(
        operation_id="entries_list",
        parameters=[
            schema.PURPOSE,
            OpenApiParameter("state", str, enum=[*DraftState.values], description="状態。省くと審査待ちと差戻し。"),
            OpenApiParameter("act", str, enum=[*acts], description="異動の種類。"),
            OpenApiParameter("cursor", str, description="前のページの next にある値。"),
            OpenApiParameter("limit", int, description="1ページの件数（1から100、既定50）。"),
        ],
        responses=event_schema.EntryPage,
    )
    def get(self, request: Request) -> Response:
        """The oldest first. Everybody named is recorded as disclosed."""
        asked = only(request.query_params, "purpose", "state", "act", "cursor", "limit")
        purpose, size = purpose_of(asked), limit_of(asked)
        found = list(_asked_for(asked).select_related("event").prefetch_related("claims")[: size + 1])
        page = found[:size]
        rows, subjects = entries.listed(page)
        if rows:
            disclose(actor=staff_of(request), subjects=subjects, fields=LISTED, purpose=purpose)
        return Response({"results": rows, "next": str(page[-1].pk) if len(found) > len(page) else None})

    @needs(ENTER)
    @_described("entries_create", request=event_schema.NoticeShape, responses={201: event_schema.EntryState})
    def post(self, request: Request) -> Response:
        """Enter an act provisionally; a cancellation is an act too, with the event's id in ``cancels``."""

        def act(said: dict[str, Any]) -> Answer:
            draft = operations.enter(actor=staff_of(request), notice=notices.read(said))
            return Answer(201, entries.summary(draft))

        response = bodies.once(request, act)
        response["Location"] = reverse("api_entry", args=[response.data["id"]])
        return response


def _asked_for(asked: dict[str, str]) -> QuerySet[Draft]:
    """The entries that are asked for, the oldest first, after the cursor. Raises Refused for a word that is none."""
    state, act, cursor = (asked.get(name, "") for name in ("state", "act", "cursor"))
    if state and state not in DraftState.values:
        raise Refused("この状態はありません。一覧から選んでください。", field="state")
    if act and act not in acts:
        raise Refused("この異動の種類はありません。一覧から選んでください。", field="act")
    drafts = Draft.objects.filter(state__in=[state] if state else OPEN).order_by("entered_at", "pk")
    if act:
        drafts = drafts.filter(act=act)
    if cursor:
        last = Draft.objects.filter(pk=int(cursor)).first() if inquiry.is_number(cursor) else None
        if last is None:
            raise Refused("cursor が正しくありません。前のページの next の値を使ってください。", field="cursor")
        drafts = drafts.filter(Q(entered_at__gt=last.entered_at) | Q(entered_at=last.entered_at, pk__gt=last.pk))
    return drafts


@needs(ENTER, DECIDE)
@prints_addresses("api.entry", Purpose.API)
class Entry(APIView):
    """One provisional entry (仮登録)."""

    @extend_schema(operation_id="entries_read", parameters=[schema.PURPOSE], responses=event_schema.Entry)
    def get(self, request: Request, entry: int) -> Response:
        """Before and after for each person: as the register stands now, or, once decided, as it was recorded."""
        purpose = purpose_of(only(request.query_params, "purpose"))
        draft = Draft.objects.select_related("event").prefetch_related("claims").filter(pk=entry).first()
        if draft is None:
            raise Http404
        found = entries.seen(draft)
        body = entries.whole(found, request._request.permissions)  # type: ignore[attr-defined]
        shown = dict.fromkeys(item["item"] for change in body["changes"] for item in change["items"])
        disclose(actor=staff_of(request), subjects=found.subjects, fields=[*LISTED, *shown], purpose=purpose)
        return Response(body)

    @needs(ENTER)
    @_described("entries_amend", request=event_schema.Amendment, responses=event_schema.EntryState)
    def put(self, request: Request, entry: int) -> Response:
        """Put another notice of the same act in its place; it waits for a decision again."""

        def act(said: dict[str, Any]) -> Answer:
            bodies.part(said, "version", "notice")
            if not isinstance(said.get("notice"), dict):
                raise Refused("届書の内容（notice）を入れてください。", field="notice", code="invalid")
            notice, version = notices.read(said["notice"]), bodies.version_of(said)
            draft = operations.amend(actor=staff_of(request), draft=entry, notice=notice, version=version)
            return Answer(200, entries.summary(draft))

        return bodies.once(request, act)


@needs(DECIDE)
class Decision(APIView):
    """The decision on an entry (本登録)."""

    @_described("entries_decide", request=event_schema.Version, responses=event_schema.EntryState)
    def post(self, request: Request, entry: int) -> Response:
        """The entry becomes history; ``event`` is the id of the act."""

        def act(said: dict[str, Any]) -> Answer:
            version = bodies.version_of(bodies.part(said, "version"))
            operations.decide(actor=staff_of(request), draft=entry, version=version)
            return Answer(200, entries.summary(Draft.objects.get(pk=entry)))

        return bodies.once(request, act)


@needs(DECIDE)
class Return(APIView):
    """Giving an entry back (差戻し)."""

    @_described("entries_return", request=event_schema.Reason, responses=event_schema.EntryState)
    def post(self, request: Request, entry: int) -> Response:
        """It stays provisional until it is amended or withdrawn."""

        def act(said: dict[str, Any]) -> Answer:
            version, because = bodies.version_of(bodies.part(said, "version", "because")), said.get("because", "")
            if not isinstance(because, str):
                raise Refused("差戻しの理由を入力してください。", field="because", code="reason_missing")
            draft = operations.return_draft(actor=staff_of(request), draft=entry, because=because, version=version)
            return Answer(200, entries.summary(draft))

        return bodies.once(request, act)


@needs(ENTER)
class Withdrawal(APIView):
    """Taking an entry back (取下げ)."""

    @_described("entries_withdraw", request=event_schema.Version, responses=event_schema.EntryState)
    def post(self, request: Request, entry: int) -> Response:
        """Nothing of it comes into the register."""

        def act(said: dict[str, Any]) -> Answer:
            version = bodies.version_of(bodies.part(said, "version"))
            return Answer(
                200, entries.summary(operations.withdraw(actor=staff_of(request), draft=entry, version=version))
            )

        return bodies.once(request, act)


@needs("residents.history")
class ResidentEvents(APIView):
    """The decided acts of one resident (住民の異動)."""

    @extend_schema(operation_id="residents_events", parameters=[schema.PURPOSE], responses=event_schema.Events)
    def get(self, request: Request, number: str) -> Response:
        """The first act first; rows that were loaded from a former system belong to none."""
        purpose, person = purpose_of(only(request.query_params, "purpose")), person_of(request, number)
        found = ResidentEvent.objects.filter(records__addressee=person.addressee).distinct().order_by("pk")
        rows = [
            shapes.event(one, [row.serial for row in one.records.all() if row.addressee_id == person.addressee.pk])
            for one in found.prefetch_related("records", "cancellations")
        ]
        disclose(actor=staff_of(request), subjects=[person.addressee.pk], fields=EVENT_FIELDS, purpose=purpose)
        return Response({"number": person.addressee.number, "results": rows})
