"""Other systems are told of money, signed, again where they do not answer, and nobody else is (通知の試験)."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, connections

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.core.signatures import signed, written
from municipal.municipalities import wall
from municipal.office.models import OutboxEvent
from municipal.office.outbox import deliver_next
from municipal.payments.announcements import (
    ALL_TOPICS,
    CHARGED,
    COLLECTED,
    SETTLED_AFTER,
    announce,
    body_of,
    complete_until,
)
from municipal.payments.models import Charge, Posting, PostingKind, WebhookCall, WebhookEndpoint
from municipal.payments.operations import disable_endpoint, refund, register_endpoint, reverse
from municipal.payments.operations.endpoints import PAUSES, call_for, note_answer, take_up
from municipal.payments.webhooks import Unreachable, refuse_bad_url, secret_of, send

from .booking import CLERK, charged, collected, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
URL = "https://accounting.example.jp/hooks"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def told() -> list[tuple[str, int]]:
    """Topic of every event, and how many postings it holds."""
    found = OutboxEvent.objects.filter(topic__startswith="payments.").order_by("pk")
    return [(one.topic, len(one.payload["postings"])) for one in found]


def registered(*events: str, url: str = URL) -> WebhookEndpoint:
    return register_endpoint(actor=CLERK, url=url, events=events or ALL_TOPICS)


def test_every_change_of_the_books_that_anybody_is_told_of_is_an_event(town: int) -> None:
    charges = charged()
    slip = slip_of(charges[0])
    taken(report(slip.number, 25_900), report(slip.number, 25_900, channel="app", reference="A2"))
    refund(actor=CLERK, charge=charges[0], yen=900)
    reverse(actor=CLERK, posting=collected(charges[1], 10, "x"), booked_on=clock.today(), reason="誤り")
    taken(report(slip.number, 25_900, stage="cancelled", channel="app", reference="A2"))
    assert told() == [
        ("payments.charged", 1), ("payments.collected", 2), ("payments.refunded", 1), ("payments.collected", 1),
        ("payments.reversed", 1), ("payments.reversed", 1),
    ]  # fmt: skip


def test_many_postings_are_told_of_in_few_events(town: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.payments.announcements.AT_ONCE", 2)
    announce([(PostingKind.CHARGE, number) for number in (1, 2, 3)] + [(PostingKind.SETTLE, 4)])
    assert told() == [(CHARGED, 2), (CHARGED, 1)]


def test_an_event_holds_ids_and_nobody(town: int) -> None:
    charged()
    event = OutboxEvent.objects.get(topic=CHARGED)
    assert event.subjects == []
    assert list(event.payload) == ["postings"]
    assert body_of(event) == {
        "type": CHARGED, "timestamp": "2026-11-20T12:00:00+09:00",
        "data": {"events": [f"ev_{Posting.objects.get().pk}"], "count": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "http://example.jp/x", "https://", "https:///x", "https://localhost.", "https://intranet/x",
        "https://10.0.0.1/x", "https://192.168.1.1", "https://127.0.0.1.example/\n", "https://[::1]/x",
        "https://169.254.169.254/latest", "https://user:pw@example.jp", "ftp://example.jp", "https://example.jp:99999/",
        "https://example.jp/#x", "https://例え.jp/", "https://example.jp/ x", "https://example.jp/" + "x" * 500,
        "//example.jp", "file:///etc/passwd", "https://0.0.0.0", "https://[::ffff:10.0.0.1]/", "http://0/",
    ],
)  # fmt: skip
def test_an_address_that_must_not_be_reached_is_refused(town: int, url: str) -> None:
    with pytest.raises(Refused) as refused:
        registered(url=url)
    assert refused.value.field == "url"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("url", [URL, "https://93.184.216.34:8443/x?y=1", "http://127.0.0.1:9/x", "http://localhost/x"])
def test_a_public_address_and_in_training_this_machine_may_be_told(town: int, url: str) -> None:
    assert registered(url=url).url == url


def test_outside_of_training_this_machine_may_not_be_told(town: int, settings: Any) -> None:
    settings.SECRET_KEY = "another"
    for url in ("http://127.0.0.1:9/x", "http://localhost/x", "https://127.0.0.1/x", "https://localhost/x"):
        with pytest.raises(Refused):
            refuse_bad_url(url)
        with pytest.raises(Unreachable, match="not_public"):
            send(url, b"", {})


@pytest.mark.parametrize("events", [[], ["payments.settled"], ["x"], [COLLECTED, ""]])
def test_an_event_that_is_none_is_refused(town: int, events: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        register_endpoint(actor=CLERK, url=URL, events=events)
    assert refused.value.field == "events"


def test_an_address_is_registered_once_and_again_after_it_was_disabled(town: int) -> None:
    first = registered()
    with pytest.raises(Refused, match="すでに登録"):
        registered()
    disable_endpoint(actor=CLERK, endpoint=first, reason="移転")
    second = registered()
    assert secret_of(first) != secret_of(second)


def test_an_endpoint_is_told_once_of_what_it_wants_and_of_nothing_else(town: int) -> None:
    wanting, other = registered(COLLECTED), registered(CHARGED, url=URL + "/2")
    collected(charged()[0], 10, "x")
    for _ in range(10):
        deliver_next()
    for event in OutboxEvent.objects.all():
        call_for(event)
    assert [one.event.topic for one in wanting.calls.all()] == [COLLECTED]
    assert [one.event.topic for one in other.calls.all()] == [CHARGED]


def test_a_message_is_signed_as_the_standard_says(town: int) -> None:
    endpoint = registered(CHARGED)
    charged()
    deliver_next()
    message = take_up()
    assert message is not None
    stamp, number = str(int(NOON.timestamp())), message.headers["webhook-id"]
    assert message.headers["webhook-timestamp"] == stamp
    mac = hmac.new(secret_of(endpoint), f"{number}.{stamp}.".encode() + message.body, hashlib.sha256).digest()
    assert message.headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
    assert json.loads(message.body)["type"] == CHARGED


def test_a_published_vector_of_the_standard_is_met() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1_614_265_330, tz=clock.TOKYO)
    found = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert written(secret) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_what_fails_is_tried_again_after_the_pauses_and_then_given_up(town: int) -> None:
    endpoint = registered(CHARGED)
    charged()
    deliver_next()
    at, tries = NOON, []
    while True:
        with clock.stopped_at(at):
            message = take_up()
            if message is None:
                break
            tries.append(at)
            assert take_up() is None
            note_answer(message.call, status=500)
        at += PAUSES[min(len(tries) - 1, len(PAUSES) - 1)]
    call = endpoint.calls.get()
    assert [later - earlier for earlier, later in pairwise(tries)] == list(PAUSES)
    assert (call.state, call.attempts, call.status) == (WebhookCall.State.DEAD, 6, 500)


def test_what_was_answered_is_not_told_again_and_a_disabled_address_of_nothing(town: int) -> None:
    endpoint = registered(CHARGED)
    charged()
    charged(fee="904", owner=Charge.objects.all()[0].assessment.payer)
    # Other rooms receive the same events.
    while deliver_next():
        pass
    message = take_up()
    assert message is not None
    note_answer(message.call, status=204)
    disable_endpoint(actor=CLERK, endpoint=endpoint, reason="移転")
    disable_endpoint(actor=CLERK, endpoint=endpoint, reason="移転")
    with clock.stopped_at(NOON + timedelta(days=30)):
        assert take_up() is None
        note_answer(message.call, status=500)
    assert sorted(endpoint.calls.values_list("state", flat=True)) == ["dead", "done"]


def test_no_secret_lies_in_the_database(town: int) -> None:
    endpoint = registered()
    row = WebhookEndpoint.objects.values().get()
    kept = json.dumps(row, default=str)
    assert written(secret_of(endpoint)) not in kept
    assert secret_of(endpoint).hex() not in kept


def test_the_books_are_complete_until_a_minute_ago_and_longer_while_somebody_books(committed_db: str) -> None:
    with wall.within(TOWN):
        assert complete_until() == NOON - SETTLED_AFTER
    began, ends = threading.Event(), threading.Event()

    def book() -> None:
        try:
            with clock.stopped_at(NOON), wall.within(TOWN):
                charged()
                began.set()
                ends.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=book)
    thread.start()
    assert began.wait(20)
    with clock.stopped_at(datetime(2100, 1, 1, tzinfo=clock.TOKYO)):
        with wall.within(TOWN), connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            assert complete_until() < cursor.fetchone()[0]
        with wall.within(OTHER_TOWN):
            assert complete_until() == clock.now() - SETTLED_AFTER
    ends.set()
    thread.join()
    with clock.stopped_at(datetime(2100, 1, 1, tzinfo=clock.TOKYO)), wall.within(TOWN):
        assert complete_until() == clock.now() - SETTLED_AFTER
