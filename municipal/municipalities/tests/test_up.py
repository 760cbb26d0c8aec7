"""``manage.py up``: what it refuses; and, with ``make faults``, a whole town whose servers are killed (起動の試験)."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from django.core.management.base import CommandError
from django.db import NotSupportedError, connections

from conftest import ROOT
from municipal.machine.children import Program
from municipal.machine.instance import Instance
from municipal.machine.places import Place
from municipal.machine.postgresql import APP, NotRunnable
from municipal.machine.tests.conftest import eventually, is_alive, kill
from municipal.municipalities.management.commands import up

SETTINGS = {"DJANGO_SETTINGS_MODULE": "municipal.settings"}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_another_kind_of_database_is_refused_with_one_sentence() -> None:
    done = manage("up", DATABASE_URL="sqlite:///town.db")
    assert done.returncode != 0
    assert done.stderr.strip().count("\n") == 0
    assert "PostgreSQL 15 or newer only" in done.stderr


def test_help_tells_a_stranger_what_it_does() -> None:
    said = " ".join(manage("up", "--help").stdout.split())
    for word in ("Ctrl-C", "DATABASE_URL", "BROKER_URL", "--port"):
        assert word in said


def test_an_older_postgresql_is_refused_with_one_sentence(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    up.refuse_other_databases()

    def too_old() -> None:
        raise NotSupportedError("PostgreSQL 14 or later is required (found 13).")

    monkeypatch.setattr(connections["owner"], "ensure_connection", too_old)
    with pytest.raises(CommandError, match="PostgreSQL 15 or newer only; this database is another one"):
        up.refuse_other_databases()


def test_a_database_that_does_not_answer_is_one_sentence(
    committed_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections["owner"].close()
    monkeypatch.setitem(connections["owner"].settings_dict, "HOST", str(tmp_path))
    with pytest.raises(CommandError, match="The database does not answer: "):
        up.refuse_other_databases()


def test_a_web_server_that_does_not_start_is_quoted(tmp_path: Path) -> None:
    web = Program("Web server", ["/bin/sh", "-c", "echo the reason why"], tmp_path / "web.log")
    web.start()
    with pytest.raises(NotRunnable, match=r"(?s)did not start.*the reason why"):
        up.wait_for(web, 1)
    web.stop()


def test_there_is_one_web_server_one_worker_and_one_beat() -> None:
    web, worker, beat = up.programs(8123)
    assert "8123" in web.command
    assert "worker" in worker.command
    assert "beat" in beat.command


class Launcher:
    """``manage.py up`` in a checkout of its own."""

    def __init__(self, checkout: Path, port: int) -> None:
        self.place = Place("run", checkout)
        self.output = checkout / "output.txt"
        environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "BROKER_URL"}}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(port)],
                cwd=checkout, env=environment | SETTINGS, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.output.read_text()

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said
        return "Kijun is up" in self.said

    @property
    def port(self) -> int:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.said)
        assert found, self.said
        return int(found[1])

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def copy_checkout(target: Path) -> Path:
    """The program without what was made here: data, environments, caches."""
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "docs", "benchmarks")
    shutil.copytree(ROOT, target, ignore=unwanted)
    return target


@pytest.fixture
def checkouts(tmp_path: Path) -> Iterator[list[Path]]:
    found = [copy_checkout(tmp_path / name) for name in ("the first", "the second")]
    yield found
    for checkout in found:
        # A test that failed half-way leaves its town running.
        for process in processes_of(checkout):
            with contextlib.suppress(ProcessLookupError):
                kill(process)
        shutil.rmtree(Place("run", checkout).sockets, ignore_errors=True)


def processes_of(checkout: Path) -> set[int]:
    """Every process that works in or on this checkout."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            text = (entry / "cmdline").read_bytes() + os.fsencode(os.readlink(entry / "cwd"))
            if os.fsencode(checkout) in text and is_alive(int(entry.name)):
                found.add(int(entry.name))
    return found


def serves(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def answers(place: Place) -> bool:
    try:
        with psycopg.connect(place.database_url(APP), connect_timeout=5) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


@pytest.mark.faults
def test_two_towns_run_side_by_side_survive_kills_and_leave_nothing(checkouts: list[Path]) -> None:
    first = Launcher(checkouts[0], 8300)
    second = Launcher(checkouts[1], 8300)
    assert eventually(lambda: first.is_up() and second.is_up(), 480)
    assert first.port != second.port

    again = Launcher(checkouts[0], 8300)
    assert again.process.wait(30) != 0
    assert f"This town runs already: http://127.0.0.1:{first.port}/" in again.said
    assert "Traceback" not in again.said

    postmaster = int((first.place.data / "postgresql/postmaster.pid").read_text().split("\n")[0])
    began = time.monotonic()
    kill(postmaster)
    assert eventually(lambda: answers(first.place) and serves(first.port), 30)
    assert time.monotonic() - began < 30
    for word in (b"granian", b"celery", b"valkey-server"):
        for process in processes_of(checkouts[0]):
            with contextlib.suppress(OSError):
                if word in Path(f"/proc/{process}/cmdline").read_bytes():
                    kill(process)
    assert eventually(lambda: serves(first.port), 30)

    assert first.end() == 0
    assert eventually(lambda: processes_of(checkouts[0]) == set())
    assert serves(second.port)
    assert second.end(signal.SIGTERM) == 0
    assert eventually(lambda: processes_of(checkouts[1]) == set())


@pytest.mark.faults
def test_after_kill_9_of_the_launcher_the_next_one_takes_over(checkouts: list[Path]) -> None:
    killed = Launcher(checkouts[0], 8400)
    assert eventually(killed.is_up, 480)
    kill(killed.process.pid)
    killed.process.wait()
    following = Launcher(checkouts[0], 8400)
    assert eventually(following.is_up, 60)
    assert "An earlier run was killed" in following.said
    assert following.port == killed.port or "is taken" in following.said
    assert following.end() == 0
    assert eventually(lambda: processes_of(checkouts[0]) == set())
    instance = Instance(Place("run", checkouts[0]))
    assert instance.take() is False
    instance.leave()
