"""Addresses of 20,000 people changed in bulk: the trial and the final run (住所一括変更の測定)."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from municipal.batches.models import AddressChange, AddressChangeRow
from municipal.batches.operations import order_final, order_trial, take_changes
from municipal.batches.rules import ADDRESS_PARTS, headings
from municipal.core import clock
from municipal.core.actors import System
from municipal.machine.postgresql import SUPERUSER
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.residents.acts.standing import newest_periods
from municipal.residents.models import ResidentRecord

from .ground import TOWN, connect
from .measuring import Table, Times

TRIAL_TARGET, FINAL_TARGET = 120.0, 300.0
PEOPLE = 20_000
KEYS = {
    "residents_residentevent": "id", "residents_residentrecord": "id", "residents_period": "id",
    "office_outboxevent": "id", "office_delivery": "id", "audit_entry": "seq",
}  # fmt: skip
"""What a change writes into, and by which column later rows are known."""
Copy = Callable[[], AbstractContextManager[str]]


def measure(copy: Copy, people: int = PEOPLE) -> list[Table]:
    """A file for the households of ``people``, taken in, tried and carried out in a copy of the town."""
    table = Table(
        f"Addresses changed in bulk, {people:,} people",
        ("what", "people", "households", "left out", "by the clock", "own CPU", "longest step", "times plain COPY"),
        "Once each, every step committed: the file is taken in, every household is planned, checked, written with both "
        "times and taken back (trial), then written (final). Own CPU: of this process, without PostgreSQL's. Longest "
        "step: how long a clerk may wait for somebody's lock. Plain COPY: the rows that the final run wrote, as "
        "superuser, into tables without constraint or index. Targets: 2 and 5 minutes.",
    )
    with copy(), connect(SUPERUSER) as superuser:
        with wall.within(TOWN):
            lines, there = _lines(people)
            change = _taken(lines).pk
            trial = order_trial(actor=System(), change=change).pk
        tried, longest_trial = _run(trial)
        before = {name: _most(superuser, name) for name in KEYS}
        with wall.within(TOWN):
            final = order_final(actor=System(), change=change).pk
        carried, longest = _run(final)
        floor = _floor(superuser, before)
        with wall.within(TOWN):
            left_out = AddressChangeRow.objects.filter(change=change, outcome="left_out").count()
        for name, times, slowest, target in (
            ("trial", tried, longest_trial, TRIAL_TARGET), ("final", carried, longest, FINAL_TARGET),
        ):  # fmt: skip
            table.add(
                name, f"{there:,}", f"{len(lines):,}", f"{left_out:,}", f"{times.p50:.1f} s", f"{times.cpu[0]:.1f} s",
                f"{slowest:.2f} s", f"{times.p50 / floor:.0f}", is_met=times.p50 <= target,
            )  # fmt: skip
        table.add("plain COPY of the rows", f"{there:,}", "", "", f"{floor:.2f} s", "", "", "1")
    return [table]


def _lines(people: int) -> tuple[list[str], int]:
    """A line for each of the first households in which so many live together, and how many live there."""
    here = newest_periods().filter(is_registered=True).values("record")
    columns = [f"address_{part}" for part in ADDRESS_PARTS]
    rows = ResidentRecord.objects.filter(pk__in=here).order_by("household", "member_order")
    homes: dict[str, list[str]] = {}
    there = 0
    for number, *parts in rows.values_list("household__number", *columns).iterator():
        if there >= people and number not in homes:
            break
        there += 1
        homes.setdefault(number, parts)
    return [",".join([number, *parts, f"新{parts[0]}", *parts[1:]]) for number, parts in homes.items()], there


def _taken(lines: list[str]) -> AddressChange:
    content = "\n".join([",".join(headings("address")), *lines]).encode()
    day = clock.today() - timedelta(days=1)
    return take_changes(actor=System(), kind="address", content=content, effective_on=day, basis="測定")


def _run(job: int) -> tuple[Times, float]:
    """The whole run, and its longest step in seconds. Raises RuntimeError for a run that broke off."""
    times, longest = Times(), 0.0
    with times.taking():
        taken = jobs._take_up(TOWN, job)
        at = taken[0] if taken else None
        while taken and at is not None:
            began = time.perf_counter()
            at = jobs._step(TOWN, job, at, taken[1])
            longest = max(longest, time.perf_counter() - began)
    with wall.within(TOWN):
        if (state := Job.objects.get(pk=job).state) != Job.State.DONE:
            raise RuntimeError(f"The run is {state}, not done.")
    return times, longest


def _most(superuser: Any, name: str) -> int:
    return int(superuser.execute(f"SELECT coalesce(max({KEYS[name]}), 0) FROM {name}").fetchone()[0])


def _floor(superuser: Any, before: dict[str, int]) -> float:
    """Seconds that COPY needs for what was written since, into bare tables."""
    seconds = 0.0
    with superuser.cursor() as cursor:
        for name, last in before.items():
            cursor.execute(f"CREATE TABLE bare_{name} (LIKE {name})")
            with cursor.copy(f"COPY (SELECT * FROM {name} WHERE {KEYS[name]} > {last}) TO STDOUT") as copy:
                written = b"".join(bytes(block) for block in copy)
            began = time.perf_counter()
            with cursor.copy(f"COPY bare_{name} FROM STDIN") as copy:
                copy.write(written)
            seconds += time.perf_counter() - began
    return seconds
