"""Which postings other systems are told of, under which topic, and how far the books can be read (公金の通知).

An event holds ids of postings only; whoever is told reads the books. Money events are told in no order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection

from municipal.core import clock
from municipal.municipalities import wall
from municipal.office.models import OutboxEvent
from municipal.office.outbox import emit_all

from .models import PostingKind

CHARGED, COLLECTED, REFUNDED, REVERSED = (
    "payments.charged", "payments.collected", "payments.refunded", "payments.reversed",
)  # fmt: skip
TOPICS: Mapping[str, str] = {
    PostingKind.CHARGE: CHARGED, PostingKind.ADJUST: CHARGED, PostingKind.COLLECT: COLLECTED,
    PostingKind.REFUND: REFUNDED, PostingKind.REVERSE: REVERSED,
}  # fmt: skip
"""The topic of each kind of posting that anybody is told of."""
ALL_TOPICS = (CHARGED, COLLECTED, REFUNDED, REVERSED)

Body = Callable[[OutboxEvent], dict[str, object]]
TELLABLE: list[str] = [*ALL_TOPICS]
"""Every topic of which another system may be told, those of other rooms too (通知できる出来事)."""
_bodies: dict[str, Body] = {}

AT_ONCE = 2_000
SETTLED_AFTER = timedelta(seconds=60)
"""Between the time that a posting says and its id lies less than this; so long the newest postings are held back."""

BOOKS = 1263160391
"""The lock that a posting shares and a closing holds alone, with the municipality's code (see migration 0001)."""


def tellable(topic: str, body: Body) -> None:
    """Let other systems be told of a topic of another room; ``body``: ids only, out of its event (通知の登録)."""
    _bodies[topic] = body
    if topic not in TELLABLE:
        TELLABLE.append(topic)


def body_of(event: OutboxEvent) -> dict[str, object]:
    """What an endpoint is told: the kind of event, when, and the ids under which the API holds it (通知の内容)."""
    at = event.created_at.astimezone(clock.TOKYO).isoformat()
    return {"type": event.topic, "timestamp": at, "data": _bodies.get(event.topic, _postings)(event)}


def _postings(event: OutboxEvent) -> dict[str, object]:
    found = [f"ev_{one}" for one in event.payload["postings"]]
    return {"events": found, "count": len(found)}


def announce(made: Iterable[tuple[str, int]]) -> None:
    """Note in this transaction that these postings, kind and id, were booked (記帳の通知)."""
    by_topic: dict[str, list[int]] = defaultdict(list)
    for kind, posting in made:
        if kind in TOPICS:
            by_topic[TOPICS[kind]].append(posting)
    told = [
        (topic, (), {"postings": ids[start : start + AT_ONCE]})
        for topic, ids in by_topic.items()
        for start in range(0, len(ids), AT_ONCE)
    ]
    if told:
        emit_all(told)


def complete_until() -> datetime:
    """Up to when the books are complete: nobody can still commit an earlier posting with a lower id (確定した時刻).

    Whoever books takes the ids, then the town's lock, and holds it until the end. What such a transaction may add is
    younger than its beginning; what took its ids and has no lock yet is younger than SETTLED_AFTER.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(other.xact_start) FROM pg_locks JOIN pg_stat_activity AS other ON other.pid = pg_locks.pid "
            "WHERE locktype = 'advisory' AND other.datname = current_database() AND classid = %s AND objid = %s "
            "AND other.pid <> pg_backend_pid()",
            [BOOKS, wall.current()],
        )
        oldest = cursor.fetchone()[0]
    return min(oldest or clock.now(), clock.now()) - SETTLED_AFTER
