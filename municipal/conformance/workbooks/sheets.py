"""A workbook as sheets of text whose merged cells are known (シートの読込み)."""

from __future__ import annotations

import datetime
import io
import re
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from municipal.conformance.workbooks import formulas
from municipal.conformance.workbooks.archive import Box, UnreadableWorkbook, damaged, opened


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with text: as it is shown, as it is stored, and the formula it came from, if any (セル).

    A number 2 formatted ``000`` is shown as 002 and stored as 2: people and programs read different ids.
    """

    row: int
    column: int
    text: str
    formula: str = ""
    stored: str = ""

    @property
    def name(self) -> str:
        """``B7``, as a spreadsheet names it (セル番地)."""
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass
class Sheet:
    """One sheet: its cells with text and the range that each merged cell belongs to (シート).

    ``cells`` are keyed by (row, column), both from 1. ``extents`` are the merged ranges by every place they cover;
    ``beside`` are comments and texts that merged cells hide. The print area is kept to be judged, never obeyed:
    official ones end before the data do.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    extents: Mapping[tuple[int, int], Box]
    print_area: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the cells into rows once (行の索引)."""
        self._rows: dict[int, list[Cell]] = {}
        for _, cell in sorted(self.cells.items()):
            self._rows.setdefault(cell.row, []).append(cell)
        self._last_row = max(self._rows, default=0)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The rows with text from top to bottom (行番号)."""
        return tuple(self._rows)

    @property
    def last_row(self) -> int:
        """The last row with text, 0 in an empty sheet (最終行)."""
        return self._last_row

    def row(self, number: int) -> list[Cell]:
        """The cells with text that begin in this row, from left to right (行のセル)."""
        return self._rows.get(number, [])

    def extent(self, row: int, column: int) -> Box:
        """First row, first column, last row, last column of the range that covers the place (結合範囲)."""
        return self.extents.get((row, column), (row, column, row, column))

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that one sees at the place: merged cells are undone (結合を解いたセル)."""
        return self.cells.get(self.extent(row, column)[:2])


@dataclass(frozen=True)
class Workbook:
    """What is read of a workbook: sheets, the text of its drawings, the day of its last change (ワークブック)."""

    sheets: tuple[Sheet, ...]
    drawings: tuple[tuple[str, str], ...]
    modified_on: datetime.date | None


def plain(text: str) -> str:
    """The text to compare with: NFKC, upper case, without any white space (照合用の文字列).

    Headings and type words are broken over lines, and typed in either width, at the publishers' pleasure.
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def read(content: bytes) -> Workbook:
    """Open a workbook twice, for values and for formulas; raises UnreadableWorkbook (ワークブックの読込み)."""
    archive = opened(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that we do not read anyway
            values = openpyxl.load_workbook(io.BytesIO(archive.content), data_only=True)
            written = openpyxl.load_workbook(io.BytesIO(archive.content))
    except Exception as error:  # openpyxl passes on whatever it stumbles over
        raise damaged(error) from error
    sheets = tuple(
        _sheet(values[sheet.title], sheet, archive.merged.get(sheet.title, ())) for sheet in written.worksheets
    )
    if not any(sheet.cells for sheet in sheets):
        raise UnreadableWorkbook("ワークブックに文字がありません。", "The workbook holds no text.")
    modified = written.properties.modified
    return Workbook(sheets, archive.drawings, modified.date() if modified else None)


def _sheet(values: Any, written: Any, merged: Sequence[Box]) -> Sheet:
    extents = {
        (row, column): box
        for box in merged
        for row in range(box[0], box[2] + 1)
        for column in range(box[1], box[3] + 1)
    }
    cells, beside = {}, {}
    # Not iter_rows: it makes every cell up to the last one, and the last one may be XFD1048576.
    for place, cell in sorted(written._cells.items()):
        if cell.comment is not None:
            beside[f"{cell.coordinate} (comment)"] = cell.comment.text
        if text := _text(cell, values):
            formula = cell.value if cell.data_type == "f" and isinstance(cell.value, str) else ""
            if extents.get(place, place)[:2] == place:
                cells[place] = Cell(place[0], place[1], _shown(text, cell), formula, text)
            else:
                beside[f"{cell.coordinate} (under a merged cell)"] = text
    return Sheet(written.title, cells, extents, (written.print_area or "").rpartition("!")[2], beside)


def _text(cell: Any, values: Any) -> str:
    value = cell.value
    if cell.data_type == "f":
        value = values[cell.coordinate].value
        if value is None:  # written by a program that computes nothing
            value = formulas.value(str(getattr(cell.value, "text", cell.value)), cell.parent.title, cell.parent.parent)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value) if isinstance(value, float) and not value.is_integer() else str(int(value))
    text = "" if value is None else str(value)
    return text if text.strip() else ""


def _shown(text: str, cell: Any) -> str:
    """Whole numbers formatted ``000`` are shown with leading zeros."""
    is_padded = cell.data_type == "n" and text.isdecimal() and re.fullmatch(r"0+", str(cell.number_format))
    return text.zfill(len(cell.number_format)) if is_padded else text
