"""A line that shows how far a long run is (進み具合の表示)."""

from __future__ import annotations

import sys
import time

PATIENCE_SECONDS = 2.0
_EVERY_SECONDS = 0.5
_EVERY_SECONDS_IN_A_LOG = 10.0


class Progress:
    """Silent for two seconds, then one line on standard error that is written over (進捗表示)."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._next = time.monotonic() + PATIENCE_SECONDS
        self._shown = False

    def __call__(self, name: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (_EVERY_SECONDS if self._is_terminal else _EVERY_SECONDS_IN_A_LOG)
        line = f"{done / total if total else 1:4.0%}  {name}"[:78]
        sys.stderr.write(f"\r{line:<78}" if self._is_terminal else f"{line}\n")
        sys.stderr.flush()
        self._shown = True

    def end(self) -> None:
        """Clear the line (表示の終了)."""
        if self._shown and self._is_terminal:
            sys.stderr.write("\r" + " " * 78 + "\r")
            sys.stderr.flush()
