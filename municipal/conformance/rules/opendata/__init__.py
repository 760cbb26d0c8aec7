"""Rules about open data: what all tables for the public share, columns by columns (オープンデータの規則).

The tables are small, so the rules look at whole columns as text. A defect that all filled cells of a column have is one
defect of the column and is said once, at the first row; otherwise every cell is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from math import isfinite

from municipal.conformance.findings import Fault
from municipal.conformance.packs import Item, Pack
from municipal.conformance.rules import Collected, Context, Kept, Row

PACKS = ("open-data-sets", "population-statistics")

Tables = Mapping[str, list[Row]]
Found = Iterator[tuple[Row, Fault]]

DATES = frozenset(
    {
        "apply_until_on",
        "designated_on",
        "ends_on",
        "licensed_on",
        "registered_on",
        "starts_on",
        "surveyed_on",
        "updated_on",
    }
)
TIMES = frozenset({"opens_at", "closes_at", "apply_until_time"})
PHONES = frozenset({"phone", "fax"})
CODES = frozenset({"local_government_code", "place_code", "installer_code"})
ADDRESSES = frozenset({"address", "building", "address_town", "address_block"})


def items_named(names: frozenset[str]) -> Callable[[Item], bool]:
    """Chooses items by name (項目名による選択)."""
    return lambda item: item.item in names


def is_text(item: Item) -> bool:
    """Chooses items that hold words: not addresses of the network (文字の項目か)."""
    return item.type in ("X", "N", "XN")


def is_any(item: Item) -> bool:
    """Chooses every item (すべての項目)."""
    return True


def collecting(*choices: Callable[[Item], bool]) -> Callable[[Pack], Collected]:
    """Wants the items of one of the choices as text, from every table that has items of all choices (集める項目)."""

    def collects(pack: Pack) -> Collected:
        wanted: dict[str, dict[str, Kept]] = {}
        for table in pack.tables:
            chosen = [[item.item for item in pack.items_of(table) if is_chosen(item)] for is_chosen in choices]
            if all(chosen):
                wanted[table] = {name: Kept.TEXT for names in chosen for name in names}
        return wanted

    return collects


def by_file(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of one file after the other (ファイルごとの行)."""
    for _, same in groupby(rows, key=lambda row: row.file):
        yield list(same)


def columns(tables: Tables, context: Context, is_chosen: Callable[[Item], bool]) -> Iterator[tuple[Item, list[Row]]]:
    """Every chosen item of every file, with the rows where it is filled; blanks alone fill nothing (列ごとの行)."""
    for table, rows in tables.items():
        chosen = [item for item in context.pack.items_of(table) if is_chosen(item)]
        for same in by_file(rows):
            for item in chosen:
                if filled := [row for row in same if row[item.item].strip()]:
                    yield item, filled


def told(item: Item, wrong: Sequence[Row], filled: Sequence[Row], **facts: object) -> Found:
    """One finding for a whole column, else one for each wrong row; ``count``: how many rows it is (指摘のまとめ)."""
    if len(wrong) > 1 and len(wrong) == len(filled):
        yield from once(item, wrong, **facts)
        return
    for row in wrong:
        yield row, Fault(item.name_ja, row[item.item], {**facts, "count": 1})


def once(item: Item, wrong: Sequence[Row], **facts: object) -> Found:
    """One finding at the first of the rows, with their number (一件にまとめた指摘)."""
    if wrong:
        first = wrong[0]
        yield first, Fault(item.name_ja, first[item.item], {**facts, "count": len(wrong)})


def heading(context: Context, table: str, name: str) -> str:
    """The Japanese heading of an item of a table (項目の見出し)."""
    return next((item.name_ja for item in context.pack.items_of(table) if item.item == name), name)


def number(text: str) -> float | None:
    """A number as written, None for anything else (数値の読取り)."""
    try:
        value = float(text.strip())
    except ValueError:
        return None
    return value if text.isascii() and "_" not in text and isfinite(value) else None
