"""Telling other rooms what happened, without losing or doubling a word (送信箱).

``emit`` notes the event and one delivery per receiver in the transaction of the act itself. The broker only wakes
the delivery; when it is gone or was wiped, the beat finds what waits. A receiver's changes and the note that it
received commit together, so each event is applied once. Events of one subject reach a receiver in their order,
because every operation locks its subject's row before it asks.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connections, transaction

from municipal.core import clock
from municipal.municipalities import wall

from .models import Delivery, OutboxEvent

logger = logging.getLogger(__name__)

Receiver = Callable[[OutboxEvent], None]
receivers: dict[str, dict[str, Receiver]] = defaultdict(dict)
"""By topic, then by the receiver's full name (受け手の一覧)."""

ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=1)
_WORD = re.compile(r"[a-z0-9_.:-]{1,63}")

# The oldest due delivery whose receiver has nothing older of the same people to receive.
_NEXT = """
    SELECT mine.id FROM office_delivery AS mine JOIN office_outboxevent AS event ON event.id = mine.event_id
    WHERE mine.state = 'waiting' AND mine.next_at <= %s AND NOT EXISTS (
        SELECT FROM office_delivery AS older JOIN office_outboxevent AS before ON before.id = older.event_id
        WHERE older.receiver = mine.receiver AND older.state <> 'done' AND older.event_id < mine.event_id
        AND before.subjects && event.subjects
    )
    ORDER BY mine.event_id, mine.id LIMIT 1 FOR UPDATE OF mine SKIP LOCKED
"""


def receives(topic: str) -> Callable[[Receiver], Receiver]:
    """Let a plain function in an app's ``receivers.py`` receive a topic, inside the wall (受け手).

    It may be called again with the same event if it failed; what a failed call wrote is gone.
    """

    def note(function: Receiver) -> Receiver:
        receivers[topic][f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return note


def emit(*, topic: str, subjects: Iterable[int], payload: Mapping[str, Any]) -> OutboxEvent:
    """Note in this transaction that something happened to ``subjects``, addressee ids (通知).

    ``payload``: ids and short machine words only. Raises ValueError for anything that could be a value of a
    record, NoMunicipality outside the wall.
    """
    return emit_all([(topic, subjects, payload)])[0]


def emit_all(told: Sequence[tuple[str, Iterable[int], Mapping[str, Any]]]) -> list[OutboxEvent]:
    """Note many things at once, each topic, subjects and payload as ``emit`` takes them, in their order (一括通知)."""
    for _topic, _subjects, payload in told:
        check_ids(payload)
    now = clock.now()
    using = wall.opening().using
    events = OutboxEvent.objects.using(using).bulk_create(
        OutboxEvent(topic=topic, subjects=list(dict.fromkeys(subjects)), payload=payload, created_at=now)
        for topic, subjects, payload in told
    )
    Delivery.objects.using(using).bulk_create(
        Delivery(event=event, receiver=name, next_at=now) for event in events for name in receivers[event.topic]
    )
    wall.before_commit(_wake_after_commit)
    return events


def check_ids(payload: object) -> None:
    """Raise ValueError unless every leaf is a number, a truth value, nothing, or a short machine word."""
    leaves = [payload]
    while leaves:
        one = leaves.pop()
        if isinstance(one, Mapping):
            leaves.extend((*one.keys(), *one.values()))
        elif isinstance(one, list | tuple):
            leaves.extend(one)
        elif not (one is None or isinstance(one, int) or (isinstance(one, str) and _WORD.fullmatch(one))):
            raise ValueError("Only ids and machine words travel; the receiver reads the record itself.")


def _wake_after_commit() -> None:
    from .tasks import deliver, wake

    town = wall.current()
    transaction.on_commit(lambda: wake(deliver, town), using=wall.opening().using, robust=True)


def deliver_next() -> bool:
    """Bring the next due event of the open municipality to its receiver; False when none is due (配達).

    A receiver that fails is asked again after a pause that doubles each time; after ATTEMPTS the delivery is dead:
    it is listed for people, and younger events of the same subjects wait behind it.
    """
    using = wall.opening().using
    with connections[using].cursor() as cursor:
        cursor.execute(_NEXT, [clock.now()])
        found = cursor.fetchone()
    if found is None:
        return False
    delivery = Delivery.objects.using(using).select_related("event").get(pk=found[0])
    try:
        with transaction.atomic(using=using):
            receivers[delivery.event.topic][delivery.receiver](delivery.event)
        delivery.state, delivery.error = Delivery.State.DONE, ""
    except Exception as error:
        # Whatever a receiver stumbles over must not stop the others; only the kind of error is kept, no values.
        _postpone(delivery, type(error).__name__)
        logger.error("Delivery %s to %s failed: %s", delivery.pk, delivery.receiver, type(error).__name__)
    delivery.save(using=using)
    return True


def _postpone(delivery: Delivery, error: str) -> None:
    delivery.attempts += 1
    delivery.error = error
    delivery.next_at = clock.now() + min(LONGEST_WAIT, timedelta(seconds=5 * 2**delivery.attempts))
    if delivery.attempts >= ATTEMPTS:
        delivery.state = Delivery.State.DEAD
