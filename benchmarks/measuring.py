"""Times, percentiles and tables (計測)."""

import gc
import math
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Times:
    """What one thing took, again and again, in seconds: by the clock, and of this process's processor (所要時間)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Measure what happens inside."""
        began, worked = time.perf_counter(), time.process_time()
        yield
        self.wall.append(time.perf_counter() - began)
        self.cpu.append(time.process_time() - worked)

    @property
    def p50(self) -> float:
        return statistics.median(self.wall)

    @property
    def p95(self) -> float:
        return percentile(self.wall, 0.95)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that is not exceeded by ``share`` of them (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def in_turn(rounds: int, *ways: Callable[[], object]) -> list[Times]:
    """Each of ``ways`` once per round, A B A B, so that a noisy minute meets them all alike."""
    found = [Times() for _ in ways]
    for _ in range(rounds):
        for way, times in zip(ways, found, strict=True):
            gc.collect()
            with times.taking():
                way()
    return found


@dataclass
class Table:
    """One table of the report; a target is met, missed or none (結果の表)."""

    title: str
    columns: tuple[str, ...]
    note: str = ""
    rows: list[tuple[str, ...]] = field(default_factory=list)
    missed: int = 0

    def add(self, *cells: str, is_met: bool | None = None) -> None:
        """One row; ``is_met`` adds the verdict about its target."""
        verdict = {None: "", True: "met", False: "MISSED"}[is_met]
        self.missed += is_met is False
        self.rows.append((*cells, verdict))

    def __str__(self) -> str:
        head = (*self.columns, "target met?")
        lines = [f"### {self.title}", "", *([self.note, ""] if self.note else [])]
        rows = [head, tuple("--" for _ in head), *self.rows]
        return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows), ""])


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def machine(postgresql: str = "") -> str:
    """One line: processors, Python, PostgreSQL if one takes part, day."""
    said = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = [line.partition(":")[2].strip() for line in said.splitlines() if line.startswith("model name")]
    load = Path("/proc/loadavg").read_text(encoding="utf-8").split()[0]
    server = f"PostgreSQL {postgresql}; " if postgresql else ""
    return (
        f"{len(models)} cores, {models[0] if models else 'unknown processor'}; Python {platform.python_version()}; "
        f"{server}{time.strftime('%Y-%m-%d %H:%M')}; load at the start {load}"
    )
