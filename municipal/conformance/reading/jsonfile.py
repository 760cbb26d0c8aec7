"""JSON: a list of objects, one object with a single list in it, or one object per line (JSONの読取り)."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from municipal.conformance.reading.damage import Damages, Odd
from municipal.conformance.reading.encodings import Encoding, detect, sha256
from municipal.conformance.reading.tables import MOST_COLUMNS, Refused, TableFile, beyond_limits
from municipal.conformance.reading.texts import BATCH, Written, frame_of, text_of, without_idle_rows

PIECE = 1 << 20
LONGEST_WHOLE = 256 << 20
"""Bytes of a file that is one object: it has to be read as a whole."""

_BLANK = " \t\r\n"


def open_json(path: Path, name: str) -> TableFile:
    """A JSON file as a table: the n-th element stands in row n + 1, as if there were a heading (JSONを開く).

    Columns are the keys in the order in which they first appear. Raises Refused (``broken_file``, ``not_a_table``,
    ``unknown_encoding``, ``beyond_limits``, ``empty_file``) and OSError.
    """
    encoding = detect(path)
    keys: dict[str, None] = {}
    for element in _elements(path, encoding):
        if isinstance(element, dict):
            keys.update(dict.fromkeys(element))
        if len(keys) > MOST_COLUMNS:
            raise beyond_limits(0, columns=len(keys))
    if not keys:
        raise Refused("empty_file")
    return TableFile(
        name=name,
        kind="json",
        bytes=path.stat().st_size,
        columns=tuple(keys),
        header_row=1,
        reader=partial(_batches, path, encoding),
        hasher=partial(sha256, path),
        encoding=encoding.name,
        has_bom=bool(encoding.bom),
        is_ascii=encoding.is_ascii,
    )


def _batches(path: Path, encoding: Encoding, file: TableFile) -> Iterator[pl.DataFrame]:
    damages = Damages(len(file.columns), file.oddities)
    numbered, last_row = enumerate(_elements(path, encoding), 2), 0
    while batch := list(islice(numbered, BATCH)):
        odd = [Odd(number, "not_an_object") for number, element in batch if not isinstance(element, dict)]
        right = [(number, element) for number, element in batch if isinstance(element, dict)]
        rows = [[text_of(element.get(key)) for key in file.columns] for _, element in right]
        frame = frame_of(rows, [number for number, _ in right], len(file.columns))
        frame = without_idle_rows(frame, file.columns, damages, odd)
        if frame.height:
            last_row = int(frame["_row"][-1])
            yield frame
    damages.close(last_row)


def _elements(path: Path, encoding: Encoding) -> Iterator[Any]:
    """The elements one by one, so that a long list needs no more memory than a short one."""
    text = _Text(path, encoding)
    try:
        first = text.peek()
        if first == "[":
            yield from _list(text)
        elif first == "{":
            yield from _lines_or_whole(text)
        else:
            raise Refused("broken_file" if first else "empty_file", seen="JSON")
    except (ValueError, RecursionError) as error:
        raise Refused("broken_file", seen="JSON") from error


def _list(text: _Text) -> Iterator[Any]:
    text.position += 1
    if text.peek() == "]":
        return
    while True:
        yield text.element()
        mark = text.peek()
        text.position += 1
        if mark == "]":
            break
        if mark != ",":
            raise ValueError("neither comma nor bracket")
    if text.peek():
        raise ValueError("something after the end")


def _lines_or_whole(text: _Text) -> Iterator[Any]:
    """One object per line (NDJSON), or a single object: its only list of objects, or else itself."""
    first = text.element()
    if text.peek():
        yield first
        while text.peek():
            yield text.element()
        return
    lists = [value for value in first.values() if isinstance(value, list) and any(isinstance(x, dict) for x in value)]
    if len(lists) > 1:
        raise Refused("not_a_table", seen="JSON")
    yield from lists[0] if lists else [first]


class _Text:
    """Decoded text that grows at its end while elements are taken from its start."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self.pieces = _pieces(path, encoding)
        self.decoder = json.JSONDecoder(parse_float=Written, parse_int=_whole)
        self.text, self.position = "", 0

    def peek(self) -> str:
        """The next character that is not blank, "" at the end (次の文字)."""
        while True:
            while self.position < len(self.text) and self.text[self.position] in _BLANK:
                self.position += 1
            if self.position < len(self.text):
                return self.text[self.position]
            if not self._more():
                return ""

    def element(self) -> Any:
        """The next value; reads on while it is not whole (次の要素)."""
        self.peek()
        wanted = 0
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.position)
                if end < len(self.text) or not self._more():
                    self.position = end
                    return value
            except ValueError:
                wanted = max(PIECE, (len(self.text) - self.position))
                if not self._more(wanted):
                    raise

    def _more(self, wanted: int = 1) -> bool:
        """Read at least so many characters more, for an element is looked at again each time it turned out short."""
        added: list[str] = []
        while sum(map(len, added)) < wanted and (piece := next(self.pieces, "")):
            added.append(piece)
        self.text = "".join([self.text[self.position :], *added])
        self.position = 0
        if len(self.text) > LONGEST_WHOLE:
            raise beyond_limits(0, record=LONGEST_WHOLE)
        return bool(added)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < 4000 else digits


def _pieces(path: Path, encoding: Encoding) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding.name)("strict")
    offset, piece = encoding.bom, b"-"
    with path.open("rb") as file:
        file.seek(offset)
        while piece:
            piece = file.read(PIECE)
            kept = len(decoder.getstate()[0])
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                raise Refused("unknown_encoding", offset=offset - kept + error.start, seen=encoding.name) from error
            offset += len(piece)
            if text:
                yield text
