"""A differential file tells what was deleted (差分データの削除)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.residents import NOTHING, ORDER, PACK, counted, is_part, lives, seems_part, whole


@set_rule(
    "RES-0055",
    clause="resident-record/1.0#7.2.3/m3",
    severity=Severity.INFO,
    standing=Standing.CITED,
    packs=(PACK,),
    collects={"history": ORDER},
)
def a_differential_file_tells_what_was_deleted(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """A file that seems to hold changes only has rows marked as deleted (差分データの削除).

    If most histories in a file lack their first row, it holds what changed since some day. Such a file can tell of a
    deleted row only by 削除フラグ. Without a single one either nothing was deleted, which is right for a short time, or
    the source never tells: then the receiver keeps rows for ever that the source has dropped, and the two drift apart.
    Ask the maker of the file, and compare full files now and then.

    Found once, at the first row of the file; it is for information only.
    """
    people = lives(tables["history"])
    if people and is_part(people) and all(whole(row["is_deleted"]) != 1 for row in tables["history"]):
        yield tables["history"][0], Fault("削除フラグ", facts={"people": len(people)})


@a_differential_file_tells_what_was_deleted.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    frame = frames["history"]
    rows = counted(frame)
    if not rows.height or frame["is_deleted"].eq(1).any() or not seems_part(rows):
        return NOTHING
    people = rows["_person"].n_unique()
    return frame.head(1).select("_file", "_row", column=pl.lit("削除フラグ"), people=pl.lit(people))
