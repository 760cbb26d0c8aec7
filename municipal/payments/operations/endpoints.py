"""Registering who is told of events, and telling them (通知先の登録と通知)."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.core.signatures import signed
from municipal.office.models import OutboxEvent
from municipal.payments.announcements import TELLABLE, body_of
from municipal.payments.models import WebhookCall, WebhookEndpoint
from municipal.payments.webhooks import refuse_bad_url, secret_of

PAUSES = (
    timedelta(seconds=60), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=2),
)  # fmt: skip
"""How long after each failed try the next one follows; after the last one the message is given up."""


@operation("payments.register_endpoint")
def register_endpoint(*, actor: Actor, url: str, events: Sequence[str]) -> WebhookEndpoint:
    """Have an address told of ``events`` from now on (通知先の登録).

    Raises Refused for an address that is none or not public, for an unknown event or none, and for one that is
    registered already.
    """
    refuse_bad_url(url)
    if not events or any(one not in TELLABLE for one in events):
        raise Refused("通知する出来事を一覧から1つ以上選んでください。", field="events", code="invalid")
    made = WebhookEndpoint.objects.create(
        url=url, events=list(dict.fromkeys(events)), nonce=secrets.token_hex(16), created_at=clock.now()
    )
    record(actor=actor)
    return made


@operation("payments.disable_endpoint")
def disable_endpoint(*, actor: Actor, endpoint: WebhookEndpoint, reason: str) -> WebhookEndpoint:
    """Tell an address of nothing more; what still waits for it is given up (通知先の停止).

    Twice is once. Raises Refused without a reason.
    """
    if not reason.strip():
        raise Refused("理由を入力してください。", field="because", code="invalid")
    refuse_unstorable(reason, 200, "because")
    if endpoint.disabled_at is None:
        endpoint.disabled_at = clock.now()
        endpoint.save(update_fields=["disabled_at"])
    endpoint.calls.filter(state=WebhookCall.State.WAITING).update(state=WebhookCall.State.DEAD, error="disabled")
    record(actor=actor, purpose=reason)
    return endpoint


def call_for(event: OutboxEvent) -> None:
    """One call for every endpoint that wants the event; called again, nothing more (通知の用意)."""
    wanted = WebhookEndpoint.objects.filter(disabled_at__isnull=True, events__contains=[event.topic])
    WebhookCall.objects.bulk_create(
        (WebhookCall(endpoint=one, event=event, next_at=clock.now()) for one in wanted), ignore_conflicts=True
    )


@dataclass(frozen=True)
class Message:
    """One call, ready to be sent outside of any transaction (送る通知)."""

    call: int
    url: str
    body: bytes
    headers: dict[str, str]


def take_up() -> Message | None:
    """The next message that is due, its try counted already: a worker that dies has tried (通知の取出し)."""
    due = WebhookCall.objects.filter(state=WebhookCall.State.WAITING, next_at__lte=clock.now())
    call = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_at", "pk").first()
    if call is None:
        return None
    call.next_at = clock.now() + PAUSES[min(call.attempts, len(PAUSES) - 1)]
    call.attempts += 1
    call.save(update_fields=["next_at", "attempts"])
    body = json.dumps(body_of(call.event), separators=(",", ":")).encode()
    headers = signed(secret_of(call.endpoint), f"msg_{call.event_id}", clock.now(), body)
    return Message(call.pk, call.endpoint.url, body, headers)


def note_answer(call: int, *, status: int | None, error: str = "") -> None:
    """Keep how a try ended; anything but 2xx is tried again, until the last pause is over (通知の結果)."""
    is_done = status is not None and 200 <= status < 300
    found = WebhookCall.objects.get(pk=call)
    if found.state != WebhookCall.State.WAITING:
        return
    if is_done:
        found.state = WebhookCall.State.DONE
    elif found.attempts > len(PAUSES):
        found.state = WebhookCall.State.DEAD
    found.status, found.error = status, error[:60]
    found.save(update_fields=["state", "status", "error"])
