"""What reading gives: tables in batches, files that cannot be read, and what was odd on the way (読取結果)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from municipal.conformance.packs import Item

MOST_COLUMNS = 5_000
"""A heading with more cells than this is refused."""

LONGEST_RECORD = 64 << 20
"""Bytes of one record; memory is bounded by it, for a file may be a single line."""

BLOCK = 16 << 20
"""Bytes read at a time. Measured: polars parses 16 MB blocks with the least CPU."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd that was met while reading; exactly one FILE rule speaks of each ``kind`` (読取時の異常).

    ``row`` counts as a spreadsheet does, heading included; 0 means the whole file. ``facts`` never hold cell contents.
    """

    kind: str
    row: int = 0
    column: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818  (carries what is reported, is never shown as it stands)
    """Raised inside of reading when a file cannot be read; becomes ``Unreadable`` (読取拒否)."""

    def __init__(self, kind: str, row: int = 0, /, **facts: object) -> None:
        super().__init__(kind)
        self.oddity = Oddity(kind, row, facts=facts)


def beyond_limits(row: int, *, columns: int = 0, record: int = 0) -> Refused:
    """Refused because of so many columns or, where that is 0, of a record longer than so many bytes (上限超過)."""
    what: dict[str, object]
    if columns:
        what = {"what_ja": "列の数", "what_en": "columns", "limit": MOST_COLUMNS}
    else:
        what = {"what_ja": "1レコードのMB数", "what_en": "megabytes of one record", "limit": record >> 20}
    return Refused("beyond_limits", row, **what)


@dataclass
class TableFile:
    """A file, or a sheet of one, that holds a table (表ファイル).

    ``name`` is its path below what was given, with ``/``; inside of a zip ``x.zip/inner.csv``, a sheet ``x.xlsx#name``.
    ``kind``: csv, tsv, xlsx, json or parquet. ``newline`` may become ``mixed`` while batches are read, and ``oddities``
    grows. ``header_row`` is 0 when no heading was found; ``columns`` are then empty texts, one for each column.
    ``table`` and ``items`` (column index to item) are set by whoever recognises the file, before rules look at it.
    A file that ``is_ascii`` is said to be UTF-8 and would be right in CP932 too. ``kept`` holds whatever must live as
    long (the unpacked member of an archive).
    ``sha256`` of the whole file comes for free with a complete reading and is computed when asked for before.
    """

    name: str
    kind: str
    bytes: int
    columns: tuple[str, ...]
    header_row: int
    reader: Callable[[TableFile], Iterator[pl.DataFrame]] = field(repr=False)
    hasher: Callable[[], str] = field(repr=False)
    encoding: str = ""
    has_bom: bool = False
    is_ascii: bool = False
    newline: str = ""
    delimiter: str = ""
    oddities: list[Oddity] = field(default_factory=list)
    table: str = ""
    items: Mapping[int, Item] = field(default_factory=dict)
    digest: str = field(default="", repr=False)
    kept: object = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._from_head = tuple(self.oddities)

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the file, in hexadecimal (ファイルの要約値)."""
        self.digest = self.digest or self.hasher()
        return self.digest

    def batches(self) -> Iterator[pl.DataFrame]:
        """The rows: ``_row`` (UInt32) and ``c0``, ``c1``, ... (String, "" where empty, never null) (行の束).

        Broken rows are left out and stand in ``oddities``, which starts anew with every call. Memory is bounded.
        """
        self.oddities[:] = self._from_head
        try:
            yield from self.reader(self)
        except Refused as refused:
            self.oddities.append(refused.oddity)
        except OSError as error:
            self.oddities.append(Oddity("broken_file", facts={"seen": error.strerror or "?"}))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, folder or archive member that gave no table, and why (読めないファイル)."""

    name: str
    sha256: str
    bytes: int
    oddity: Oddity

    @property
    def oddities(self) -> tuple[Oddity, ...]:
        """The same as a list, so that rules treat both kinds alike (異常の一覧)."""
        return (self.oddity,)
