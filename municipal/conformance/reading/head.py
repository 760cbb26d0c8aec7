"""How a delimited file is written, found from its first lines (区切りテキストの書式判定)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl

from municipal.conformance.reading import records
from municipal.conformance.reading.delimited import Form, Reader, one_newline
from municipal.conformance.reading.encodings import SAMPLE, Encoding, chunks, detect, sha256
from municipal.conformance.reading.headings import FIRST_ROWS, Headings, find_heading, known_cells, usual_width
from municipal.conformance.reading.tables import (
    BLOCK,
    LONGEST_RECORD,
    MOST_COLUMNS,
    Oddity,
    Refused,
    TableFile,
    beyond_limits,
)

DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Head:
    """The first records as cells, with a candidate for the delimiter (先頭部)."""

    delimiter: str
    rows: list[list[str]]
    cells: list[int]
    ends: list[int]
    newlines: frozenset[str]


def open_delimited(path: Path, name: str, known: Headings, *, block: int = BLOCK) -> TableFile:
    """A CSV or TSV file; ``known`` headings are in normal form (区切りテキストを開く).

    Raises Refused (``empty_file``, ``unknown_encoding``, ``beyond_limits``, ``nul_byte``) and
    OSError.
    """
    size = path.stat().st_size
    encoding = detect(path)
    form, header_row, oddities = _form(path, encoding, size, known)
    return TableFile(
        name=name,
        kind="tsv" if form.delimiter == "\t" else "csv",
        bytes=size,
        columns=form.columns,
        header_row=header_row,
        reader=partial(_frames, path, form, block),
        hasher=partial(sha256, path),
        encoding=encoding.name,
        has_bom=bool(encoding.bom),
        is_ascii=encoding.is_ascii,
        newline=one_newline(set(form.newlines)),
        delimiter=form.delimiter,
        oddities=oddities,
    )


def _frames(path: Path, form: Form, block: int, file: TableFile) -> Iterator[pl.DataFrame]:
    return Reader(path, form, file, block).frames()


def _form(path: Path, encoding: Encoding, total: int, known: Headings) -> tuple[Form, int, list[Oddity]]:
    head = _best(_heads(path, encoding, total), known)
    if not any(any(row) for row in head.rows):
        raise Refused("empty_file")
    at = find_heading(head.rows, known)
    columns = tuple(head.rows[at]) if at >= 0 else ("",) * usual_width(head.rows)
    if len(columns) > MOST_COLUMNS:
        raise beyond_limits(at + 1, columns=len(columns))
    if any("\0" in cell for cell in columns):
        raise Refused("nul_byte", at + 1, rows=1)
    if at < 0:
        return Form(encoding, head.delimiter, 0, 1, columns, head.newlines), 0, []
    start = encoding.bom + (head.ends[at - 1] if at else 0)
    form = Form(encoding, head.delimiter, head.ends[at], at + 2, columns, head.newlines)
    return form, at + 1, _oddities_of_heading(head, at, start)


def _oddities_of_heading(head: Head, at: int, start: int) -> list[Oddity]:
    odd = []
    if head.cells[at] == records.STRAY:
        odd.append(Oddity("stray_quote", at + 1, facts={"rows": 1}))
    if any("\ufffd" in cell for cell in head.rows[at]):
        odd.append(Oddity("wrong_encoding", at + 1, facts={"rows": 1, "offset": start}))
    return odd


def _best(heads: list[Head], known: Headings) -> Head:
    """The delimiter that shows most known headings, of equals the one by which most rows are as wide as these.

    Where no heading is known, the one that gives most rows of the same width, which has to be more than one.
    """

    def score(head: Head) -> tuple[int, int, int]:
        widths = [len(row) for row in head.rows]
        counts = [known_cells(row, known) for row in head.rows]
        if most := max(counts, default=0):
            return most, widths.count(widths[counts.index(most)]), 0
        width = usual_width(head.rows)
        return 0, widths.count(width) if width > 1 else 0, width

    return max(heads, key=score)


def _heads(path: Path, encoding: Encoding, total: int) -> list[Head]:
    """The first fifty records for each delimiter; reads on until they are whole, or as far as one record may go."""
    code = "utf-8" if "16" in encoding.name else encoding.name
    size = SAMPLE
    while True:
        is_last, is_enough = total <= size, size >= LONGEST_RECORD
        text = b"".join(islice(chunks(path, encoding, size), 2 if is_last else 1))
        if is_last or b"\n" in text or b"\r" in text:
            found = [records.split(text, delimiter, is_last=is_last) for delimiter in DELIMITERS]
            if is_last or is_enough or all(len(one.ends) >= min(FIRST_ROWS, size // SAMPLE) for one in found):
                break
        elif is_enough:
            raise beyond_limits(1, record=LONGEST_RECORD)
        size *= 4
    return [_as_head(one, mark, code) for one, mark in zip(found, DELIMITERS, strict=True)]


def _as_head(found: records.Records, delimiter: str, code: str) -> Head:
    places = zip(found.starts[:FIRST_ROWS].tolist(), found.ends[:FIRST_ROWS].tolist(), strict=True)
    rows = [_cells(found.text[start:end].decode(code, "replace").rstrip("\r\n"), delimiter) for start, end in places]
    following = [*found.origins[1 : FIRST_ROWS + 1].tolist(), found.taken][: len(rows)]
    return Head(delimiter, rows, found.cells.tolist(), following, found.newlines)


def _cells(record: str, delimiter: str) -> list[str]:
    """Not with Python's csv module, which refuses cells of more than 131,072 characters."""
    if '"' not in record:
        return record.split(delimiter) if record else []
    fields = re.finditer(rf'(?:"([^"]*(?:""[^"]*)*)"|([^{delimiter}]*)){delimiter}', record + delimiter)
    return [field[2] if field[1] is None else field[1].replace('""', '"') for field in fields]
