"""Which addresses of other systems are told of money (通知先API)."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.core.refusals import Refused
from municipal.core.signatures import written
from municipal.identity.access import needs
from municipal.office.answers import Answer
from municipal.payments.models import WebhookEndpoint
from municipal.payments.operations import disable_endpoint, register_endpoint
from municipal.payments.webhooks import secret_of

from . import bodies, event_schema, money_schema, money_shapes
from .errors import only
from .money_shapes import ENDPOINT
from .views import staff_of

SETTINGS = "payments.settings"
SHOWN = 50


@needs(SETTINGS)
class Endpoints(APIView):
    """Addresses that are told of events (通知先の一覧)."""

    @extend_schema(operation_id="webhook_endpoints_list", responses=money_schema.Endpoints)
    def get(self, request: Request) -> Response:
        """The newest first; a secret stands in none of them."""
        only(request.query_params)
        found = WebhookEndpoint.objects.order_by("-pk")[:SHOWN]
        return Response({"results": [money_shapes.endpoint(one) for one in found]})

    @extend_schema(
        operation_id="webhook_endpoints_create", parameters=[event_schema.KEY], request=money_schema.EndpointOrder,
        responses={201: money_schema.NewEndpoint}, examples=[money_schema.ENDPOINT_EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Have a public https address told from now on, in messages signed as Standard Webhooks has it.

        ``secret`` is shown in this answer only; asked again with the same key, the answer has none. Messages come at
        least once, in no order; answer 2xx at once. A failed one comes again after 60 s, 5 min, 1 h, 1 d and 2 d.
        """
        made: list[WebhookEndpoint] = []

        def act(said: dict[str, Any]) -> Answer:
            bodies.part(said, "url", "events")
            url, events = said.get("url"), said.get("events")
            if not isinstance(url, str) or not isinstance(events, list):
                raise Refused("通知先のURLと出来事を指定してください。", field="url", code="invalid")
            made.append(register_endpoint(actor=staff_of(request), url=url, events=[str(one) for one in events]))
            return Answer(201, money_shapes.endpoint(made[0]))

        response = bodies.once(request, act)
        response["Location"] = reverse("api_webhook_endpoint", args=[response.data["id"]])
        if made:
            # Beside the kept answer, so that nothing that was kept holds a secret.
            response.data["secret"] = written(secret_of(made[0]))
        return response


def _endpoint(said: str) -> WebhookEndpoint:
    number = money_shapes.number(ENDPOINT, said)
    found = WebhookEndpoint.objects.filter(pk=number).first() if number else None
    if found is None:
        raise Http404
    return found


@needs(SETTINGS)
class Endpoint(APIView):
    """One address (通知先)."""

    @extend_schema(operation_id="webhook_endpoints_read", responses=money_schema.EndpointDetail)
    def get(self, request: Request, endpoint: str) -> Response:
        """With its last fifty messages and how they ended."""
        only(request.query_params)
        found = _endpoint(endpoint)
        calls = found.calls.select_related("event").order_by("-pk")[:SHOWN]
        return Response(money_shapes.endpoint(found) | {"calls": [money_shapes.call(one) for one in calls]})


@needs(SETTINGS)
class EndpointDisabled(APIView):
    """An address that is told of nothing more (通知先の停止)."""

    @extend_schema(
        operation_id="webhook_endpoints_disable", parameters=[event_schema.KEY], request=money_schema.Because,
        responses=money_schema.Endpoint,
    )  # fmt: skip
    def post(self, request: Request, endpoint: str) -> Response:
        """What still waits for it is given up. Register it anew for a new secret."""

        def act(said: dict[str, Any]) -> Answer:
            because = bodies.part(said, "because").get("because")
            if not isinstance(because, str):
                raise Refused("理由を入力してください。", field="because", code="invalid")
            done = disable_endpoint(actor=staff_of(request), endpoint=_endpoint(endpoint), reason=because)
            return Answer(200, money_shapes.endpoint(done))

        return bodies.once(request, act)
