"""What make clean stops and removes (片付けの試験)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from municipal.machine import cleaning
from municipal.machine.places import CHECKOUT, Place
from municipal.machine.postgresql import PostgreSQL
from municipal.machine.tests.conftest import eventually, is_alive
from municipal.machine.tests.test_postgresql import process_of

# Takes the right to run a place and tidies up when asked to end, as ``manage.py up`` does.
LAUNCHER = """
import signal, sys, time
from pathlib import Path
from municipal.machine.instance import Instance
from municipal.machine.places import Place
signal.signal(signal.SIGTERM, signal.default_int_handler)
instance = Instance(Place("run", Path(sys.argv[1])))
instance.take()
try:
    time.sleep(60)
except KeyboardInterrupt:
    instance.leave()
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A checkout in which everything was made that can be made again, and one file that cannot."""
    for made in (".venv/bin", ".venv-3.12", ".mypy_cache", "municipal/locale/en/LC_MESSAGES", "municipal/__pycache__"):
        (tmp_path / made).mkdir(parents=True)
    (tmp_path / "municipal/locale/en/LC_MESSAGES/django.mo").touch()
    (tmp_path / "municipal/locale/en/LC_MESSAGES/django.po").touch()
    yield tmp_path
    cleaning.remove(Place("run", tmp_path).sockets)


def test_it_removes_what_can_be_made_again_and_nothing_else(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cleaning.main(checkout) == 0
    assert [str(path.relative_to(checkout)) for path in checkout.rglob("*") if path.is_file()] == [
        "municipal/locale/en/LC_MESSAGES/django.po"
    ]
    said = capsys.readouterr().out
    for name in (".venv", ".venv-3.12", ".mypy_cache", "django.mo"):
        assert name in said


def test_where_there_is_nothing_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cleaning.main(tmp_path) == 0
    assert capsys.readouterr().out == "Nothing to remove.\n"


def test_a_link_is_removed_and_what_it_leads_to_is_not(checkout: Path, tmp_path: Path) -> None:
    (checkout / "kept").mkdir()
    (checkout / "kept/file").touch()
    (checkout / ".hypothesis").symlink_to(checkout / "kept")
    cleaning.main(checkout)
    assert (checkout / "kept/file").exists()
    assert not (checkout / ".hypothesis").is_symlink()


def test_a_launcher_is_asked_to_end_first(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with subprocess.Popen([sys.executable, "-c", LAUNCHER, str(checkout)], cwd=CHECKOUT) as launcher:
        lock = checkout / ".data/run/up.lock"
        assert eventually(lambda: lock.exists() and lock.stat().st_size > 0)
        cleaning.main(checkout)
        assert launcher.wait(10) == 0
    assert "Stopped the launcher of 'run'" in capsys.readouterr().out
    assert not (checkout / ".data").exists()


def test_a_database_that_nobody_looks_after_is_stopped(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    server = PostgreSQL(place, lossy=True)
    server.start()
    process = process_of(server)
    cleaning.main(place.checkout)
    assert eventually(lambda: not is_alive(process))
    assert "Stopped the PostgreSQL of 'run'" in capsys.readouterr().out
    assert not place.sockets.exists()
    assert not (place.checkout / ".data").exists()
