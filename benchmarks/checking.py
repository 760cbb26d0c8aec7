"""How fast a hand-over is judged, against reading it and against the usual tool (検査の速さ).

Every way runs as a process of its own, interpreter and imports included, and is charged with the processor time that
the system counted for it; memory is the largest that it held. No server is needed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import handover
from benchmarks.measuring import Table

PEOPLE = 1_000_000
FEW = 300_000
MANY = 5 * PEOPLE
MOST_TIMES_THE_FLOOR = 2.0
LEAST_TIMES_FRICTIONLESS = 20.0
MOST_GROWTH = 1.10
MOST_MEMORY = 1 << 30
ROUNDS = 3

FLOOR = "import csv, sys; sum(1 for row in csv.reader(open(sys.argv[1], encoding='utf-8', newline='')))"


@dataclass(frozen=True)
class Run:
    """One process: processor seconds, seconds by the clock, largest memory in bytes (一回の実行)."""

    cpu: float
    wall: float
    memory: int


def process(*arguments: str) -> Run:
    """Run one process to its end (プロセスの計測)."""
    began = time.perf_counter()
    # As it is installed: compiled once. Whoever forbids that would have every process compile everything again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = os.getcwd()
    child = os.posix_spawn(sys.executable, [sys.executable, *arguments], environment)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise RuntimeError(f"{arguments[:3]} ended with {status}")
    return Run(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss * 1024)


def floor(folder: Path) -> Run:
    """Python's csv module reads the file and does nothing else (読むだけ)."""
    return process("-c", FLOOR, str(folder / "people.csv"))


def ours(folder: Path, report: Path) -> Run:
    """The command, as a user gives it (本ツール)."""
    return process(
        "-m", "municipal.conformance", "check", str(folder / "people.csv"), str(folder / "households.csv"),
        "--pack", str(handover.PACK), "--format", "json", "--samples", "1000000", "--output", str(report),
    )  # fmt: skip


def frictionless(folder: Path, report: Path) -> Run:
    """The usual tool with the same rules (frictionless)."""
    return process("-m", "benchmarks.peer", str(folder), str(report))


def found(report: Path) -> set[tuple[str, int]]:
    """Rule and row of every finding of our report (指摘の一覧)."""
    results = json.loads(report.read_bytes())["results"]
    return {(result["code"], finding["row"]) for result in results for finding in result["findings"]}


def best(runs: list[Run]) -> Run:
    """The run with the least processor time: everything else only adds to it (最良の回)."""
    return min(runs, key=lambda run: run.cpu)


def measure() -> list[Table]:
    """Three tables: against the floor, against the peer, and how it grows (計測)."""
    base = Path(".data") / "bench" / "handover"
    few, people, many = (handover.write(base / str(rows), rows) for rows in (FEW, PEOPLE, MANY))
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        return [_against_reading(people, report), _against_the_peer(few, report), _growth(people, many, report)]


def _against_reading(people: Path, report: Path) -> Table:
    table = Table(
        f"Judging {PEOPLE:,} rows of 42 checked columns",
        ("what", "CPU", "by the clock", "memory", "CPU, times reading"),
        f"Best of {ROUNDS} in turn, whole processes. Target: at most {MOST_TIMES_THE_FLOOR} times the CPU of reading "
        "the file with Python's csv module; every planted error found, none else.",
    )
    runs = [(floor(people), ours(people, report)) for _ in range(ROUNDS)]
    reading, judging = best([pair[0] for pair in runs]), best([pair[1] for pair in runs])
    table.add("reading with csv.reader", *_cells(reading), "1.0")
    ratio = judging.cpu / reading.cpu
    table.add("conform check", *_cells(judging), f"{ratio:.2f}", is_met=ratio <= MOST_TIMES_THE_FLOOR)
    truth, said = handover.truth(people), found(report)
    exact = f"{len(truth & said):,} of {len(truth):,} planted errors, {len(said - truth):,} others"
    table.add("found", exact, "", "", "", is_met=truth == said)
    return table


def _against_the_peer(few: Path, report: Path) -> Table:
    table = Table(
        f"The same rules by frictionless, {FEW:,} rows",
        ("what", "CPU", "by the clock", "memory", "CPU, times ours"),
        f"Best of {ROUNDS} of ours, one of the peer's. Target: at least {LEAST_TIMES_FRICTIONLESS:.0f} times less CPU.",
    )
    judging = best([ours(few, report) for _ in range(ROUNDS)])
    truth, said = handover.truth(few), found(report)
    table.add("conform check", *_cells(judging), "1.0")
    peer = frictionless(few, report)
    theirs = set(json.loads(report.read_text()))
    ratio = peer.cpu / judging.cpu
    table.add("frictionless", *_cells(peer), f"{ratio:.1f}", is_met=ratio >= LEAST_TIMES_FRICTIONLESS)
    same = {row for _, row in truth}
    rows = f"the same {len(same):,} rows" if theirs == same else f"{len(theirs ^ same):,} rows differ"
    table.add("found by both", rows, "", "", "", is_met=theirs == same and said == truth)
    return table


def _growth(people: Path, many: Path, report: Path) -> Table:
    table = Table(
        f"From {PEOPLE:,} to {MANY:,} rows",
        ("what", "CPU", "by the clock", "memory", "CPU per row, times the smaller"),
        "Target: memory under 1 GiB, CPU per row within 10 %.",
    )
    small = best([ours(people, report) for _ in range(ROUNDS)])
    table.add(f"{PEOPLE:,} rows", *_cells(small), "1.0")
    large = best([ours(many, report) for _ in range(2)])
    exact = found(report) == handover.truth(many)
    growth = large.cpu / small.cpu * PEOPLE / MANY
    is_met = growth <= MOST_GROWTH and large.memory < MOST_MEMORY and exact
    table.add(f"{MANY:,} rows", *_cells(large), f"{growth:.2f}", is_met=is_met)
    return table


def _cells(run: Run) -> tuple[str, str, str]:
    return f"{run.cpu:.2f} s", f"{run.wall:.2f} s", f"{run.memory / (1 << 20):,.0f} MiB"


if __name__ == "__main__":
    for table in measure():
        print(table, flush=True)
