"""How the API describes public money (公金APIの記述)."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from municipal.payments.announcements import ALL_TOPICS, TELLABLE
from municipal.payments.models import Account, Channel, Match, PostingKind, Stage, WebhookCall

from .money_shapes import REFUND_STATES, STATES

CURSOR = OpenApiParameter(
    "cursor", str, description="前のページの next にある値。 / What next of the page before said."
)
LIMIT = OpenApiParameter("limit", int, description="1ページの件数（1から100、既定50）。 / Rows of a page.")
PAYER = OpenApiParameter("payer", str, description="宛名番号。 / Number of the payer.")
CHARGE_ID = OpenApiParameter("charge", str, description="調定のID。 / Id of a charge.")


class Charge(serializers.Serializer[Any]):
    """One instalment of an assessment and how it stands now, whole yen (調定)."""

    id = serializers.CharField()
    payer = serializers.CharField()
    fee = serializers.CharField()
    levy_year = serializers.IntegerField()
    fiscal_year = serializers.IntegerField()
    reference = serializers.CharField()
    period = serializers.IntegerField()
    due_on = serializers.DateField()
    state = serializers.ChoiceField(choices=STATES)
    charged = serializers.IntegerField()
    applied = serializers.IntegerField()
    written_off = serializers.IntegerField()
    outstanding = serializers.IntegerField()
    overpaid = serializers.IntegerField()
    refunded = serializers.IntegerField()
    refund_amount_available = serializers.IntegerField()


class ChargePage(serializers.Serializer[Any]):
    """A page of charges (調定の一覧)."""

    results = Charge(many=True)
    next = serializers.CharField(allow_null=True)


class MoneySlip(serializers.Serializer[Any]):
    """One slip of a charge (納付書)."""

    number = serializers.CharField()
    yen = serializers.IntegerField()
    pay_until = serializers.DateField()
    reissue = serializers.IntegerField()
    issued_at = serializers.DateTimeField()
    is_withdrawn = serializers.BooleanField()
    is_current = serializers.BooleanField()


class Payment(serializers.Serializer[Any]):
    """One report of a channel and what became of it; a provisional one is not final (収納)."""

    id = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    stage = serializers.ChoiceField(choices=Stage.choices)
    slip_number = serializers.CharField()
    yen = serializers.IntegerField()
    paid_on = serializers.DateField()
    place = serializers.CharField(allow_blank=True)
    reference = serializers.CharField()
    match = serializers.ChoiceField(choices=Match.choices)
    charge = serializers.CharField(allow_null=True)
    event = serializers.CharField(allow_null=True)
    booked_on = serializers.DateField(allow_null=True)
    fiscal_year = serializers.IntegerField(allow_null=True)
    is_reversed = serializers.BooleanField()
    received_at = serializers.DateTimeField()


class PaymentPage(serializers.Serializer[Any]):
    """A page of payments (収納の一覧)."""

    results = Payment(many=True)
    next = serializers.CharField(allow_null=True)


class ChargeDetail(Charge):
    """A charge with its slips and the payments that came for them (調定の詳細)."""

    slips = MoneySlip(many=True)
    payments = Payment(many=True)


class RefundOrder(serializers.Serializer[Any]):
    """What is to be paid back, and what the caller saw available (還付の依頼)."""

    charge = serializers.CharField(max_length=30)
    yen = serializers.IntegerField(min_value=1)
    refund_amount_available = serializers.IntegerField(min_value=0)


class Refund(serializers.Serializer[Any]):
    """One refund; ``returned`` where the transfer came back and the debt stands again (還付)."""

    id = serializers.CharField()
    charge = serializers.CharField(allow_null=True)
    payer = serializers.CharField(allow_null=True)
    yen = serializers.IntegerField()
    interest_yen = serializers.IntegerField()
    state = serializers.ChoiceField(choices=REFUND_STATES)
    booked_on = serializers.DateField()
    fiscal_year = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class RefundPage(serializers.Serializer[Any]):
    """A page of refunds (還付の一覧)."""

    results = Refund(many=True)
    next = serializers.CharField(allow_null=True)


class Moved(serializers.Serializer[Any]):
    """Yen that went from account ``credit`` to account ``debit`` (振替)."""

    charge = serializers.CharField(allow_null=True)
    debit = serializers.ChoiceField(choices=Account.choices)
    credit = serializers.ChoiceField(choices=Account.choices)
    yen = serializers.IntegerField()


class MoneyEvent(serializers.Serializer[Any]):
    """One change of the books (公金の出来事)."""

    id = serializers.CharField()
    type = serializers.ChoiceField(choices=ALL_TOPICS)
    kind = serializers.ChoiceField(choices=PostingKind.choices)
    occurred_at = serializers.DateTimeField()
    booked_on = serializers.DateField()
    fiscal_year = serializers.IntegerField()
    reverses = serializers.CharField(allow_null=True)
    transfers = Moved(many=True)


class MoneyEventPage(serializers.Serializer[Any]):
    """Events in the order of the books; ``next`` is asked again later where ``has_more`` is false (出来事の一覧)."""

    results = MoneyEvent(many=True)
    next = serializers.CharField(allow_null=True)
    has_more = serializers.BooleanField()


class EndpointOrder(serializers.Serializer[Any]):
    """Where to tell of what (通知先の登録)."""

    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.ChoiceField(choices=TELLABLE), min_length=1, max_length=20)


class Endpoint(serializers.Serializer[Any]):
    """An address that is told of events (通知先)."""

    id = serializers.CharField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(choices=TELLABLE))
    created_at = serializers.DateTimeField()
    disabled_at = serializers.DateTimeField(allow_null=True)


class NewEndpoint(Endpoint):
    """The same with its secret, which is shown this once (登録した通知先)."""

    secret = serializers.CharField(required=False)


class Endpoints(serializers.Serializer[Any]):
    """Every address, the newest first (通知先の一覧)."""

    results = Endpoint(many=True)


class Call(serializers.Serializer[Any]):
    """One message and how its last try ended (通知)."""

    message = serializers.CharField()
    type = serializers.ChoiceField(choices=TELLABLE)
    state = serializers.ChoiceField(choices=WebhookCall.State.choices)
    attempts = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    next_at = serializers.DateTimeField(allow_null=True)


class EndpointDetail(Endpoint):
    """An address with its last fifty messages (通知先の詳細)."""

    calls = Call(many=True)


class Because(serializers.Serializer[Any]):
    """Why (理由)."""

    because = serializers.CharField(max_length=200)


REFUND_EXAMPLE = OpenApiExample(
    "過誤納金の還付 / Refund an over-payment", request_only=True,
    value={"charge": "ch_120", "yen": 5000, "refund_amount_available": 5000},
)  # fmt: skip
ENDPOINT_EXAMPLE = OpenApiExample(
    "収納の通知を受ける / Be told of collections", request_only=True,
    value={"url": "https://accounting.example.jp/hooks/kijun", "events": ["payments.collected", "payments.reversed"]},
)  # fmt: skip
