"""The files of a hand-over as tables of the register, block by block, whoever made them (受け入れるファイル)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import polars as pl

from municipal.conformance.packs import Pack, find
from municipal.conformance.reading import TableFile, read
from municipal.conformance.recognition import items_by_heading, known_headings, plain, recognise

from .faults import Fault
from .parts import PARTS
from .queries import TOWN, WITHHELD

PACK = "resident-record-data"
BROKEN = frozenset(
    {"short_row", "long_row", "stray_quote", "split_record", "wrong_encoding", "nul_byte", "broken_file"}
)
"""What makes a row unreadable, in the reader's words (読めない行)."""


@dataclass
class Source:
    """One file, taken for one table of the pack (ファイル).

    ``columns`` are its headings as the pack names them; a column that the pack does not know keeps its own.
    """

    file: TableFile
    table: str
    columns: tuple[str, ...]
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its path below the folder (ファイル名)."""
        return self.file.name

    def blocks(self) -> Iterator[pl.DataFrame]:
        """The rows by heading, with ``_row`` as a spreadsheet counts; what cannot be read becomes faults (行の束)."""
        self.rows = 0
        names = {f"c{index}": column for index, column in enumerate(self.columns)}
        for block in self.file.batches():
            self.rows += block.height
            yield block.rename(names)
        self.faults = [Fault(self.name, odd.row, "", "IN-0017") for odd in self.file.oddities if odd.kind in BROKEN]

    def unknown(self) -> list[str]:
        """Columns that no item of the register takes (対応のない列)."""
        known = {*(item.name_ja for item in pack().items_of(self.table)), *own_headings(self.table)}
        return [column for column in self.columns if column not in known]


def pack() -> Pack:
    """The pack in whose words files are taken in (仕様パック)."""
    return find(PACK)


def sources(folder: Path) -> list[Source]:
    """Every table in ``folder`` that the pack knows, in the order of the file names (ファイルの一覧)."""
    files = [file for file in read([folder], known_headings([pack()])) if isinstance(file, TableFile)]
    likely = recognise([(file.name, file.columns) for file in files], [pack()])
    tables = [_own_table(file) or (found.table if found else "") for file, found in zip(files, likely, strict=True)]
    return [Source(file, table, named(table, file.columns)) for file, table in zip(files, tables, strict=True) if table]


def _own_table(file: TableFile) -> str:
    """A file that bears the name and the first headings of one of our parts is that part."""
    stem = PurePosixPath(file.name).stem
    is_own = stem in PARTS and set(PARTS[stem].headings) >= set(file.columns) - {TOWN, WITHHELD}
    return stem if is_own else ""


def own_headings(table: str) -> tuple[str, ...]:
    """The headings of the part itself: a new item of the register is known before any list names it (自前の見出し)."""
    return (*PARTS[table].headings, TOWN, WITHHELD) if table in PARTS else ()


def named(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The headings as the pack names them, each once (見出しの統一)."""
    items = items_by_heading(pack(), table)
    taken: set[str] = set()
    found = []
    for index, column in enumerate(columns):
        item = items.get(plain(column))
        name = item.name_ja if item else column if column in own_headings(table) else ""
        name = name if name and name not in taken else f"{column}#{index + 1}"
        taken.add(name)
        found.append(name)
    return tuple(found)


def chosen(found: list[Source]) -> dict[str, list[Source]]:
    """The files of each part: those of its own table, or those of others that say the same (部分ごとのファイル).

    Where nobody hands over histories, everybody's row as the register stands is the first of theirs.
    """
    by_table: dict[str, list[Source]] = {}
    for source in found:
        by_table.setdefault(source.table, []).append(source)
    parts = {name: by_table[name] for name in PARTS if name in by_table}
    if "history" not in parts and "residents" in by_table:
        parts["history"] = by_table["residents"]
    if "protections" not in parts and "support_measures" in by_table:
        parts["protections"] = by_table["support_measures"]
    return parts
