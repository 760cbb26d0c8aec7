"""A whole country judged: one task per municipality, by two workers, one of which is killed midway (全国規模の検査).

1,788 bodies with the populations of the 2020 census, scaled 1:100; prefectures keep no register and hand over a single
row. Every hand-over is an inspection as a town orders one, so what is shown is what runs: the same job, the same
function, the reports kept once. The census figures stand in ``data/populations-2020.csv`` (Statistics Bureau of Japan,
preliminary counts).
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.models import Count

from benchmarks import handover
from benchmarks.ground import PLACE, connect
from benchmarks.measuring import Table
from municipal.core.actors import System
from municipal.machine.children import start_child
from municipal.machine.postgresql import APP, OWNER, SUPERUSER
from municipal.machine.valkey import Valkey
from municipal.municipalities import wall
from municipal.municipalities.operations import found

SCALE = 100
FOLDER = Path(".data") / "bench" / "scaleout"
NAME = "handover"
AS_OF = date(2026, 11, 23)
CLERK = System("benchmark")
STALE = timedelta(seconds=20)
WORKERS = 2
Fresh = Callable[[], AbstractContextManager[str]]


def sizes() -> dict[int, int]:
    """People to hand over by municipality (件数)."""
    with (Path(__file__).parent / "data" / "populations-2020.csv").open(encoding="utf-8", newline="") as lines:
        counted = {row["code"]: int(row["population"]) for row in csv.DictReader(lines)}
    return {int(code): 1 if code[2:5] == "000" else max(1, population // SCALE) for code, population in counted.items()}


def measure(fresh: Fresh) -> list[Table]:
    """One table: what ran, how long, and that every town was judged exactly once (計測)."""
    wanted = sizes()
    _write(wanted)
    with fresh() as database, _broker() as broker:
        for town in wanted:
            found(code=f"{town:06d}", name=f"架空{town:06d}", prefecture="架空県", is_fictional=True)
        began = time.perf_counter()
        _order(list(wanted))
        killed = _work(database, broker, list(wanted))
        seconds = time.perf_counter() - began
        return [_table(wanted, seconds, killed, _outcome(list(wanted)))]


def _write(wanted: dict[int, int]) -> None:
    """Hand-over folders, made once: every town takes its part of one large file."""
    if (FOLDER / "complete").exists():
        return
    whole = handover.write(FOLDER.parent / "handover" / "scaleout", sum(wanted.values()))
    with (whole / "people.csv").open(encoding="utf-8") as people:
        heading = people.readline()
        for town, size in wanted.items():
            folder = FOLDER / f"{town:06d}" / NAME
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "people.csv").open("w", encoding="utf-8") as part:
                part.write(heading)
                part.writelines(line for _, line in zip(range(size), people, strict=False))
    (FOLDER / "complete").touch()


@contextmanager
def _broker() -> Iterator[str]:
    valkey = Valkey(PLACE)
    valkey.start()
    try:
        yield PLACE.broker_url
    finally:
        valkey.stop()


def _order(towns: list[int]) -> None:
    from django.conf import settings

    from municipal.inspections.operations import order_inspection

    settings.KIJUN_HANDOVER_FOLDER = str(FOLDER.resolve())
    for town in towns:
        with wall.within(town):
            order_inspection(actor=CLERK, folder=NAME, as_of=AS_OF)


def _worker(database: str, broker: str, number: int) -> subprocess.Popen[bytes]:
    host = connections["default"].settings_dict["HOST"]
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{APP}@/{database}?host={host}",
        "DATABASE_OWNER_URL": f"postgresql://{OWNER}@/{database}?host={host}",
        "BROKER_URL": broker,
        "KIJUN_HANDOVER_FOLDER": str(FOLDER.resolve()),
        "KIJUN_ANCHORS": str(PLACE.data / "anchors"),
        "POLARS_MAX_THREADS": "1",
    }
    command = [
        sys.executable, "-m", "celery", "-A", "municipal.celery", "worker", "--pool", "solo", "-l", "WARNING",
        "-n", f"w{number}@bench", "--prefetch-multiplier", "1", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    return start_child(command, log=PLACE.data / f"scaleout-{number}.log", environment=environment)


def _work(database: str, broker: str, towns: list[int]) -> int:
    """Work until all is judged; a worker is killed with a third done. Returns how many were done at that moment."""
    workers = [_worker(database, broker, number) for number in range(WORKERS)]
    killed = 0
    try:
        while (done := _judged()) < len(towns):
            if not killed and done >= len(towns) // 3:
                killed = done
                workers[0].kill()
                workers[0].wait()
                workers[0] = _worker(database, broker, WORKERS)
            _wake_what_was_lost()
            time.sleep(1)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return killed


def _wake_what_was_lost() -> None:
    """What the beat does every 20 seconds, with less patience."""
    from municipal.core import clock
    from municipal.office.tasks import run_job, wake

    lost = "SELECT municipality_id, id FROM office_job WHERE state IN ('waiting', 'running') AND touched_at < %s"
    for town, job in _asked(lost, [clock.now() - STALE]):
        wake(run_job, town, job)


def _judged() -> int:
    return int(_asked("SELECT count(*) FROM inspections_inspection WHERE judged_at IS NOT NULL")[0][0])


def _asked(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Ask across all towns: as the superuser, who is behind no wall."""
    with connect(SUPERUSER) as asking:
        return asking.execute(statement.encode(), parameters).fetchall()


def _outcome(towns: list[int]) -> dict[str, int]:
    from municipal.audit.models import Entry
    from municipal.inspections.models import Inspection
    from municipal.inspections.operations import WRITTEN

    once = 0
    for town in towns:
        with wall.within(town):
            judged = Inspection.objects.annotate(kept=Count("reports")).filter(judged_at__isnull=False)
            logged = Entry.objects.filter(act="inspections.judge").count()
            once += [found.kept for found in judged] == [len(WRITTEN)] and logged == 1
    return {"once": once}


def _table(wanted: dict[int, int], seconds: float, killed: int, outcome: dict[str, int]) -> Table:
    table = Table(
        "A country: one task per municipality",
        ("what", "municipalities", "rows", "by the clock", "per municipality"),
        f"{WORKERS} workers of one process each, one killed with kill -9 after {killed:,} and replaced; ordering "
        "included. Target: every municipality judged exactly once (one set of reports, one line in its log).",
    )
    table.add(
        "ordered, judged, reports kept", f"{len(wanted):,}", f"{sum(wanted.values()):,}", f"{seconds:.0f} s",
        f"{seconds / len(wanted) * 1000:.0f} ms",
    )  # fmt: skip
    table.add("judged exactly once", f"{outcome['once']:,}", "", "", "", is_met=outcome["once"] == len(wanted))
    return table
