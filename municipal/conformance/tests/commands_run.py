"""The command as a process of its own, with what it said and how much memory it took (コマンドの実行)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "municipal.conformance")
MEASURED = """
import resource, sys
from municipal.conformance.commands import main
try:
    status = main(sys.argv[1:])
finally:
    # What wait4 tells counts the memory of the process that started this one, too.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20
    if sys.platform == "linux":
        with open("/proc/self/status") as lines:
            peak = next(int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM"))
    print(f"peak {peak}", file=sys.stderr)
sys.exit(status)
"""
WITHOUT_PRIVILEGE = """
import ctypes, os, sys
if sys.platform == "linux":
    for capability in (1, 2):  # to read and write what the owner may not; root has both, and loses them here
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@dataclass(frozen=True)
class Ran:
    """How a run ended: status and both outputs as bytes (実行結果)."""

    status: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def megabytes(self) -> int:
        """The most memory that a measured run held."""
        return int(self.said.rpartition("peak ")[2])

    @property
    def said(self) -> str:
        return self.err.decode("utf-8", "replace")


def run(
    *arguments: str | bytes | Path,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = COMMAND,
    meanwhile: Callable[[subprocess.Popen[bytes]], object] = lambda process: None,
) -> Ran:
    """Run to the end; ``meanwhile`` may send signals (実行)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=out, stderr=err
        )
        meanwhile(process)
        status = process.wait()
        out.seek(0)
        err.seek(0)
        return Ran(status, out.read(), err.read())


def interrupt_when(is_ready: Callable[[], bool]) -> Callable[[subprocess.Popen[bytes]], None]:
    """Ctrl-C as soon as something is so, within a minute (中断の送信)."""

    def send(process: subprocess.Popen[bytes]) -> None:
        for _ in range(1_200):
            if is_ready() or process.poll() is not None:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)

    return send
