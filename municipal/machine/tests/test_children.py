"""Children that end with us, and only those (子プロセスの試験)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from municipal.machine import children
from municipal.machine.children import Program, end_child, start_child
from municipal.machine.tests.conftest import eventually, is_alive, kill

# Starts a grandchild, says its number, and does not listen to a polite request.
STUBBORN = """
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
time.sleep(60)
"""
# Starts a child of its own in our way, says its number and waits to be killed.
LAUNCHER = """
import time
from municipal.machine.children import start_child
print(start_child(["sleep", "60"]).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Program]:
    program = Program("Sleeper", ["sleep", "60"], tmp_path / "sleeper.log")
    yield program
    program.stop()


def test_a_program_is_started_once_and_stopped(sleeper: Program) -> None:
    assert not sleeper.is_running
    assert sleeper.start() is True
    assert sleeper.start() is False
    assert sleeper.process is not None
    process = sleeper.process.pid
    sleeper.stop()
    assert not sleeper.is_running
    assert not is_alive(process)
    sleeper.stop()


def test_a_program_that_was_killed_starts_again(sleeper: Program) -> None:
    sleeper.start()
    assert sleeper.process is not None
    first = sleeper.process.pid
    kill(first)
    assert eventually(lambda: not sleeper.is_running)
    assert sleeper.start() is True
    assert sleeper.process.pid != first


def test_one_that_does_not_listen_is_ended_with_the_children_it_has(tmp_path: Path) -> None:
    log = tmp_path / "stubborn.log"
    child = start_child([sys.executable, "-c", STUBBORN], log=log)
    assert eventually(lambda: log.read_text().endswith("\n"))
    grandchild = int(log.read_text())
    end_child(child, patience=0.2)
    assert child.returncode == -9
    assert eventually(lambda: not is_alive(grandchild))


def test_children_of_one_that_was_killed_are_gone_before_it_starts_again(tmp_path: Path) -> None:
    program = Program("Stubborn", [sys.executable, "-c", STUBBORN], tmp_path / "log")
    program.start()
    assert eventually(lambda: program.last_words() != "")
    assert program.process is not None
    orphan = int(program.last_words())
    kill(program.process.pid)
    assert eventually(lambda: not program.is_running)
    assert is_alive(orphan)
    program.command = ["sleep", "60"]
    program.start()
    assert eventually(lambda: not is_alive(orphan))
    program.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_kill_9_of_the_launcher_ends_its_children() -> None:
    with subprocess.Popen([sys.executable, "-c", LAUNCHER], stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        child = int(launcher.stdout.readline())
        assert is_alive(child)
        launcher.kill()
    assert eventually(lambda: not is_alive(child))


def test_a_log_that_has_grown_large_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LARGE", 10)
    log = tmp_path / "web.log"
    log.write_text("12345678901")
    start_child(["echo", "new"], log=log).wait()
    assert log.read_text() == "new\n"
    assert (tmp_path / "web.old").read_text() == "12345678901"


def test_last_words_are_the_end_of_the_log(tmp_path: Path) -> None:
    program = Program("Web", ["true"], tmp_path / "web.log")
    assert program.last_words() == ""
    program.log.write_text("x" * 50 + " and then it broke\n")
    assert program.last_words(length=18) == "and then it broke"
