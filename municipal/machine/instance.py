"""One launcher for each checkout, and what it says about itself to the next one (起動は一つだけ)."""

import contextlib
import fcntl
import json
import os
from dataclasses import dataclass, field
from typing import IO

from .places import Place


class AlreadyRunning(Exception):  # noqa: N818
    """The town of this checkout runs already, and where (起動済み)."""


@dataclass
class Instance:
    """The right to run one place's servers; ends with the process, however it ends (起動の権利)."""

    place: Place
    lock: IO[str] | None = field(init=False, default=None)

    def take(self) -> bool:
        """Take the right. Returns whether an earlier launcher ended without tidying up (it was killed).

        Raises AlreadyRunning while another process has it.
        """
        self.place.prepare()
        lock = (self.place.data / "up.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            known = read(lock)
            lock.close()
            where = known.get("address", "still starting")
            raise AlreadyRunning(f"This town runs already: {where} (process {known.get('process')}).") from None
        self.lock = lock
        was_killed = os.fstat(lock.fileno()).st_size > 0
        self.tell()
        return was_killed

    def tell(self, **facts: str) -> None:
        """Leave word for the next launcher: ``address`` above all."""
        self._write(json.dumps({"process": os.getpid(), **facts}))

    def leave(self) -> None:
        """Give the right back; everything is tidied up."""
        self._write("")
        if self.lock is not None:
            self.lock.close()
        self.lock = None

    def _write(self, text: str) -> None:
        if self.lock is not None:
            self.lock.truncate(0)
            self.lock.write(text)
            self.lock.flush()


def read(lock: IO[str]) -> dict[str, object]:
    """What the launcher left in its file; nothing if it tidied up."""
    lock.seek(0)
    with contextlib.suppress(ValueError):
        known = json.loads(lock.read())
        if isinstance(known, dict):
            return known
    return {}
