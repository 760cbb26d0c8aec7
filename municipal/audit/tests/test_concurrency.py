"""Many write at once: one unbroken chain per town, and towns do not wait for each other (同時実行の試験)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.audit.operations import record
from municipal.audit.verification import Verdict, verify
from municipal.audit.writing import append
from municipal.municipalities import wall

from .filling import CLERK, fill
from .test_bulk import drafts


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a thread, on a connection of its own that is closed again."""

    def run() -> Any:
        try:
            return function(*arguments)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=60)


def write(town: int, times: int) -> None:
    for number in range(times):
        with wall.within(town):
            record(actor=CLERK, act="residents.view", subjects=(number,))
    connections.close_all()


def test_eight_who_write_at_once_keep_one_unbroken_chain(committed_db: str) -> None:
    with ThreadPoolExecutor(9) as pool:
        writers = [pool.submit(write, TOWN, 15) for _ in range(8)]
        meanwhile: list[Verdict] = []
        while not all(writer.done() for writer in writers):
            meanwhile.append(verify(TOWN))
        for writer in writers:
            writer.result()
    assert all(verdict.is_sound for verdict in meanwhile)
    verdict = verify(TOWN)
    assert (verdict.is_sound, verdict.rows, verdict.head) == (True, 120, 120)


def impatient(town: int) -> None:
    with wall.within(town):
        connection.cursor().execute("SET LOCAL lock_timeout = '300ms'")
        record(actor=CLERK, act="a.b")


def test_two_towns_do_not_wait_for_each_other(committed_db: str) -> None:
    fill(1)
    fill(1, OTHER_TOWN)
    with wall.within(TOWN) as door:
        append(drafts(1), using=door.using)
        apart(impatient, OTHER_TOWN)
        with pytest.raises(OperationalError, match="lock timeout"):
            apart(impatient, TOWN)
    assert verify(TOWN).rows == 2
    assert verify(OTHER_TOWN).rows == 2


def test_the_first_two_entries_of_a_town_may_come_at_once(committed_db: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, TOWN, 1) for _ in range(2)]:
            done.result()
    assert verify(TOWN).is_sound
    with wall.within(TOWN):
        assert Entry.objects.count() == 2
