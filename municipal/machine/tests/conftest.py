"""A place of its own for each test of the servers (試験用の置き場所)."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from municipal.machine.places import Place
from municipal.machine.postgresql import PostgreSQL


@pytest.fixture(scope="session")
def shared_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A checkout whose path is long and has spaces, Japanese and quotes in it."""
    checkout = tmp_path_factory.mktemp("checkout") / ("a long path, " * 12) / "基準 の 'folder'"
    place = Place("run", checkout)
    place.prepare()
    yield place
    shutil.rmtree(place.sockets)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place("run", tmp_path / "another folder")
    yield place
    shutil.rmtree(place.sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def made_postgresql(shared_place: Place) -> Iterator[PostgreSQL]:
    """One cluster for all tests that need one, as making it is what takes time."""
    server = PostgreSQL(shared_place)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgresql(made_postgresql: PostgreSQL) -> PostgreSQL:
    """That cluster, running, whatever the test before did to it."""
    made_postgresql.start()
    return made_postgresql


def eventually(question: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether ``question`` becomes true within ``seconds``."""
    until = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.02)
    return answer


def is_alive(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
