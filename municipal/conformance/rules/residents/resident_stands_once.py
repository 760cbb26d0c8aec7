"""A file of residents as they stand has one row per person (住民の重複)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.residents import NOTHING, ORDER, PACK, counted, lives, ordered, place, whole

HEADING = "宛名番号"


@set_rule(
    "RES-0056",
    clause="resident-record/1.0#1.2.1/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=(PACK,),
    collects={"residents": {**ORDER, "is_latest": Kept.INT}},
)
def a_resident_stands_in_one_row(tables: Mapping[str, list[Row]], context: Context) -> Iterator[tuple[Row, Fault]]:
    """In a file of residents every addressee number stands once (住民の重複).

    Two rows are two people to everybody who reads the file: two letters, two votes, a household that is one too large.
    Every row of a person but the one with the highest serial is found.

    Right although it looks odd: a file of residents that marks the latest rows (最新フラグ) and holds whole histories;
    other rules judge those. The same serial twice is found by the rule on keys, not here.
    """
    rows = tables["residents"]
    if any(whole(row["is_latest"]) is not None for row in rows):
        return
    for own in lives(rows).values():
        for row, later in itertools.pairwise(own):
            if whole(row["person_history_no"]) is None or place(row) != place(later):
                yield row, Fault(HEADING, row["atena_no"], {"other": own[-1].number})


@a_resident_stands_in_one_row.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    frame = frames["residents"]
    if frame["is_latest"].null_count() < frame.height:
        return NOTHING
    rows = counted(frame)
    doubled = ordered(rows.filter(pl.col("_person").is_duplicated()))
    serial, branch = pl.col("person_history_no"), pl.col("person_history_branch_no").fill_null(0)
    is_last = pl.col("_person").ne_missing(pl.col("_person").shift(-1))
    is_same = serial.is_not_null() & (serial == serial.shift(-1)) & (branch == branch.shift(-1))
    earlier = doubled.with_columns(other=pl.col("_row").last().over("_person").cast(pl.Int64)).filter(
        ~is_last & ~is_same.fill_null(value=False)
    )
    return earlier.select("_file", "_row", pl.lit(HEADING).alias("column"), "other")
