"""Where records of delimited text begin and end, in a block of bytes (レコードの区切り).

Two ways that agree wherever both apply. ``by_arrays`` looks at all bytes at once with numpy and needs every quote to
stand as RFC 4180 section 2 wants it. ``by_record`` walks record by record, and a record with a quote elsewhere costs
one line, not the rest of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

STRAY = -1
"""In place of the number of cells: a quote stands where none may."""

Codes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
_QUOTE, _LF, _CR = 34, 10, 13


@dataclass(frozen=True, slots=True)
class Records:
    """The whole records of a block (レコードの列).

    ``text``: the block up to ``ends[-1]`` in which every record ends with LF or CRLF, the last perhaps with nothing.
    ``starts`` and ``ends`` are offsets in it, ends behind the newline; ``cells`` counts them, 0 for a blank line.
    ``origins`` are the starts in the block as it was given, ``taken`` how many of its bytes were used up, ``newlines``
    which kinds of line ends were there.
    """

    text: bytes
    starts: Ints
    ends: Ints
    cells: Ints
    origins: Ints
    taken: int
    newlines: frozenset[str]


def split(block: bytes, delimiter: str, *, is_last: bool) -> Records:
    """All whole records of a block that begins with a record; with ``is_last`` the rest is one too (分割)."""
    return by_arrays(block, delimiter, is_last=is_last) or by_record(block, delimiter, is_last=is_last)


def by_arrays(block: bytes, delimiter: str, *, is_last: bool) -> Records | None:
    """All at once; None where a quote is not as RFC 4180 wants it, or the last one is never closed (一括分割)."""
    codes = np.frombuffer(block, np.uint8)
    following = np.append(codes[1:], np.uint8(0))
    ends_line = codes == _LF
    if b"\r" in block:
        ends_line |= (codes == _CR) & (following != _LF)
    if not is_last and block.endswith(b"\r"):
        ends_line[-1] = False  # it may be half of a CRLF
    is_delimiter = codes == ord(delimiter)
    if b'"' in block:
        is_quote = codes == _QUOTE
        inside = np.bitwise_xor.accumulate(is_quote.view(np.uint8)).view(np.bool_)
        if not _is_well_quoted(codes, is_quote, inside, following, delimiter) or (is_last and inside[-1]):
            return None
        ends_line &= ~inside
        is_delimiter &= ~inside
    ends = np.flatnonzero(ends_line).astype(np.int64) + 1
    newlines = newlines_at(codes, ends)
    taken = len(block) if is_last else int(ends[-1]) if len(ends) else 0
    if taken > (ends[-1] if len(ends) else 0):
        ends = np.append(ends, taken)
    text = _with_line_feeds(block[:taken], codes, ends)
    return _counted(text, ends, np.flatnonzero(is_delimiter), taken, newlines)


def newlines_at(codes: Codes, ends: Ints) -> frozenset[str]:
    """Which kinds of newlines end at these offsets (改行の種類)."""
    feeds = ends[codes[ends - 1] == _LF] - 1
    after_return = np.count_nonzero(codes[feeds[feeds > 0] - 1] == _CR)
    found = {"\r\n": after_return, "\n": len(feeds) - after_return, "\r": len(ends) - len(feeds)}
    return frozenset(newline for newline, count in found.items() if count)


def _is_well_quoted(
    codes: Codes,
    is_quote: npt.NDArray[np.bool_],
    inside: npt.NDArray[np.bool_],
    following: Codes,
    delimiter: str,
) -> bool:
    """Opening quotes follow a separator or a quote, closing ones are followed by one.

    A doubled quote is a closing and an opening one. Whatever stands behind the last byte will be seen next time.
    """
    is_separator = np.zeros(256, np.bool_)
    is_separator[[ord(delimiter), _LF, _CR, _QUOTE]] = True
    quotes = np.flatnonzero(is_quote)
    opens = inside[quotes]
    before = codes[np.maximum(quotes - 1, 0)]
    after = following[quotes]
    is_right = np.where(opens, is_separator[before] | (quotes == 0), is_separator[after] | (quotes == len(codes) - 1))
    return bool(is_right.all())


def _with_line_feeds(text: bytes, codes: Codes, ends: Ints) -> bytes:
    """A single CR ends a record too (old Macintosh, some spreadsheets): it becomes LF."""
    single = ends[codes[ends - 1] == _CR] - 1
    if not len(single):
        return text
    changed = np.frombuffer(text, np.uint8).copy()
    changed[single] = _LF
    return changed.tobytes()


def _counted(text: bytes, ends: Ints, delimiters: Ints, taken: int, newlines: frozenset[str]) -> Records:
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]]) if len(ends) else ends
    borders = np.searchsorted(delimiters, np.concatenate([starts[:1], ends]))
    cells = np.diff(borders) + 1
    codes = np.frombuffer(text, np.uint8)
    if len(ends):
        first = codes[starts]
        cells[(first == _LF) | ((first == _CR) & (ends - starts == 2))] = 0
    return Records(text, starts, ends, cells, starts, taken, newlines)


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    """A whole record; one that breaks off within quotes; a field (each possessive, so that time stays linear)."""
    mark = re.escape(delimiter.encode())
    field = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^"\r\n' + mark + rb"]*+)"
    record = re.compile(field + rb"(?:" + mark + field + rb")*+(?=\r|\n|\Z)")
    broken_off = re.compile(rb"(?:" + field + mark + rb')*+"[^"]*+(?:""[^"]*+)*+\Z')
    return record, broken_off, re.compile(field + mark)


_LINE = re.compile(rb"[^\r\n]*+")
_NEWLINE = re.compile(rb"\r\n|\r|\n")


def by_record(block: bytes, delimiter: str, *, is_last: bool) -> Records:
    """Record by record; a line with a quote in the wrong place is ``STRAY`` and ends at its line end (逐次分割)."""
    parts: list[bytes] = []
    cells: list[int] = []
    origins: list[int] = []
    newlines: set[str] = set()
    position = 0
    while position < len(block):
        end, count = _next(block, position, delimiter, is_last)
        newline = _NEWLINE.match(block, end)
        is_cut = newline is None or (newline.group() == b"\r" and newline.end() == len(block))
        if is_cut and not is_last:
            break
        parts.append(block[position:end] + b"\n")
        cells.append(count)
        origins.append(position)
        newlines.update([newline.group().decode()] if newline else [])
        position = newline.end() if newline else len(block)
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]]) if parts else ends
    counts, places = np.array(cells, np.int64), np.array(origins, np.int64)
    return Records(b"".join(parts), starts, ends, counts, places, position, frozenset(newlines))


def _next(block: bytes, position: int, delimiter: str, is_last: bool) -> tuple[int, int]:
    """Where the record at ``position`` ends, before its newline, and how many cells it has."""
    record, broken_off, field = _patterns(delimiter)
    if found := record.match(block, position):
        return found.end(), _count(block, position, found.end(), delimiter, field)
    if not is_last and broken_off.match(block, position):
        return len(block), STRAY
    line = _LINE.match(block, position)
    return (line.end() if line else len(block)), STRAY


def _count(block: bytes, start: int, end: int, delimiter: str, field: re.Pattern[bytes]) -> int:
    if start == end:
        return 0
    text = block[start:end]
    if b'"' not in text:
        return text.count(delimiter.encode()) + 1
    return sum(1 for _ in field.finditer(text + delimiter.encode()))


def first_line(block: bytes) -> Records | None:
    """Only the first line, as ``STRAY``: for a quote that is still open after the longest record (先頭行のみ)."""
    newline = _NEWLINE.search(block)
    if newline is None:
        return None
    zero, end = np.zeros(1, np.int64), np.array([newline.start() + 1], np.int64)
    return Records(
        block[: newline.start()] + b"\n", zero, end, np.array([STRAY], np.int64), zero, newline.end(), frozenset()
    )
