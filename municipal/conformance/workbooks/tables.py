"""Finds the tables of a sheet by their headings and reads their rows (表の検出)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from municipal.conformance.workbooks import formulas
from municipal.conformance.workbooks.headings import IDENTITIES, MEANINGS, SPREADING, SUBHEADINGS, kind_of
from municipal.conformance.workbooks.sheets import Cell, Sheet, plain

_DEEPEST_HEADING = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One heading: what it means ("" if unknown), its words, the columns below it (列見出し)."""

    meaning: str
    heading: str
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Record:
    """One row of a table by heading; ``block`` is the caption above it (表の行)."""

    sheet: str
    row: int
    block: str
    cells: tuple[tuple[Field, tuple[Cell, ...]], ...]

    @property
    def source(self) -> str:
        """``sheet!row`` (出典)."""
        return f"{self.sheet}!{self.row}"

    def parts(self, meaning: str) -> tuple[str, ...]:
        """The texts below a heading, one per cell (値の部分)."""
        return tuple(cell.text for of, cells in self.cells if of.meaning == meaning for cell in cells)

    def text(self, meaning: str) -> str:
        """The text below a heading, "" if there is none (値)."""
        return "\n".join(self.parts(meaning)).strip()

    def stored(self, meaning: str) -> str:
        """The same as a program reads it, without the zeros that only a number format shows (格納値)."""
        return "\n".join(cell.stored for of, cells in self.cells if of.meaning == meaning for cell in cells)


@dataclass
class Table:
    """A table: kind, rows, captions, and the cells that it accounts for (表)."""

    kind: str
    header_row: int
    fields: tuple[Field, ...]
    records: list[Record] = field(default_factory=list)
    captions: list[Cell] = field(default_factory=list)
    placed: set[tuple[int, int]] = field(default_factory=set)


def tables_of(sheet: Sheet) -> list[Table]:
    """All tables of a sheet from top to bottom (シートの表)."""
    starts = list(_heading_rows(sheet))
    ends = [row for row, _, _ in starts[1:]] + [sheet.last_row + 1]
    return [_table(sheet, *start, end) for start, end in zip(starts, ends, strict=False)]


def is_marker(cell: Cell) -> bool:
    """``e`` and black squares mark the end of rows and tables (終端記号)."""
    return plain(cell.text) in {"E", "■", "■■"}


def _heading_rows(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    below = 0
    for row in sheet.numbers:
        if row <= below:
            continue
        if kind := kind_of(frozenset(MEANINGS.get(plain(cell.text), "") for cell in sheet.row(row))):
            depth = _depth(sheet, row)
            yield row, depth, kind
            below = row + depth - 1


def _depth(sheet: Sheet, row: int) -> int:
    """How many rows the heading takes: as far down as its merged cells reach, or its second row is one of headings."""
    known = [cell for cell in sheet.row(row) if plain(cell.text) in MEANINGS]
    merged = max(sheet.extent(cell.row, cell.column)[2] for cell in known) - row + 1
    below = [plain(cell.text) for cell in sheet.row(row + 1)]
    has_second_row = bool(below) and all(text in SUBHEADINGS for text in below)
    return min(max(merged, 2 if has_second_row else 1), _DEEPEST_HEADING)


def _table(sheet: Sheet, row: int, depth: int, kind: str, end: int) -> Table:
    table = Table(kind, row, tuple(_fields(sheet, row, depth)))
    table.placed.update((cell.row, cell.column) for line in range(row, row + depth) for cell in sheet.row(line))
    block = ""
    for number in (number for number in sheet.numbers if row + depth <= number < end):
        cells = sheet.row(number)
        if cells and all(map(is_marker, cells)) and len(cells) > 1:
            table.placed.update((cell.row, cell.column) for cell in cells)
            break
        if caption := _caption(table, cells):
            table.captions.append(caption)
            table.placed.add((caption.row, caption.column))
            block = caption.text
        elif cells:
            _add(sheet, table, number, block)
    return table


def _caption(table: Table, cells: list[Cell]) -> Cell | None:
    """A text alone in its row, in the first columns: it heads the rows below, or speaks about the table."""
    if len(cells) != 1 or cells[0].column not in table.fields[0].columns or cells[0].text.isdecimal():
        return None
    return None if table.kind in {"items", "codes"} and not cells[0].text.startswith(("■", "※")) else cells[0]


def _fields(sheet: Sheet, row: int, depth: int) -> Iterator[Field]:
    """The headings from left to right; a group's heading is put before those of its columns."""
    runs: list[tuple[tuple[object, ...], str, str, list[int]]] = []
    last = max(cell.column for line in range(row, row + depth) for cell in sheet.row(line))
    last = max(last, *(sheet.extent(cell.row, cell.column)[3] for cell in sheet.row(row)))
    head: Cell | None = None
    for column in range(1, last + 1):
        own = sheet.at(row, column)
        below = [cell for line in range(row + 1, row + depth) if (cell := sheet.at(line, column)) and cell != own]
        if own is None and not below and not _spreads(head):
            head = None
            continue
        head = own or head
        words = [cell.text for cell in [head, *below] if cell is not None]
        key = (head, *below)
        if runs and runs[-1][0] == key:
            runs[-1][3].append(column)
        else:
            runs.append((key, "_".join(map(plain, words)), " ".join(" ".join(words).split()), [column]))
    for _, meaning, heading, columns in runs:
        yield Field(MEANINGS.get(meaning, ""), heading, tuple(columns))


def _spreads(head: Cell | None) -> bool:
    return head is not None and MEANINGS.get(plain(head.text)) in SPREADING


def _add(sheet: Sheet, table: Table, row: int, block: str) -> None:
    cells = tuple((of, tuple(_below(sheet, of, row))) for of in table.fields)
    record = Record(sheet.name, row, block, cells)
    if not any(record.text(meaning) for meaning in IDENTITIES[table.kind]):
        return
    table.records.append(record)
    beside = {cell.name: cell for cell in sheet.row(row)}
    for of, found in cells:
        if of.meaning:
            table.placed.update((cell.row, cell.column) for cell in found)
        for name in {name for cell in found for name in formulas.operands(cell.formula)} & beside.keys():
            table.placed.add((row, beside[name].column))
    headed = {column for of in table.fields for column in of.columns}
    table.placed.update((row, c.column) for c in sheet.row(row) if is_marker(c) and c.column not in headed)


def _below(sheet: Sheet, of: Field, row: int) -> Iterator[Cell]:
    seen: set[Cell] = set()
    for column in of.columns:
        cell = sheet.at(row, column)
        if cell is not None and cell not in seen:
            seen.add(cell)
            yield cell
