"""Every event reaches every receiver, is applied once, and in its order (送信箱の試験)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.audit.operations import record
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import outbox
from municipal.office.models import Delivery, OutboxEvent
from municipal.office.operations import revive, skip
from municipal.office.outbox import deliver_next, emit, receives
from municipal.office.tasks import deliver, deliver_all

from .kinds import CLERK

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.TOKYO)


class Ear:
    """A receiver that writes down what it heard in the audit, or fails as often as it is told."""

    def __init__(self) -> None:
        self.failures: dict[int, int] = {}

    def __call__(self, event: OutboxEvent) -> None:
        number = event.payload["number"]
        record(actor=CLERK, act="tests.heard", subjects=event.subjects, code=str(number))
        if self.failures.get(number, 0):
            self.failures[number] -= 1
            raise ZeroDivisionError("the number of a secret account")


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    found = Ear()
    monkeypatch.setitem(outbox.receivers, "tests.moved", {"tests.ear": found})
    return found


def tell(number: int, *subjects: int, town: int = TOWN) -> None:
    with wall.within(town):
        emit(topic="tests.moved", subjects=subjects, payload={"number": number})


def heard(town: int = TOWN) -> list[int]:
    with wall.within(town):
        entries = Entry.objects.filter(act="tests.heard").order_by("seq")
        return [int(code) for code in entries.values_list("code", flat=True)]


def states() -> list[str]:
    with wall.within(TOWN):
        return list(Delivery.objects.order_by("event_id").values_list("state", flat=True))


def test_an_event_is_told_once_and_to_its_own_town(committed_db: str, ear: Ear) -> None:
    tell(1, 100)
    tell(2, 100, town=OTHER_TOWN)
    deliver(TOWN)
    deliver(TOWN)
    assert (heard(), heard(OTHER_TOWN)) == ([1], [])
    deliver_all()
    assert (heard(), heard(OTHER_TOWN)) == ([1], [2])


def test_an_event_is_gone_with_the_transaction_that_rolled_back(committed_db: str, ear: Ear) -> None:
    with pytest.raises(ZeroDivisionError), wall.within(TOWN):
        emit(topic="tests.moved", subjects=[1], payload={"number": 1})
        raise ZeroDivisionError
    with wall.within(TOWN):
        assert not OutboxEvent.objects.exists()


def test_an_event_without_receivers_is_kept_all_the_same(committed_db: str) -> None:
    with wall.within(TOWN):
        emit(topic="tests.nobody", subjects=[1], payload={})
    with wall.within(TOWN):
        assert OutboxEvent.objects.get().topic == "tests.nobody"
        assert not deliver_next()


def test_a_broker_that_is_away_loses_nothing(committed_db: str, ear: Ear, settings: Any) -> None:
    """No broker runs in this test: the message could not be sent, and the beat still delivers."""
    tell(1, 100)
    assert states() == ["waiting"]
    deliver_all()
    assert heard() == [1]


def test_what_a_failed_receiver_wrote_is_gone_and_it_is_asked_again_later(committed_db: str, ear: Ear) -> None:
    ear.failures = {1: 1}
    with clock.stopped_at(NOON):
        tell(1, 100)
        deliver(TOWN)
        assert heard() == []
    with wall.within(TOWN):
        waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts, waiting.error) == ("waiting", 1, "ZeroDivisionError")
    assert waiting.next_at == NOON + timedelta(seconds=10)
    with clock.stopped_at(NOON + timedelta(seconds=9)):
        deliver(TOWN)
        assert heard() == []
    with clock.stopped_at(NOON + timedelta(seconds=10)):
        deliver(TOWN)
        assert heard() == [1]


def test_younger_events_wait_for_older_ones_of_the_same_person_only(committed_db: str, ear: Ear) -> None:
    ear.failures = {1: 1}
    with clock.stopped_at(NOON):
        tell(1, 100, 200)
        tell(2, 300)
        tell(3, 200)
        tell(4, 200, 300)
        deliver(TOWN)
        assert heard() == [2]
    with clock.stopped_at(NOON + timedelta(minutes=1)):
        deliver(TOWN)
    assert heard() == [2, 1, 3, 4]


def test_a_dead_letter_is_listed_and_can_be_revived_or_given_up(committed_db: str, ear: Ear) -> None:
    ear.failures = {1: outbox.ATTEMPTS, 3: outbox.ATTEMPTS}
    for number in (1, 2, 3, 4):
        tell(number, 100 if number < 3 else 200)
    for hours in range(outbox.ATTEMPTS + 1):
        with clock.stopped_at(clock.now() + timedelta(hours=2 * hours)):
            deliver(TOWN)
    assert states() == ["dead", "waiting", "dead", "waiting"]
    with wall.within(TOWN):
        first, third = Delivery.objects.filter(state="dead").order_by("event_id")
        revive(actor=CLERK, delivery=first.pk)
        skip(actor=CLERK, delivery=third.pk)
    deliver(TOWN)
    assert heard() == [1, 2, 4]
    with wall.within(TOWN), pytest.raises(Refused) as refused:
        skip(actor=CLERK, delivery=third.pk)
    assert refused.value.code == "not_dead"
    with wall.within(TOWN):
        assert set(Entry.objects.filter(act__startswith="deliveries").values_list("act", "code")) == {
            ("deliveries.revive", "tests.moved"),
            ("deliveries.skip", "tests.moved"),
        }


def test_four_who_deliver_at_once_apply_each_event_once_and_in_order(committed_db: str, ear: Ear) -> None:
    with wall.within(TOWN):
        for number in range(60):
            emit(topic="tests.moved", subjects=[number % 6], payload={"number": number})

    def work() -> None:
        try:
            deliver_all()
        finally:
            connections.close_all()

    while "waiting" in states():
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(work) for _ in range(4)]:
                done.result()
    found = heard()
    assert sorted(found) == list(range(60))
    for person in range(6):
        mine = [number for number in found if number % 6 == person]
        assert mine == sorted(mine)


def test_the_database_itself_forbids_a_second_delivery(town: int, ear: Ear) -> None:
    event = emit(topic="tests.moved", subjects=[1], payload={"number": 1})
    with pytest.raises(IntegrityError, match="office_delivery_once"), transaction.atomic():
        Delivery.objects.create(event=event, receiver="tests.ear", next_at=NOON)


@pytest.mark.parametrize(
    "payload", [{"name": "山田 花子"}, {"born": "1980-01-01 "}, {"a": {"b": ["Tokyo"]}}, {"x": 1.5}]
)
def test_only_ids_and_machine_words_travel(town: int, payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Only ids"):
        emit(topic="tests.moved", subjects=[1], payload=payload)


def test_a_receiver_is_known_by_its_full_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(outbox.receivers, "tests.named", raising=False)

    @receives("tests.named")
    def listen(event: OutboxEvent) -> None:
        """Hears nothing."""

    assert list(outbox.receivers.pop("tests.named").values()) == [listen]
