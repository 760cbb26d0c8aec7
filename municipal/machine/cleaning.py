"""Stops this checkout's servers and removes whatever can be made again (片付け).

Runs with the system's Python and the standard library alone, because it removes .venv: ``make clean``.
"""

import fcntl
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .instance import read
from .places import CHECKOUT, Place

PATIENCE = 60.0


def places(checkout: Path) -> list[Place]:
    """Every place of this checkout that holds anything."""
    return [Place(found.name, checkout) for found in sorted((checkout / ".data").glob("*")) if found.is_dir()]


def end_launcher(place: Place) -> bool:
    """Ask the launcher of ``place`` to end, and wait until it has. Returns whether there was one."""
    path = place.data / "up.lock"
    if not path.exists():
        return False
    with path.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = read(lock).get("process")
            if isinstance(process, int):
                os.kill(process, signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_EX)
            return True
    return False


def answers(place: Place) -> bool:
    """Whether a PostgreSQL of this place runs."""
    with socket.socket(socket.AF_UNIX) as door:
        return door.connect_ex(str(place.postgresql_socket)) == 0


def end_postgresql(place: Place) -> bool:
    """End a PostgreSQL that no launcher looks after: a test run was killed, or a launcher. Whether there was one."""
    data = place.nobodys / "home" if place.nobodys.exists() else place.data
    lock = data / "postgresql" / "postmaster.pid"
    if not lock.exists() or not answers(place):
        return False
    os.kill(int(lock.read_text().split("\n")[0]), signal.SIGINT)
    until = time.monotonic() + PATIENCE
    while lock.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return True


def leftovers(checkout: Path) -> Iterator[Path]:
    """Every folder and file that ``make`` can make again."""
    yield from checkout.glob(".venv*")
    yield checkout / ".data"
    for cache in (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"):
        yield checkout / cache
    yield from checkout.glob("municipal/locale/*/LC_MESSAGES/*.mo")
    for package in ("municipal", "fixtures", "benchmarks"):
        yield from (checkout / package).rglob("__pycache__")
    yield checkout / "__pycache__"


def remove(path: Path) -> bool:
    """Whether there was something to remove."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return True
    if path.exists() or path.is_symlink():
        path.unlink()
        return True
    return False


def main(checkout: Path = CHECKOUT) -> int:
    """Do all of it and say what was done. Returns the exit status."""
    for place in places(checkout):
        if end_launcher(place):
            print(f"Stopped the launcher of '{place.name}' and its servers.")
        if end_postgresql(place):
            print(f"Stopped the PostgreSQL of '{place.name}'.")
        remove(place.sockets)
        remove(place.nobodys)
        remove(place.memory)
    removed = [str(path.relative_to(checkout)) for path in list(leftovers(checkout)) if remove(path)]
    shown = [name for name in removed if not name.endswith("__pycache__")]
    print(f"Removed {', '.join(shown)}." if shown else "Nothing to remove.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
