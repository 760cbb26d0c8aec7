"""Which of the first rows is the heading (見出し行の判定)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

Headings = frozenset[str]
"""Every heading that some pack knows, as published; compared in ``normal`` form."""

FIRST_ROWS = 50
_SPACE = re.compile(r"\s+")
_DATA = re.compile(r"[-+]?[\d,.]+%?|\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?([T ]\d.*)?|-")


def normal(heading: str) -> str:
    """The form in which headings are compared: NFKC, one case, no blanks or line breaks (見出しの正規形)."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", heading).lstrip("\ufeff")).casefold()


def normal_all(headings: Iterable[str]) -> Headings:
    """All of them in normal form (見出しの正規形の集合)."""
    return frozenset(normal(heading) for heading in headings) - {""}


def known_cells(row: Sequence[str], known: Headings) -> int:
    """How many cells of the row are known headings; ``known`` is in normal form (既知の見出しの数)."""
    return sum(normal(cell) in known for cell in row)


def find_heading(rows: Sequence[Sequence[str]], known: Headings) -> int:
    """Index of the heading among the first rows, -1 if there is none (見出し行の位置).

    The row with most known headings, the first of equals. A single known word is not enough beside several strange
    cells: a line of data or a title may hold it by chance. Otherwise the first row of the usual width, if it looks
    like one: lines above a heading are narrower.
    """
    scores = [known_cells(row, known) for row in rows[:FIRST_ROWS]]
    best = max(scores, default=0)
    if best:
        index = scores.index(best)
        filled = sum(bool(cell.strip()) for cell in rows[index])
        if best >= 2 or filled <= 2:
            return index
    width = usual_width(rows)
    first = next((index for index, row in enumerate(rows[:FIRST_ROWS]) if len(row) == width and any(row)), -1)
    return first if first >= 0 and looks_like_heading(rows[first]) else -1


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """How many cells most of the first rows have; the larger of equals, 0 if all are empty (列数の最頻値)."""
    widths = [len(row) for row in rows[:FIRST_ROWS] if any(row)]
    return max(set(widths), key=lambda width: (widths.count(width), width), default=0)


def looks_like_heading(row: Sequence[str]) -> bool:
    """Names, each once, no numbers and no dates; at most a few cells may be empty (見出しらしいか)."""
    names = [normal(cell) for cell in row if cell.strip()]
    if not names or len(names) * 2 < len(row) or len(set(names)) * 10 < len(names) * 9:
        return False
    return not any(_DATA.fullmatch(name) or len(name) > 100 for name in names)
