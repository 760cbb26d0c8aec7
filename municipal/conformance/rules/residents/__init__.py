"""Rules about the rows of residents and of their histories (住民データの規則).

What several of them need: the dates that may be unknown, the words for reasons, and histories put in order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import polars as pl

from municipal.conformance.packs import Item
from municipal.conformance.rules import Kept, Row
from municipal.core.codes import table

PACK = "resident-record-data"
TABLES = ("residents", "history")

FLAG, WORDS = "_不詳フラグ", "_不詳表記"
FULL = r"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\z"
"""A date written in full, perhaps one that no calendar has; for the vectorised forms."""
_FULL = re.compile(FULL.replace(r"\z", r"\Z"))

REMOVED = ("2", "3", "9")
"""Values of 住民状態 of people whose record is removed."""

PERSON = ("municipality_code", "atena_no")
ORDER = {
    **dict.fromkeys(PERSON, Kept.KEY),
    "person_history_no": Kept.INT,
    "person_history_branch_no": Kept.INT,
    "is_deleted": Kept.INT,
}
"""What puts the rows of a person in order."""

FIRST_DAY = -719_162
"""1 January of the year 1, counted from 1970: what comes before is no day to Python."""

Cell = Callable[[str], str]
CellColumn = Callable[[str], pl.Expr]


def is_resident_item(item: Item) -> bool:
    """Whether an item belongs to residents or to their histories (住民の項目か)."""
    return item.table in TABLES


def is_full(value: str) -> bool:
    """Whether a date is written in full, even if no calendar has it (年月日がそろっているか)."""
    return _FULL.match(value) is not None


def day(value: str) -> date | None:
    """The day of the calendar that a cell holds, or None (暦上日)."""
    try:
        return date.fromisoformat(value) if is_full(value) else None
    except ValueError:
        return None


def whole(value: str) -> int | None:
    """The whole number that a cell holds, or None; as ``Kept.INT`` reads it (整数)."""
    return int(value) if re.search(r"\A-?[0-9]{1,18}\Z", value) else None


@cache
def reasons(*codes: str) -> frozenset[str]:
    """Codes of the table of event reasons and the words for them; all of them without an argument (異動事由の表記)."""
    known = table("event_reason")
    return frozenset(word for code in codes or known for word in (code, known[code].name_ja))


def judged_once(column: pl.Expr, is_right: Callable[[str], bool]) -> pl.Expr:
    """A plain judgement of text as an expression: every different value is judged once (値ごとの判定)."""

    def judge(values: pl.Series) -> pl.Series:
        wrong = [value for value in values.filter(values != "").unique() if not is_right(value)]
        return ~values.is_in(wrong) if wrong else pl.repeat(value=True, n=len(values), eager=True)

    return column.map_batches(judge, return_dtype=pl.Boolean)


def lives(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """The rows of every person in the order of their serials; rows marked as deleted left out (本人ごとの履歴)."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["atena_no"] and whole(row["is_deleted"]) != 1:
            found[row["municipality_code"], row["atena_no"]].append(row)
    for own in found.values():
        own.sort(key=place)
    return found


def place(row: Row) -> tuple[int, int]:
    """Serial and branch, by which a history is ordered (履歴番号と枝番号)."""
    return whole(row["person_history_no"]) or 0, whole(row["person_history_branch_no"]) or 0


def is_history(name: str, people: Mapping[tuple[str, str], list[Row]]) -> bool:
    """Whether a table holds histories: residents do, too, if anybody has two serials there (履歴の表か).

    A row that stands there twice with the same serial is a double, not a history.
    """
    return name == "history" or any(len({row["person_history_no"] for row in own}) > 1 for own in people.values())


def counted(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that count, with the person as one number in ``_person`` (本人の分かる行)."""
    living = frame.filter(pl.col("atena_no").is_not_null() & pl.col("is_deleted").ne_missing(1))
    # One number is far cheaper to group by than two; that two pairs of hashes give the same one will not happen, if the
    # second is hashed again: a code that equals the number would take it away.
    return living.with_columns(_person=pl.col("atena_no") ^ pl.col("municipality_code").fill_null(0).hash(1))


def ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """``lives`` for a frame: ``counted`` rows by person, serial and branch (履歴順の行)."""
    rows = counted(frame)
    person, serial, branch = (
        pl.col("_person"),
        pl.col("person_history_no").fill_null(0),
        pl.col("person_history_branch_no").fill_null(0),
    )
    is_next = person != person.shift(1)
    is_in_order = is_next | (serial > serial.shift(1)) | ((serial == serial.shift(1)) & (branch >= branch.shift(1)))
    seen = rows.select(in_order=is_in_order.all(), changes=is_next.sum() + 1, people=person.n_unique()).row(
        0, named=True
    )
    # Files mostly come in order, and to see that is cheaper than to sort.
    if seen["in_order"] and seen["changes"] == seen["people"]:
        return rows
    return rows.sort(person, serial, branch, maintain_order=True)


def holds_history(name: str, rows: pl.DataFrame) -> bool:
    """``is_history`` for ``counted`` rows (履歴の表か)."""
    serials = rows.select(pl.struct("_person", "person_history_no").n_unique()).item()
    return name == "history" or bool(rows["_person"].n_unique() < serials)


NOTHING = pl.DataFrame(schema={"_file": pl.UInt16, "_row": pl.UInt32, "column": pl.String})
"""What a vectorised set rule gives where nothing is wrong."""


def is_part(people: Mapping[tuple[str, str], list[Row]]) -> bool:
    """Whether the histories of most people lack their first row: a differential file, or a cut one (差分らしいか)."""
    begun = sum(any(whole(row["person_history_no"]) == 1 for row in own) for own in people.values())
    return begun * 2 < len(people)


def seems_part(rows: pl.DataFrame) -> bool:
    """``is_part`` for ``counted`` rows (差分らしいか)."""
    begun = rows.filter(pl.col("person_history_no") == 1)["_person"].n_unique()
    return bool(begun * 2 < rows["_person"].n_unique())
