"""Rules about the protection of victims: measures, and what must not leak (抑止・支援措置の規則)."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from municipal.conformance.packs import Pack
from municipal.conformance.rules import Collected, Kept, Row

PERSON = ("municipality_code", "atena_no")
WHETHER_VALID = {"is_latest": Kept.TEXT, "is_deleted": Kept.TEXT}
"""What has to be read to know whether a row of a measure still counts."""


def counts(row: Row) -> bool:
    """Whether the row of a measure is neither deleted nor replaced by a later one (有効な行か)."""
    return row["is_latest"] != "0" and row["is_deleted"] != "1"


def counting(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows for which ``counts`` is true (有効な行)."""
    return frame.filter((pl.col("is_latest") != "0") & (pl.col("is_deleted") != "1"))


def nothing_found() -> pl.DataFrame:
    """What a rule gives that has nothing to say (指摘なし)."""
    return pl.DataFrame(schema={"_file": pl.UInt16, "_row": pl.UInt32, "column": pl.String})


def addresses(pack: Pack) -> tuple[str, ...]:
    """The items of a list of people that tell where somebody lives, lived or goes to (住所を示す項目)."""
    return tuple(item.item for item in pack.items_of("people") if "address" in item.item or "_dest_" in item.item)


def listed(pack: Pack) -> Collected:
    """What leak rules read: people with all their addresses, and who is protected (漏えい検査の対象)."""
    people = dict.fromkeys(("atena_no", "household_no", *addresses(pack)), Kept.TEXT)
    return {"people": people, "protected": dict.fromkeys(("atena_no", "household_no", "is_deleted"), Kept.TEXT)}


def number(text: str) -> str:
    """An addressee or household number as it is compared: a spreadsheet drops leading zeros (比較用の番号)."""
    return text.strip().lstrip("0")


def numbers(rows: Iterable[Row], item: str) -> set[str]:
    """The compared numbers of rows that are not deleted (番号の集合)."""
    return {number(row[item]) for row in rows if row["is_deleted"] != "1"} - {""}
