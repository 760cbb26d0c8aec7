"""What is sent twice is done once, and what cannot be read does nothing (冪等性と要求の読取りの試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office.answers import Answer, once
from municipal.residents.models import Claim, Draft
from municipal.residents.tests.acting import ACTS_ON, newcomer_said

from .machines import chief, counter, registered, sent

MOVE_IN = '{"act": "move_in"%s}'


@pytest.fixture
def may() -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


def drafts() -> int:
    with wall.within(TOWN):
        assert Claim.objects.count() == 0
        return Draft.objects.count()


@pytest.mark.django_db
@pytest.mark.usefixtures("may")
class TestOnce:
    """Keys and repetitions."""

    def test_the_same_request_gets_the_same_answer_and_is_done_once(self) -> None:
        clerk, body = counter(), sent("move_in", people=(newcomer_said(),))
        first, second = clerk.post("events", body, "k1"), clerk.post("events", body, "k1")
        assert (first.status_code, first.content, first["Location"]) == (201, second.content, second["Location"])
        assert (second.status_code, drafts()) == (201, 1)

    def test_a_decision_sent_twice_is_one_event(self) -> None:
        clerk, decider = counter(), chief()
        path = f"events/{clerk.enter('move_in', people=(newcomer_said(),))['id']}/decide"
        answers = [decider.post(path, {"version": 1}, "d1") for _ in range(3)]
        assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
        assert registered() == 1

    def test_the_same_key_for_something_else_is_refused(self) -> None:
        clerk, body = counter(), sent("move_in", people=(newcomer_said(),))
        draft = clerk.post("events", body, "k1").json()["id"]
        for method, path, other in (
            ("post", "events", body | {"notifier_name": "甲野　花子"}),
            ("post", f"events/{draft}/withdraw", {"version": 1}),
            ("put", f"events/{draft}", {"version": 1, "notice": body}),
        ):
            answer = clerk.send(method, path, other, "k1")
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
        assert drafts() == 1

    def test_the_key_of_somebody_else_is_another_one(self) -> None:
        body = sent("move_in", people=(newcomer_said(),))
        assert [one.post("events", body, "k1").status_code for one in (counter(), chief())] == [201, 201]

    @pytest.mark.parametrize("key", ["", "ｋ", "x" * 256, "a\tb"])
    def test_nothing_is_changed_without_a_good_key(self, key: str) -> None:
        answer = counter().post("events", sent("move_in", people=(newcomer_said(),)), key)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key")
        assert drafts() == 0

    def test_what_was_refused_may_be_sent_again(self) -> None:
        clerk, body = counter(), sent("move_in", people=(newcomer_said(relationship="妻"),))
        assert clerk.post("events", body, "k1").json()["code"] == "unconfirmed:no_head"
        body["confirmed"] = ["no_head"]
        assert clerk.post("events", body, "k1").status_code == 201


@pytest.mark.django_db
@pytest.mark.usefixtures("may")
@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 415),
        (b" ", 400),
        (b"{", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"move_in"', 400),
        (b"\xff\xfe{}", 400),
        (b'{"act": NaN}', 400),
        (b'{"act": "birth", "act": "death"}', 400),
        (b"[" * 100_000, 400),
        ((MOVE_IN % (', "cancels": ' + "9" * 5000)).encode(), 400),
        ((MOVE_IN % ', "secret": 1').encode(), 400),
        ((MOVE_IN % ', "\\ud800": 1').encode(), 400),
        ((MOVE_IN % ', "notifier_name": "\\u0000"').encode(), 422),
        ((MOVE_IN % ', "notifier_name": "\\ud800"').encode(), 422),
        ((MOVE_IN % ', "confirmed": ["\\u0000"]').encode(), 422),
        ((MOVE_IN % ', "confirmed": ["\\ud800"]').encode(), 422),
        ((MOVE_IN % ', "confirmed": [{}]').encode(), 422),
        ((MOVE_IN % ', "planned_on": 1e999').encode(), 422),
        (b'{"act": 1}', 422),
        (b'{"act": "\\u0000"}', 422),
        (b'{"act": "flight"}', 422),
        (b"{}", 422),
        (b'{"act": "move_in", "notifier_name": "' + b"x" * 900_000 + b'"}', 422),
        (b'{"act": "move_in", "notifier_name": "' + b"x" * 2_000_000 + b'"}', 413),
        (b'{"act": "move_in", "notifier_name": "' + b"x" * 10_000_000 + b'"}', 413),
    ],
    ids=range(26),
)
def test_what_cannot_be_read_gets_one_sentence_and_does_nothing(raw: bytes, status: int) -> None:
    answer = counter().post("events", raw)
    assert answer.status_code == status, answer.content.decode()[:500]
    assert answer.json()["messages"]["ja"].endswith("。")
    assert answer.json()["messages"]["en"].endswith(".")
    assert drafts() == 0
    with wall.within(TOWN):
        assert [one.code for one in Entry.objects.filter(kind="refusal")] == [answer.json()["code"]]


@pytest.mark.django_db
@pytest.mark.usefixtures("may")
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_only_json_is_read(kind: str) -> None:
    answer = counter().post("events", b'{"act": "move_in"}', content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_while_the_first_still_runs_the_second_is_told_so(committed_db: str) -> None:
    with clock.stopped_at(ACTS_ON):
        clerk, body = counter(), sent("move_in", people=(newcomer_said(),))

    def second() -> tuple[int, str]:
        try:
            with clock.stopped_at(ACTS_ON):
                answer = clerk.post("events", body, "k1")
            return answer.status_code, answer.json()["code"]
        finally:
            connections.close_all()

    def first() -> Answer:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(second).result(timeout=30) == (409, "still_running")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), wall.within(TOWN):
        once(actor=clerk.staff, key="k1", body=b"", act=first)
    with clock.stopped_at(ACTS_ON):
        assert clerk.post("events", body, "k1").status_code == 201


def test_one_key_sent_by_eight_at_once_is_done_once(committed_db: str) -> None:
    with clock.stopped_at(ACTS_ON):
        clerk, body = counter(), sent("move_in", people=(newcomer_said(),))
    gate = Barrier(8)

    def one(_: int) -> int:
        try:
            gate.wait(timeout=30)
            with clock.stopped_at(ACTS_ON):
                status: int = clerk.post("events", body, "k1").status_code
            return status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(one, range(8), timeout=60))
    assert {201} <= statuses <= {201, 409}
    assert drafts() == 1


def test_a_form_of_a_browser_changes_nothing(committed_db: str) -> None:
    """A cookie comes by itself from whatever page sends the request: here it opens nothing."""
    from municipal.identity.tests.people import browser_of, somebody

    with clock.stopped_at(ACTS_ON):
        browser: Any = browser_of(somebody("residents.enter"))
        body = sent("move_in", people=(newcomer_said(),))
        answer = browser.post(
            "/api/v1/events", body, content_type="application/json", headers={"Idempotency-Key": "k1"}
        )
    assert answer.status_code == 401
    assert drafts() == 0
