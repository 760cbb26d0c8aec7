"""What a migration lost: two hand-overs of the same register, before and after, beside each other (移行の点検).

Each may be right by every rule and still not be the same register: a column that nobody mapped, a day that became
unknown for everybody, people who did not arrive. Only marks of being filled, counts of codes and keys are kept, so that
a register of any size can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from municipal.conformance.packs import Item, Pack, find
from municipal.conformance.reading import TableFile, read
from municipal.conformance.recognition import items_by_heading, known_headings, plain, recognise

PACK = "resident-record-data"
KEYS = {
    "residents": ("atena_no",),
    "history": ("atena_no", "person_history_no"),
    "households": ("household_no",),
    "support_measures": ("atena_no", "measure_history_no"),
}
"""What makes a row of before the same as one of after; other tables are only counted (行の対応)."""

FLAG = "_不詳フラグ"
MOST_CODES = 60
UNKNOWN_GREW = 0.001
"""So much more of a field may be unknown after than before without being told: one in a thousand."""


@dataclass
class Side:
    """One table of one hand-over (片側の表).

    ``filled``: for each item and row whether there is a value. ``codes``: how often each value of a coded item stands.
    ``strangers``: columns that no item takes, with how many cells are filled.
    """

    rows: int = 0
    keys: pl.DataFrame = field(default_factory=pl.DataFrame)
    filled: dict[str, pl.Series] = field(default_factory=dict)
    codes: dict[str, Counter[str]] = field(default_factory=dict)
    strangers: Counter[str] = field(default_factory=Counter)
    columns: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Loss:
    """One thing that differs (相違).

    ``kind``: no_target, emptied, unknown, lost_rows, new_rows or codes. ``is_loss`` is false for what is only told.
    """

    kind: str
    table: str
    column: str
    before: int
    after: int
    ja: str
    en: str
    is_loss: bool = True


def compare(before: Path, after: Path, pack: Pack | None = None) -> list[Loss]:
    """Everything that differs between two folders, the gravest kinds first (移行前後の比較).

    Raises FileNotFoundError for a folder that does not exist.
    """
    chosen = pack or find(PACK)
    old, new = sides(before, chosen), sides(after, chosen)
    found: list[Loss] = []
    for table, side in old.items():
        items = {item.name_ja: item for item in chosen.items_of(table)}
        found += _of_table(table, side, new.get(table, Side()), items)
    order = ["lost_rows", "no_target", "emptied", "unknown", "codes", "new_rows"]
    return sorted(found, key=lambda loss: (order.index(loss.kind), not loss.is_loss, loss.table))


def sides(folder: Path, pack: Pack) -> dict[str, Side]:
    """The tables of a hand-over by name, read block by block (表の読取り)."""
    files = [file for file in read([folder], known_headings([pack])) if isinstance(file, TableFile)]
    likely = recognise([(file.name, file.columns) for file in files], [pack])
    found: dict[str, Side] = {}
    for file, likeness in zip(files, likely, strict=True):
        if likeness is not None:
            _read(file, likeness.table, pack, found.setdefault(likeness.table, Side()))
    return found


def _read(file: TableFile, table: str, pack: Pack, side: Side) -> None:
    known = items_by_heading(pack, table)
    items = {f"c{index}": known.get(plain(column)) for index, column in enumerate(file.columns)}
    marks: list[pl.DataFrame] = []
    keys: list[pl.DataFrame] = []
    wanted = [item.item for item in items.values() if item and item.item in KEYS.get(table, ())]
    for block in file.batches():
        side.rows += block.height
        marks.append(block.select(*(pl.col(name) != "" for name, item in items.items() if item)))
        keys.append(block.select(**{item.item: name for name, item in items.items() if item and item.item in wanted}))
        for index, column in enumerate(file.columns):
            item = items[f"c{index}"]
            if item is None:
                side.strangers[column] += int((block[f"c{index}"] != "").sum())
            elif item.codes or item.name_ja.endswith(FLAG):
                side.codes.setdefault(item.name_ja, Counter()).update(
                    dict(block[f"c{index}"].value_counts().iter_rows())
                )
    side.columns |= dict.fromkeys(item.name_ja for item in items.values() if item)
    if marks:
        whole = pl.concat(marks)
        side.filled |= {item.name_ja: whole[name] for name, item in items.items() if item}
        side.keys = pl.concat(keys)


def _of_table(table: str, old: Side, new: Side, items: Mapping[str, Item]) -> Iterator[Loss]:
    for column, filled in old.strangers.items():
        yield _no_target(table, column, filled)
    for column in old.columns:
        if column not in new.columns:
            yield _no_target(table, column, int(old.filled[column].sum()) if column in old.filled else 0)
    pairs = _pairs(table, old, new)
    yield from _rows(table, old, new, pairs)
    if pairs is not None:
        yield from _emptied(table, old, new, pairs)
    yield from _unknown(table, old, new)
    yield from _codes(table, old, new)


def _no_target(table: str, column: str, filled: int) -> Loss:
    return Loss(
        "no_target", table, column, filled, 0,
        f"「{column}」に対応する項目が移行後にありません（値のある行 {filled}）。",
        f"{column} has no item to go to ({filled} cells with a value).", is_loss=filled > 0,
    )  # fmt: skip


def _pairs(table: str, old: Side, new: Side) -> pl.DataFrame | None:
    """Places of the rows that are the same before and after; None where nothing tells."""
    on = [key for key in KEYS.get(table, ()) if key in old.keys.columns and key in new.keys.columns]
    if not on:
        return None
    one = old.keys.select(on).with_row_index("old").unique(subset=on, keep="first")
    other = new.keys.select(on).with_row_index("new").unique(subset=on, keep="first")
    return one.join(other, on=on, how="full", coalesce=True)


def _rows(table: str, old: Side, new: Side, pairs: pl.DataFrame | None) -> Iterator[Loss]:
    lost = int(pairs["new"].is_null().sum()) if pairs is not None else max(0, old.rows - new.rows)
    fresh = int(pairs["old"].is_null().sum()) if pairs is not None else max(0, new.rows - old.rows)
    if lost:
        said = (f"{table}の{lost}行が移行後にありません。", f"{lost} rows of {table} did not arrive.")
        yield Loss("lost_rows", table, "", old.rows, new.rows, *said)
    if fresh:
        said = (f"{table}に移行前になかった行が{fresh}行あります。", f"{fresh} rows of {table} were not there before.")
        yield Loss("new_rows", table, "", old.rows, new.rows, *said, is_loss=False)


def _emptied(table: str, old: Side, new: Side, pairs: pl.DataFrame) -> Iterator[Loss]:
    both = pairs.drop_nulls(["old", "new"])
    for column in old.columns:
        if column not in new.filled or column not in old.filled or column.endswith(FLAG):
            continue
        was, is_now = old.filled[column].gather(both["old"]), new.filled[column].gather(both["new"])
        gone = int((was & ~is_now).sum())
        if gone:
            said = (f"「{column}」が{gone}行で空になりました。", f"{column} became empty in {gone} rows.")
            yield Loss("emptied", table, column, int(was.sum()), int(is_now.sum()), *said)


def _unknown(table: str, old: Side, new: Side) -> Iterator[Loss]:
    """How much of a date is marked as unknown; a field that nobody marked before counts as known."""
    for column in dict.fromkeys((*old.codes, *new.codes)):
        if column.endswith(FLAG):
            before, after = (side.codes.get(column, Counter()).get("1", 0) for side in (old, new))
            rates = before / max(1, old.rows), after / max(1, new.rows)
            name = column.removesuffix(FLAG)
            if before != after:
                yield Loss(
                    "unknown", table, name, before, after,
                    f"「{name}」の不詳は移行前{rates[0]:.2%}（{before}行）、移行後{rates[1]:.2%}（{after}行）です。",
                    f"{name} is unknown in {rates[0]:.2%} ({before}) before and {rates[1]:.2%} ({after}) after.",
                    is_loss=rates[1] - rates[0] > UNKNOWN_GREW,
                )  # fmt: skip


def _codes(table: str, old: Side, new: Side) -> Iterator[Loss]:
    for column, counts in old.codes.items():
        others = new.codes.get(column)
        if others is None or column.endswith(FLAG) or max(len(counts), len(others)) > MOST_CODES:
            continue
        for code in sorted({*counts, *others}):
            if counts[code] != others[code]:
                shown = code or "（空）"
                yield Loss(
                    "codes", table, column, counts[code], others[code],
                    f"「{column}」の{shown}は移行前{counts[code]}行、移行後{others[code]}行です。",
                    f"{column} {code or '(empty)'}: {counts[code]} rows before, {others[code]} after.",
                    is_loss=old.rows == new.rows,
                )  # fmt: skip


def losses(found: Sequence[Loss]) -> int:
    """How many of them are losses (失われたものの数)."""
    return sum(one.is_loss for one in found)
