"""What is asked twice is done once (冪等性の試験)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.audit.operations import record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office.answers import Answer, once
from municipal.office.models import KeptAnswer
from municipal.office.tasks import forget_old_answers

from .kinds import CLERK, OTHER_CLERK


def ask(key: str = "k1", body: bytes = b"POST /a {}", actor: Actor = CLERK, town: int = TOWN) -> Answer:
    def act() -> Answer:
        record(actor=actor, act="tests.done")
        return Answer(201, {"id": 5, "by": actor.actor_id})

    with wall.within(town):
        return once(actor=actor, key=key, body=body, act=act)


def times_done(town: int = TOWN) -> int:
    with wall.within(town):
        return Entry.objects.filter(act="tests.done").count()


def code_of(**changes: Any) -> str:
    with pytest.raises(Refused) as refused:
        ask(**changes)
    return refused.value.code


def test_the_same_request_gets_the_stored_answer(committed_db: str) -> None:
    first = ask()
    assert ask() == first == Answer(201, {"id": 5, "by": 7})
    assert times_done() == 1


def test_the_same_key_with_another_body_is_refused(committed_db: str) -> None:
    ask()
    assert code_of(body=b"POST /a {1}") == "idempotency_mismatch"
    assert times_done() == 1


def test_keys_belong_to_an_actor_and_a_town(committed_db: str) -> None:
    ask()
    assert ask(actor=OTHER_CLERK).body == {"id": 5, "by": 8}
    ask(town=OTHER_TOWN)
    ask(key="k2")
    assert (times_done(), times_done(OTHER_TOWN)) == (3, 1)


def test_while_the_first_still_runs_the_second_is_told_so(committed_db: str) -> None:
    with wall.within(TOWN):

        def act() -> Answer:
            with ThreadPoolExecutor(1) as pool:
                assert pool.submit(apart).result(timeout=30) == "still_running"
            return Answer(200, None)

        once(actor=CLERK, key="k1", body=b"POST /a {}", act=act)
    assert ask() == Answer(200, None)


def apart() -> str:
    try:
        return code_of()
    finally:
        connections.close_all()


def test_what_failed_may_be_asked_again(committed_db: str) -> None:
    def fail() -> Answer:
        record(actor=CLERK, act="tests.done")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), wall.within(TOWN):
        once(actor=CLERK, key="k1", body=b"x", act=fail)
    assert times_done() == 0
    assert ask().status == 201


def test_a_connection_that_died_in_the_middle_leaves_the_key_free(committed_db: str, cluster: Any) -> None:
    """As after kill -9 of the web worker: PostgreSQL rolls back, and there is nothing to take over."""

    def die() -> Answer:
        record(actor=CLERK, act="tests.done")
        with cluster.postgresql.superuser(committed_db) as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = 'kijun_app'"
            )
        return Answer(200, None)

    with pytest.raises(Exception, match=r"terminat|closed|lost"), wall.within(TOWN):
        once(actor=CLERK, key="k1", body=b"POST /a {}", act=die)
    connections["default"].close()
    assert ask().status == 201
    assert times_done() == 1


def test_ten_at_once_do_it_once(committed_db: str) -> None:
    def one() -> int:
        try:
            return ask().status
        except Refused as refused:
            return {"still_running": 409}[refused.code]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = [done.result() for done in [pool.submit(one) for _ in range(10)]]
    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert times_done() == 1


def test_answers_are_forgotten_after_400_days(committed_db: str) -> None:
    now = clock.now()
    with clock.stopped_at(now - timedelta(days=401)):
        ask(key="old")
    with clock.stopped_at(now - timedelta(days=399)):
        ask(key="young")
        ask(key="young", town=OTHER_TOWN)
    forget_old_answers()
    for town in (TOWN, OTHER_TOWN):
        with wall.within(town):
            assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["young"]


@pytest.mark.parametrize("key", ["", "あ", "a\n", "a" * 256, "a\0b"])
def test_a_key_that_is_none_is_refused(town: int, key: str) -> None:
    with pytest.raises(Refused) as refused:
        once(actor=CLERK, key=key, body=b"", act=lambda: Answer(200, None))
    assert refused.value.code == "idempotency_key"
