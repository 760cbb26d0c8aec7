"""The rows of a history were processed in the order of their serials (処理日の順序)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.residents import FIRST_DAY, NOTHING, ORDER, PACK, day, lives, ordered

HEADING = "処理年月日"


@set_rule(
    "RES-0053",
    clause="resident-record/1.0#4.0.3/m4",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=(PACK,),
    collects={"history": {**ORDER, "processed_on": Kept.DAY}},
)
def the_rows_of_a_history_were_processed_in_order(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """処理年月日 does not go back from one serial to the next (処理日の順序).

    The processing date is the day on which the row was made and nobody can choose it, so a later serial cannot have
    an earlier one. If it has, serials were given anew in another order, or the column holds something else than the
    day of processing. An inquiry as of a day then shows the wrong row.

    Right although it looks odd: many rows processed on one day, and an event that happened before the event of the
    row before. Rows without a processing date are passed over.
    """
    for own in lives(tables["history"]).values():
        known = [(row, done) for row in own if (done := day(row["processed_on"]))]
        for (_, before), (row, done) in itertools.pairwise(known):
            if done < before:
                yield row, Fault(HEADING, row["processed_on"])


@the_rows_of_a_history_were_processed_in_order.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    known = ordered(frames["history"]).filter(pl.col("processed_on") >= FIRST_DAY)
    is_same = pl.col("_person") == pl.col("_person").shift(1)
    back = known.filter(is_same & (pl.col("processed_on") < pl.col("processed_on").shift(1)))
    return pl.concat([NOTHING, back.select("_file", "_row", column=pl.lit(HEADING))], how="diagonal")
