"""The tables of paying online: payments, what was told of them, refunds, the simulator (オンライン納付の表)."""

from .online import FAILURE_NAMES, KIND_NAMES, STATE_NAMES, OnlinePayment, PaymentEvent
from .refunds import RefundRequest
from .simulated import FAULT_NAMES, Simulated, SimulatedMessage, Stand
from .webhooks import FailedLookup, Outcome, WebhookMessage

__all__ = [
    "FAILURE_NAMES",
    "FAULT_NAMES",
    "KIND_NAMES",
    "STATE_NAMES",
    "FailedLookup",
    "OnlinePayment",
    "Outcome",
    "PaymentEvent",
    "RefundRequest",
    "Simulated",
    "SimulatedMessage",
    "Stand",
    "WebhookMessage",
]
