"""Services are kept alive and stopped in order (見張りの試験)."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from municipal.machine.children import Program
from municipal.machine.postgresql import NotRunnable, PostgreSQL
from municipal.machine.supervisor import LONGEST_PAUSE, SETTLED, Supervisor
from municipal.machine.tests.conftest import eventually, kill
from municipal.machine.tests.test_postgresql import ask, process_of


@dataclass
class Lamp:
    """A service that goes out when told to."""

    name: str
    book: list[str]
    is_running: bool = False
    is_broken: bool = False

    def start(self) -> bool:
        if self.is_broken:
            raise NotRunnable(f"{self.name} is broken.")
        self.book.append(f"{self.name} on")
        was_running, self.is_running = self.is_running, True
        return not was_running

    def stop(self) -> None:
        self.book.append(f"{self.name} off")
        if self.is_broken:
            raise OSError("stuck")
        self.is_running = False


@dataclass
class Scene:
    now: float = 100.0
    book: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def supervisor(self) -> Supervisor:
        return Supervisor(self.said.append, clock=lambda: self.now)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_what_started_first_stops_last(scene: Scene) -> None:
    supervisor = scene.supervisor()
    for name in ("database", "broker", "web"):
        supervisor.add(Lamp(name, scene.book))
    supervisor.stop()
    assert scene.book == ["database on", "broker on", "web on", "web off", "broker off", "database off"]


def test_what_ran_before_us_is_left_running_unless_adopted(scene: Scene) -> None:
    supervisor = scene.supervisor()
    theirs, left_over = Lamp("theirs", scene.book, is_running=True), Lamp("left over", scene.book, is_running=True)
    supervisor.add(theirs)
    supervisor.add(left_over, adopt=True)
    supervisor.stop()
    assert theirs.is_running
    assert not left_over.is_running


def test_what_we_had_to_start_again_is_ours(scene: Scene) -> None:
    supervisor = scene.supervisor()
    lamp = Lamp("lamp", scene.book, is_running=True)
    supervisor.add(lamp)
    lamp.is_running = False
    supervisor.tend()
    supervisor.stop()
    assert not lamp.is_running


def test_a_fallen_service_is_started_again_with_one_line(scene: Scene) -> None:
    supervisor = scene.supervisor()
    lamp = Lamp("lamp", scene.book)
    supervisor.add(lamp)
    supervisor.tend()
    assert scene.said == []
    lamp.is_running = False
    supervisor.tend()
    assert lamp.is_running
    assert scene.said == ["lamp has ended; starting it again."]


def test_one_that_falls_again_and_again_is_tried_less_and_less_often(scene: Scene) -> None:
    supervisor = scene.supervisor()
    lamp = Lamp("lamp", scene.book)
    supervisor.add(lamp)
    tries = []
    for _ in range(2000):
        lamp.is_running = False
        before = len(scene.book)
        supervisor.tend()
        if len(scene.book) > before:
            tries.append(scene.now)
        scene.now += 0.5
        if len(tries) == 8:
            break
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == [0.5, 2, 6, 14, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_one_that_ran_long_is_started_at_once_as_if_for_the_first_time(scene: Scene) -> None:
    supervisor = scene.supervisor()
    lamp = Lamp("lamp", scene.book)
    supervisor.add(lamp)
    for _ in range(3):
        scene.now += SETTLED + 1
        lamp.is_running = False
        supervisor.tend()
        assert lamp.is_running
    assert supervisor.watched[0].falls == 1


def test_one_that_cannot_be_started_does_not_end_the_watch(scene: Scene) -> None:
    supervisor = scene.supervisor()
    broken, well = Lamp("broken", scene.book), Lamp("well", scene.book)
    supervisor.add(broken)
    supervisor.add(well)
    broken.is_running = well.is_running = False
    broken.is_broken = True
    supervisor.tend()
    assert well.is_running
    assert "broken is broken." in scene.said


def test_one_that_does_not_stop_does_not_keep_the_others_running(scene: Scene) -> None:
    supervisor = scene.supervisor()
    first, stuck = Lamp("first", scene.book), Lamp("stuck", scene.book)
    supervisor.add(first)
    supervisor.add(stuck)
    stuck.is_broken = True
    supervisor.stop()
    assert not first.is_running
    assert scene.said == ["stuck could not be stopped: stuck"]


def test_what_failed_half_way_at_its_start_is_stopped_too(scene: Scene) -> None:
    supervisor = scene.supervisor()
    with pytest.raises(NotRunnable):
        supervisor.add(Lamp("lamp", scene.book, is_broken=True))
    supervisor.stop()
    assert scene.book == ["lamp off"]


def test_a_killed_database_and_a_killed_program_serve_again(
    scene: Scene, postgresql: PostgreSQL, tmp_path: Path
) -> None:
    supervisor = Supervisor(scene.said.append)
    program = Program("Sleeper", ["sleep", "60"], tmp_path / "log")
    postgresql.stop()
    supervisor.add(postgresql)
    supervisor.add(program)
    assert program.process is not None
    kill(process_of(postgresql))
    kill(program.process.pid)
    assert eventually(lambda: not postgresql.is_running and not program.is_running)
    supervisor.tend()
    assert ask(postgresql, "SELECT 1") == 1
    assert program.is_running
    assert scene.said == ["PostgreSQL has ended; starting it again.", "Sleeper has ended; starting it again."]
    supervisor.stop()
    assert not postgresql.is_running
    assert not program.is_running
