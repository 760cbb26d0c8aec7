"""Delimited text in blocks, as fast as polars parses where all is well, exact where it is not (区切りテキストの読取り).

What polars 2.1 really does, tried one by one, and what is made of it here: blank lines are kept as rows of empty cells;
a CR before LF is dropped, a single CR is not seen as a newline; too few cells are filled up in silence unless it is
the first line (so separators are counted), too many are an error; a BOM at the start of a block vanishes (so a second
one is put before it); NUL is kept; invalid UTF-8 is an error; a stray quote is an error or swallows lines (so blocks
with quotes are looked at before).
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from municipal.conformance.reading import records
from municipal.conformance.reading.damage import Damages, Odd
from municipal.conformance.reading.encodings import Encoding, chunks
from municipal.conformance.reading.tables import BLOCK, LONGEST_RECORD, Oddity, TableFile, beyond_limits
from municipal.conformance.reading.texts import numbered, without_idle_rows

_KINDS = {records.STRAY: "stray_quote", 0: "blank_row"}


@dataclass(frozen=True, slots=True)
class Form:
    """How a delimited file is written, found from its head (区切りテキストの書式).

    ``skip`` bytes of the stream (after the mark, UTF-16 turned into UTF-8) stand before the first row below the
    heading, which is ``first_row``.
    """

    encoding: Encoding
    delimiter: str
    skip: int
    first_row: int
    columns: tuple[str, ...]
    newlines: frozenset[str]

    @property
    def code(self) -> str:
        """The encoding of the blocks (ブロックの文字コード)."""
        return "utf-8" if "16" in self.encoding.name else self.encoding.name


@dataclass
class Reader:
    """One pass over a file (一回の読取り)."""

    path: Path
    form: Form
    file: TableFile
    size: int = BLOCK
    longest: int = LONGEST_RECORD

    def __post_init__(self) -> None:
        self.width = len(self.form.columns)
        self.row = self.form.first_row
        self.offset = self.form.encoding.bom + self.form.skip
        self.last_row = 0
        self.damages = Damages(self.width, self.file.oddities)
        self.newlines = set(self.form.newlines)

    def frames(self) -> Iterator[pl.DataFrame]:
        """The rows as ``TableFile.batches`` wants them; raises Refused ``beyond_limits`` (行の束)."""
        digest = hashlib.sha256()
        rest = b""
        try:
            for chunk in self._chunks(digest):
                rest, frame = self._take(rest, chunk)
                yield from self._told(frame)
            if rest:
                yield from self._told(self._split(rest, is_last=True)[1])
            self.file.digest = digest.hexdigest()
        finally:
            self.damages.close(self.last_row)
            self.file.newline = one_newline(self.newlines)
        if not self.last_row and not self.file.oddities:
            self.file.oddities.append(Oddity("no_rows"))

    def _chunks(self, digest: hashlib._Hash) -> Iterator[bytes]:
        """What stands below the heading (見出しより下のバイト列)."""
        skip = self.form.skip
        for chunk in chunks(self.path, self.form.encoding, self.size, digest):
            yield chunk[skip:]
            skip = max(0, skip - len(chunk))

    def _told(self, frame: pl.DataFrame | None) -> Iterator[pl.DataFrame]:
        if frame is not None and frame.height:
            self.last_row = int(frame["_row"][-1])
            yield frame

    def _take(self, rest: bytes, chunk: bytes) -> tuple[bytes, pl.DataFrame | None]:
        """What stays over of ``rest + chunk``, and the rows in the part that was used (ブロックの処理)."""
        end = chunk.rfind(b"\n") + 1
        if end and not any(mark in part for mark in (b'"', b"\0") for part in (rest, chunk)):
            block = b"".join((rest, memoryview(chunk)[:end]))  # copied once: page faults cost more than parsing
            if (frame := self._plain(block)) is not None:
                rows = np.arange(self.row, self.row + frame.height, dtype=np.uint32)
                self._advance(frame.height, len(block))
                return chunk[end:], self._numbered(frame, rows, [])
        block = rest + chunk
        taken, frame = self._split(block, is_last=False) if end or b"\r" in block else (0, None)
        if not taken and len(block) >= self.longest:
            found = records.first_line(block)
            if found is None:
                raise beyond_limits(self.row, record=self.longest)
            taken, frame = self._exact(found)
        return block[taken:], frame

    def _split(self, block: bytes, *, is_last: bool) -> tuple[int, pl.DataFrame | None]:
        found = records.split(block, self.form.delimiter, is_last=is_last)
        return self._exact(found) if found.taken else (0, None)

    def _advance(self, rows: int, taken: int) -> None:
        self.row += rows
        self.offset += taken

    def _plain(self, block: bytes) -> pl.DataFrame | None:
        """The rows of lines without quotes, if all have the right number of cells and none a single CR (高速経路)."""
        codes = np.frombuffer(block, np.uint8)
        lines = _count(codes, 10)
        if _count(codes, ord(self.form.delimiter)) != lines * (self.width - 1):
            return None
        returns = _count(codes, 13) if b"\r" in block else 0
        feeds = np.flatnonzero(codes == 10) if returns else np.zeros(0, np.int64)
        if returns != _count(codes[feeds[feeds > 0] - 1], 13):
            return None
        frame = self._parsed(block, quote=None, rows=lines)
        if frame is not None:
            self.newlines |= ({"\r\n"} if returns else set()) | ({"\n"} if returns < lines else set())
        return frame

    def _parsed(self, text: bytes, *, quote: str | None, rows: int) -> pl.DataFrame | None:
        """What polars makes of it; None if it sees an error or other rows than were counted (polarsでの解析)."""
        schema = {f"c{index}": pl.String for index in range(self.width)}
        if not text:
            return pl.DataFrame(schema=schema)
        try:
            frame = pl.read_csv(
                self._as_utf8(text),
                has_header=False,
                schema=schema,
                separator=self.form.delimiter,
                quote_char=quote,
                empty_string_is_null=False,
                missing_columns="raise",
                extra_columns="raise",
            )
        except (pl.exceptions.PolarsError, UnicodeDecodeError):
            return None
        return frame if frame.height == rows else None

    def _as_utf8(self, text: bytes) -> bytes:
        text = text if self.form.code == "utf-8" else text.decode(self.form.code).encode()
        return codecs.BOM_UTF8 + text if text.startswith(codecs.BOM_UTF8) else text

    def _exact(self, found: records.Records) -> tuple[int, pl.DataFrame]:
        """The right records of a block in which something is out of order or quoted (厳密経路)."""
        self.newlines |= found.newlines
        odd = {index: Odd(self.row + index, "nul_byte") for index in _with_nul(found)}
        frame = self._rows(found, odd)
        if frame is None:
            odd = self._undecodable(found) | odd
            frame = self._rows(found, odd)
        if frame is None:
            raise AssertionError("polars and the arrays disagree")
        wrong = np.flatnonzero(found.cells != self.width)
        for index, cells in zip(wrong.tolist(), found.cells[wrong].tolist(), strict=True):
            kind = _KINDS.get(cells) or ("short_row" if cells < self.width else "long_row")
            odd.setdefault(index, Odd(self.row + index, kind, cells))
        rows = self.row + np.flatnonzero(self._right(found, odd))
        self._advance(len(found.ends), found.taken)
        frame = self._numbered(frame, rows.astype(np.uint32), [odd[index] for index in sorted(odd)])
        return found.taken, frame

    def _numbered(self, frame: pl.DataFrame, rows: npt.NDArray[np.uint32], odd: list[Odd]) -> pl.DataFrame:
        return without_idle_rows(numbered(frame, rows), self.form.columns, self.damages, odd)

    def _right(self, found: records.Records, odd: dict[int, Odd]) -> npt.NDArray[np.bool_]:
        right: npt.NDArray[np.bool_] = found.cells == self.width
        right[list(odd)] = False
        return right

    def _rows(self, found: records.Records, odd: dict[int, Odd]) -> pl.DataFrame | None:
        right = self._right(found, odd)
        text = found.text
        if not right.all():
            borders = np.flatnonzero(np.diff(right, prepend=False, append=False))
            runs = zip(found.starts[borders[::2]].tolist(), found.ends[borders[1::2] - 1].tolist(), strict=True)
            text = b"".join(found.text[start:end] for start, end in runs)
        return self._parsed(text, quote='"', rows=int(np.count_nonzero(right)))

    def _undecodable(self, found: records.Records) -> dict[int, Odd]:
        """Records of the right width that are not in the encoding of the file (文字コードの誤り)."""
        odd: dict[int, Odd] = {}
        decode = codecs.getdecoder(self.form.code)
        view, start = memoryview(found.text), 0
        while start < len(view):
            try:
                decode(view[start:], "strict")
            except UnicodeDecodeError as error:
                place = start + error.start
                index = int(np.searchsorted(found.ends, place, side="right"))
                offset = self.offset + int(found.origins[index]) + place - int(found.starts[index])
                if found.cells[index] == self.width:
                    is_known = self.form.code == self.form.encoding.name
                    odd[index] = Odd(self.row + index, "wrong_encoding", offset=offset if is_known else -1)
                start = int(found.ends[index])
            else:
                break
        return odd


def _with_nul(found: records.Records) -> list[int]:
    if b"\0" not in found.text:
        return []
    places = np.flatnonzero(np.frombuffer(found.text, np.uint8) == 0)
    return [int(index) for index in np.unique(np.searchsorted(found.ends, places, side="right"))]


def _count(codes: npt.NDArray[np.uint8], code: int) -> int:
    """How often it occurs; in pieces that stay in the processor's cache, ten times as fast as ``bytes.count``."""
    step = 1 << 20
    return sum(int(np.count_nonzero(codes[at : at + step] == code)) for at in range(0, len(codes), step))


def one_newline(newlines: set[str]) -> str:
    """The only kind, ``mixed`` or nothing (改行の種類)."""
    return "mixed" if len(newlines) > 1 else next(iter(newlines), "")
