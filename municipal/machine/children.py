"""Child processes that do not outlive us (子プロセス)."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Ask Linux for a SIGTERM when our parent dies, so that kill -9 of ``make run`` leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start_child(
    command: Sequence[str], *, log: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own: Ctrl-C reaches only us, and we end our children in order."""
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
