"""A workbook taken apart: tables by kind, prose around them, and what has no place (文書の分解)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from municipal.conformance.workbooks.archive import UnreadableWorkbook
from municipal.conformance.workbooks.sheets import Cell, Sheet, Workbook
from municipal.conformance.workbooks.tables import Record, Table, is_marker, tables_of

Place = tuple[str, str, str]
"""Sheet, cell and text (場所と文)."""


@dataclass(frozen=True)
class Document:
    """A workbook whose tables are found (文書)."""

    file: str
    sha256: str
    workbook: Workbook
    tables: tuple[tuple[Sheet, Table], ...]

    def records(self, kind: str) -> list[Record]:
        """The rows of all tables of a kind, in the order of the sheets (表の行)."""
        return [record for _, table in self.tables if table.kind == kind for record in table.records]

    @cached_property
    def notes(self) -> list[Place]:
        """The prose of the cover and above and between the tables (本文)."""
        return [(sheet.name, cell.name, cell.text.strip()) for sheet, cell in self._notes()]

    @cached_property
    def unplaced(self) -> list[Place]:
        """Everything with text that is neither in a table that we understand nor in the notes (未配置の文)."""
        noted = {(sheet.name, cell.name) for sheet, cell in self._notes()}
        found = []
        for sheet in self.workbook.sheets:
            placed = self._placed(sheet)
            for place, cell in sorted(sheet.cells.items()):
                if place not in placed and (sheet.name, cell.name) not in noted and not self._is_end(sheet, cell):
                    found.append((sheet.name, cell.name, cell.text))
            found += [(sheet.name, place, text) for place, text in sheet.beside.items()]
        return found + [(part, "", text) for part, text in self.workbook.drawings]

    @cached_property
    def version(self) -> str:
        """The version on the cover (第2.0版), else the day of the last change, else ``undated`` (版)."""
        for _, _, text in self.notes:
            if found := re.search(r"第\s*(\d+(?:\.\d+)*)\s*版", unicodedata.normalize("NFKC", text)):
                return found[1]
        return self.workbook.modified_on.isoformat() if self.workbook.modified_on else "undated"

    def title(self, *words: str) -> str:
        """The first short note that holds one of the words, without ornament; else the name of the file (表題)."""
        for _, _, text in self.notes:
            if len(text) < 100 and text not in {"API仕様書", *words} and any(word in text for word in words):
                return " ".join(text.lstrip("■ ").split())
        return PurePath(self.file).stem

    def _notes(self) -> Iterator[tuple[Sheet, Cell]]:
        for sheet in self.workbook.sheets:
            tables = [table for of, table in self.tables if of is sheet]
            first = min((table.header_row for table in tables), default=0)
            last = sheet.last_row + 1 if not tables and _is_cover(sheet) else first
            for row in range(1, last):
                yield from ((sheet, cell) for cell in sheet.row(row) if not is_marker(cell))
            for table in tables:
                yield from ((sheet, caption) for caption in table.captions)

    def _placed(self, sheet: Sheet) -> set[tuple[int, int]]:
        return {place for of, table in self.tables if of is sheet for place in table.placed}

    def _is_end(self, sheet: Sheet, cell: Cell) -> bool:
        """A marker beside or above a table says nothing."""
        return is_marker(cell) and any(of is sheet and cell.row < table.header_row for of, table in self.tables)


def _is_cover(sheet: Sheet) -> bool:
    texts = (unicodedata.normalize("NFKC", cell.text) for cell in sheet.cells.values())
    return any(re.search(r"第\s*\d+(?:\.\d+)*\s*版", text) for text in texts)


def take_apart(file: str, sha256: str, workbook: Workbook) -> Document:
    """Find all tables; raises UnreadableWorkbook if there is none that a pack could be made of (文書の分解)."""
    tables = tuple((sheet, table) for sheet in workbook.sheets for table in tables_of(sheet))
    if not any(table.kind in {"items", "parameters"} and table.records for _, table in tables):
        raise UnreadableWorkbook(
            "データ項目又はAPIパラメータの見出し行が見つかりません（「データ項目・データ型・桁数」又は"
            "「パラメータ名・データ型」）。",
            "There is no heading row of data items (データ項目, データ型, 桁数) "
            "or of API parameters (パラメータ名, データ型).",
        )
    return Document(file, sha256, workbook, tables)
