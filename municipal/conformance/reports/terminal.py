"""Lines for a terminal of 80 columns, where a kanji takes two (端末の行組み)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WIDTH = 80
# A word is what has no kanji, kana or space in it; everything else may stand at the end of a line by itself,
# but a mark that opens or closes stays with what it belongs to.
_PIECES = re.compile(r"\s+|[\x21-\x7e\u00a1-\u10ff]+|[（「『【]*.[、。，．・：；？！）」』】ー々]*", re.DOTALL)


def width(text: str) -> int:
    """Columns that the text takes; characters of uncertain width count as two, as in Japan (表示幅)."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(character) in "WFA"
        else 1
        for character in text
    )


def wrapped(text: str, indent: int = 0, hang: int = 0) -> Iterator[str]:
    """The text in lines of at most 80 columns, the second and later ones ``hang`` columns further in (折返し)."""
    line, used = " " * indent, indent
    is_empty = True
    for piece in _fitting(text, WIDTH - indent - hang):
        if not is_empty and used + width(piece.rstrip()) > WIDTH:
            yield line.rstrip()
            line, used, is_empty = " " * (indent + hang), indent + hang, True
        if is_empty and not piece.strip():
            continue
        line, used, is_empty = line + piece, used + width(piece), False
    if not is_empty:
        yield line.rstrip()


def _fitting(text: str, room: int) -> Iterator[str]:
    for piece in _PIECES.findall(text):
        if width(piece) <= room:
            yield piece
        else:
            yield from piece


def beside(cells: tuple[tuple[str, int], ...]) -> str:
    """Cells side by side, each filled up to its width (列揃え)."""
    return "  ".join(text + " " * max(size - width(text), 0) for text, size in cells).rstrip()
