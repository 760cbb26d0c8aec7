"""Writing the audit's chain and verifying it (監査記録の測定)."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from django.db import connections, transaction

from municipal.audit.operations import record, record_many
from municipal.audit.rules import Draft
from municipal.audit.verification import verify
from municipal.core import clock
from municipal.core.actors import System
from municipal.machine.postgresql import OWNER
from municipal.municipalities import wall

from .ground import TOWN, connect
from .measuring import Table, Times

IMPORT_SECONDS, ROWS_PER_SECOND = 10.0, 100_000.0
CLERK = System("benchmark")
FIELDS = ("name", "name_kana", "born_on", "address_city", "address_block")
Fresh = Callable[[], AbstractContextManager[str]]
PLAIN = """
CREATE TABLE plain_log (LIKE audit_entry INCLUDING DEFAULTS);
ALTER TABLE plain_log ALTER seq ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE plain_log ADD PRIMARY KEY (municipality_id, seq);
CREATE INDEX ON plain_log (municipality_id, at);
CREATE INDEX ON plain_log (municipality_id, actor_kind, actor_id, at);
CREATE INDEX ON plain_log (municipality_id, act, at);
GRANT INSERT ON plain_log TO kijun_app;
"""
PLAIN_ROW = """
INSERT INTO plain_log
    (municipality_id, at, kind, act, actor_kind, actor_id, subjects, fields, screen, purpose, code, hash)
VALUES (%s, %s, 'disclosure', 'residents.view', 'system', 0, '{1}', %s, 'counter', 'benchmark', '', '')
"""


def measure(fresh: Fresh, entries: int = 200_000, appends: int = 400, rounds: int = 3) -> list[Table]:
    """One import and its verification, ``rounds`` times; then single entries by 1 and by 8 clients."""
    return [_import(fresh, entries, rounds), _appending(fresh, appends, rounds)]


def _import(fresh: Fresh, entries: int, rounds: int) -> Table:
    writing, reading = Times(), Times()
    for _ in range(rounds):
        with fresh():
            with writing.taking(), wall.within(TOWN):
                record_many(_drafts(entries))
            with reading.taking():
                verdict = verify(TOWN)
            if (verdict.rows, verdict.is_sound) != (entries, True):
                raise RuntimeError(f"The chain is not what was written: {verdict}")
    table = Table("Audit in bulk", ("what", "entries", "median", "entries/s"), "By the clock, commit included.")
    rates = [entries / times.p50 for times in (writing, reading)]
    table.add(
        "one import (target: at most 10 s)", f"{entries:,}", f"{writing.p50:.1f} s", f"{rates[0]:,.0f}",
        is_met=writing.p50 <= IMPORT_SECONDS,
    )  # fmt: skip
    table.add(
        "verification (target: at least 100,000 per s)", f"{entries:,}", f"{reading.p50:.1f} s", f"{rates[1]:,.0f}",
        is_met=rates[1] >= ROWS_PER_SECOND,
    )  # fmt: skip
    return table


def _drafts(entries: int) -> Iterator[Draft]:
    now = clock.now()
    for number in range(1, entries + 1):
        yield Draft(now, "operation", "residents.load", "system", 0, (number,), FIELDS, "benchmark", "initial load")


def _appending(fresh: Fresh, appends: int, rounds: int) -> Table:
    table = Table(
        "Audit, one entry per transaction",
        ("clients", "chained, entries/s", "plain insert, entries/s", "chained / plain"),
        "Median of the rounds. Plain: one row of the same columns and indexes, no chain, no index of people, no wall. "
        "Entries of one town wait for each other at the head of its chain, for the length of a commit.",
    )
    for clients in (1, 8):
        chained, plain = [], []
        for _ in range(rounds):
            with fresh():
                with connect(OWNER) as owner:
                    owner.execute(PLAIN)
                chained.append(_rate(_chained, clients, appends))
                plain.append(_rate(_plain, clients, appends))
        ours, theirs = sorted(chained)[rounds // 2], sorted(plain)[rounds // 2]
        table.add(f"{clients}", f"{ours:,.0f}", f"{theirs:,.0f}", f"{ours / theirs:.2f}")
    return table


def _rate(act: Callable[[], None], clients: int, appends: int) -> float:
    """How many ``act`` per second ``clients`` do at the same time."""

    def one_client(_: int) -> None:
        for _ in range(appends // clients):
            act()

    def connected(_: int) -> None:
        connections["default"].ensure_connection()
        time.sleep(0.05)  # so that no thread takes a second turn

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(connected, range(clients)))
        began = time.perf_counter()
        list(pool.map(one_client, range(clients)))
        took = time.perf_counter() - began
        list(pool.map(_disconnect, range(clients)))
    return appends / took


def _disconnect(_: int) -> None:
    connections["default"].close()
    time.sleep(0.05)


def _chained() -> None:
    with wall.within(TOWN):
        record(
            actor=CLERK, act="residents.view", subjects=(1,), fields=FIELDS, screen="counter", purpose="benchmark",
            kind="disclosure",
        )  # fmt: skip


def _plain() -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(PLAIN_ROW, [TOWN, clock.now(), list(FIELDS)])
