"""Child processes that do not outlive us (子プロセス)."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LARGE = 10_000_000


def _die_with_parent() -> None:
    """Ask Linux for a SIGTERM when our parent dies, so that kill -9 of ``make run`` leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start_child(
    command: Sequence[str], *, log: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own: Ctrl-C reaches only us, and we end our children in order.

    A log of more than 10 MB is put aside as ``.old`` first.
    """
    if log and log.exists() and log.stat().st_size > LARGE:
        log.replace(log.with_suffix(".old"))
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT if output else None,
            env=dict(environment) if environment is not None else None,
            start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip
    finally:
        if output:
            output.close()


def end_child(process: subprocess.Popen[bytes], *, patience: float = 20) -> None:
    """Ask ``process`` to end, wait up to ``patience`` seconds, then end it and every child it left."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass
class Program:
    """A program that runs as long as we do: web server, worker, beat (常駐プログラム)."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] | None = None
    process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> bool:
        """Start it, after whatever an earlier life has left is gone. Returns whether it was us who started it."""
        if self.is_running:
            return False
        self.stop()
        self.process = start_child(self.command, log=self.log, environment=self.environment)
        return True

    def stop(self) -> None:
        """Stop what we started, and only that."""
        if self.process is not None:
            end_child(self.process)
        self.process = None

    def last_words(self, length: int = 2000) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-length:].strip() if self.log.exists() else ""
