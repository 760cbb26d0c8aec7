"""The register out and in again with all checks, beside plain COPY of the same tables (引渡しと受入れの測定)."""

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from municipal.core import clock
from municipal.core.actors import System
from municipal.machine.postgresql import SUPERUSER
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord
from municipal.transfer.exports import Content, write_register
from municipal.transfer.models import Intake
from municipal.transfer.operations import begin_intake, load_intake, note_checked
from municipal.transfer.receiving import judge, look_at

from .ground import TOWN, connect
from .measuring import Table

MINUTES_OUT, MINUTES_IN = 2, 10
TABLES = (
    "addressees_addressee", "residents_household", "residents_residentevent", "residents_residentrecord",
    "residents_period", "residents_searchkey", "addressees_protection",
)  # fmt: skip
Fresh = Callable[[], AbstractContextManager[str]]


def measure(fresh: Fresh) -> list[Table]:
    """The large town written, judged and taken into an empty one; the floor reads and writes the same rows."""
    folder = Path(tempfile.mkdtemp(prefix="kijun-transfer-"))
    try:
        return [_measure(fresh, folder)]
    finally:
        shutil.rmtree(folder)


def _measure(fresh: Fresh, folder: Path) -> Table:
    table = Table(
        "The register out and in",
        ("what", "people", "rows of history", "by the clock", "plain COPY", "times plain COPY"),
        "Once each, commit included. Out: every file of a hand-over and its manifest. In: conform's rules on the "
        "files, the checks of the database, every constraint, index and search key. Plain COPY: the same tables as "
        f"superuser, into tables without constraint or index. Targets: {MINUTES_OUT} and {MINUTES_IN} minutes for "
        "200,000 residents.",
    )
    began = time.perf_counter()
    with wall.within(TOWN):
        written = write_register(folder / "out", Content(is_whole=True))
        people, rows = written.rows["residents.csv"], ResidentRecord.objects.count()
    out = time.perf_counter() - began
    floor_out = _dump(folder)
    said = (f"{people:,}", f"{rows:,}")
    is_met = out <= MINUTES_OUT * 60
    table.add("out", *said, f"{out:.0f} s", f"{floor_out:.0f} s", f"{out / floor_out:.1f}", is_met=is_met)
    with fresh():
        looked, judged, loaded = _take_in(folder)
    with fresh():
        floor_in = _restore(folder)
    whole = looked + judged + loaded
    is_met = whole <= MINUTES_IN * 60
    table.add("in: reading and rules", *said, f"{looked + judged:.0f} s", "", "")
    table.add("in: database", *said, f"{loaded:.0f} s", f"{floor_in:.0f} s", f"{loaded / floor_in:.1f}")
    table.add("in", *said, f"{whole:.0f} s", f"{floor_in:.0f} s", f"{whole / floor_in:.1f}", is_met=is_met)
    return table


def _take_in(folder: Path) -> tuple[float, float, float]:
    """Seconds for looking at the files, judging them, and loading them."""
    actor, marks = System("benchmark"), [time.perf_counter()]
    incoming = look_at(folder / "out", None, folder / "work")
    marks.append(time.perf_counter())
    with wall.within(TOWN):
        intake = begin_intake(actor=actor, source="out", digest=incoming.digest)
    found = list(judge(incoming, today=clock.today()))
    with wall.within(TOWN):
        intake = note_checked(actor=actor, intake=intake, faults=found)
    marks.append(time.perf_counter())
    with wall.within(TOWN):
        intake = load_intake(actor=actor, intake=intake, incoming=incoming)
    marks.append(time.perf_counter())
    if intake.state != Intake.State.LOADED:
        with wall.within(TOWN):
            raise AssertionError([(one.file, one.row, one.code) for one in intake.found.all()[:5]])
    return marks[1] - marks[0], marks[2] - marks[1], marks[3] - marks[2]


def _dump(folder: Path) -> float:
    began = time.perf_counter()
    with connect(SUPERUSER) as connection, connection.cursor() as cursor:
        for name in TABLES:
            with (folder / name).open("wb") as file, cursor.copy(f"COPY {name} TO STDOUT") as copy:
                for block in copy:
                    file.write(block)
    return time.perf_counter() - began


def _restore(folder: Path) -> float:
    began = time.perf_counter()
    with connect(SUPERUSER) as connection, connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(f"CREATE TABLE plain_{name} (LIKE {name})")
            with (folder / name).open("rb") as file, cursor.copy(f"COPY plain_{name} FROM STDIN") as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
    return time.perf_counter() - began
