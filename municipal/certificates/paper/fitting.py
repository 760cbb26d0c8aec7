"""Making a text fit its field: smaller letters, more lines, and only then an overflow that is told (文字溢れの対応).

``resident-record/1.0#5.8``. Sizes and lengths are points.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from municipal.core.clauses import implements

from .typeface import clusters, typeface

SMALLEST, STEP, LEADING = 5.0, 0.5, 1.2
"""Letters are never smaller than 5 points: what nobody can read is not printed but told."""


@dataclass(frozen=True)
class Fitted:
    """How a text stands in its field: the lines, their size, and what did not get in (収めた文字)."""

    lines: tuple[str, ...]
    size: float
    left_over: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether something did not get in (溢れの有無)."""
        return bool(self.left_over)


@implements("resident-record/1.0#5.8/m1")
def fit(text: str, *, width: float, height: float, size: float) -> Fitted:
    """``text`` in a field of ``width`` by ``height``, as near to ``size`` as it can be (文字の大きさの調整)."""
    now = size
    while True:
        room = max(1, int(height // (now * LEADING)))
        lines = list(broken(text, width, now))
        if len(lines) <= room:
            return Fitted(tuple(lines), now)
        if now - STEP < SMALLEST:
            return Fitted(tuple(lines[:room]), now, "".join(lines[room:]))
        now -= STEP


def broken(text: str, width: float, size: float) -> Iterator[str]:
    """``text`` in lines no wider than ``width``; broken between any two characters, as Japanese is (改行)."""
    line, used = "", 0.0
    for cluster in clusters(text):
        own = typeface().width(cluster, size)
        if line and used + own > width:
            yield line
            line, used = "", 0.0
        line, used = line + cluster, used + own
    if line:
        yield line
