"""Excel workbooks: every visible sheet with something in it is a table (Excelブックの読取り)."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from municipal.conformance.reading.archives import Budget, guard
from municipal.conformance.reading.damage import Damages, Odd
from municipal.conformance.reading.encodings import sha256
from municipal.conformance.reading.headings import FIRST_ROWS, Headings, find_heading, known_cells
from municipal.conformance.reading.tables import MOST_COLUMNS, Oddity, Refused, TableFile, Unreadable, beyond_limits
from municipal.conformance.reading.texts import BATCH, frame_of, text_of, without_idle_rows

MOST_ROWS = 1_048_576
MOST_XML = 2 << 30
"""Bytes of all parts unpacked: openpyxl keeps the shared texts in memory."""

_ZEROS = re.compile("0{2,}")
_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!"})


def open_workbook(path: Path, name: str, known: Headings) -> Iterator[TableFile | Unreadable]:
    """The sheets of a workbook as ``name#sheet``; hidden and strange ones are said to be left out (ブックを開く).

    Where one sheet holds known headings, sheets without any are notes for people, not tables. Raises Refused
    (``broken_file``, ``archive_refused``, ``empty_file``) and OSError.
    """
    guard(path, Budget(bytes=MOST_XML))
    _refuse_declared_entities(path)
    digest, size = sha256(path), path.stat().st_size
    with _opened(path) as book:
        heads = {sheet.title: list(islice(_rows(sheet), FIRST_ROWS)) for sheet in book.worksheets}
        hidden = {sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"}
    heads = {title: rows for title, rows in heads.items() if any(any(row) for row in rows)}
    if not heads:
        raise Refused("empty_file")
    has_known = any(known_cells(row, known) >= 2 for rows in heads.values() for row in rows)
    for title, rows in heads.items():
        sheet_name = f"{name}#{title}"
        if title in hidden:
            yield Unreadable(
                sheet_name, digest, size, Oddity("skipped_hidden", facts={"what_ja": "シート", "what_en": "sheet"})
            )
        elif has_known and not any(known_cells(row, known) for row in rows):
            yield Unreadable(sheet_name, digest, size, Oddity("not_a_table", facts={"seen": "sheet"}))
        else:
            yield _table(path, sheet_name, title, rows, known, (digest, size))


def _table(
    path: Path, name: str, title: str, rows: list[list[str]], known: Headings, file: tuple[str, int]
) -> TableFile:
    at = find_heading(rows, known)
    columns = tuple(rows[at]) if at >= 0 else ("",) * max(len(row) for row in rows)
    if len(columns) > MOST_COLUMNS:
        raise beyond_limits(at + 1, columns=len(columns))
    return TableFile(
        name=name,
        kind="xlsx",
        bytes=file[1],
        columns=columns,
        header_row=at + 1,
        reader=partial(_batches, path, title),
        hasher=lambda: file[0],
        digest=file[0],
    )


def _batches(path: Path, title: str, file: TableFile) -> Iterator[pl.DataFrame]:
    damages = Damages(len(file.columns), file.oddities)
    last_row, width = 0, len(file.columns)
    with _opened(path) as book:
        rows = enumerate(islice(_rows(book[title]), file.header_row, None), file.header_row + 1)
        while batch := list(islice(rows, BATCH)):
            odd = [one for number, row in batch for one in _odd(row, number, width, file)]
            filled = [(number, row) for number, row in batch if row]
            cells = [[*row[:width], *[""] * (width - len(row))] for _, row in filled]
            frame = frame_of(cells, [number for number, _ in filled], width)
            frame = without_idle_rows(frame, file.columns, damages, odd)
            if frame.height:
                last_row = int(frame["_row"][-1])
                yield frame
    damages.close(last_row)
    if not last_row and not file.oddities:
        file.oddities.append(Oddity("no_rows"))


def _odd(row: list[str], number: int, width: int, file: TableFile) -> Iterator[Odd]:
    if not row:
        yield Odd(number, "blank_row")
    if len(row) > width:
        yield Odd(number, "long_row", len(row))
    for index, cell in enumerate(row[:width]):
        if cell.startswith("#") and cell in _ERRORS:
            file.oddities.append(Oddity("error_cell", number, file.columns[index], {"seen": cell}))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Whatever openpyxl stumbles over, from KeyError to ParseError, means that the file is broken."""
    import openpyxl  # takes as long to load as a small CSV file to judge

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
        try:
            with closing(openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
                yield book
        except (Refused, OSError, GeneratorExit, MemoryError):
            raise
        except Exception as error:
            raise Refused("broken_file", seen=type(error).__name__) from error


def _rows(sheet: Any) -> Iterator[list[str]]:
    """All rows from the first as texts without the empty cells at their ends.

    The dimension a file claims is ignored: a claim of sixteen thousand columns would make every row that wide.
    """
    sheet.reset_dimensions()
    formats = getattr(sheet.parent, "_number_formats", ())
    as_cells = any(_ZEROS.fullmatch(form) for form in formats)
    text: Callable[[Any], str] = _padded if as_cells else text_of
    for number, row in enumerate(sheet.iter_rows(values_only=not as_cells), 1):
        if number > MOST_ROWS:
            raise Refused("broken_file", seen="rows")
        yield _trimmed(row, text)


def _trimmed(row: Sequence[Any], text: Callable[[Any], str]) -> list[str]:
    cells = [text(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _padded(cell: Any) -> str:
    """A number shown with a format like ``000000`` has the zeros that people see: 37201 is 037201."""
    text = text_of(cell.value)
    form = cell.number_format if isinstance(cell.value, int) and cell.value >= 0 else ""
    return text.zfill(len(form)) if form and _ZEROS.fullmatch(form) else text


def _refuse_declared_entities(path: Path) -> None:
    """No workbook declares XML entities, unless somebody wants a small file to fill the memory."""
    with zipfile.ZipFile(path) as package:
        for info in package.infolist():
            if info.filename.endswith((".xml", ".rels")):
                with package.open(info) as part:
                    if b"<!DOCTYPE" in part.read(1024):
                        raise Refused("broken_file", seen="DOCTYPE")
