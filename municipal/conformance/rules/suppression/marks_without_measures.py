"""A hand-over that marks protected people brings the support measures along (支援措置ファイルの有無)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.suppression import nothing_found

MARKED = {"is_address_withheld": Kept.TEXT, "restriction_flag": Kept.TEXT}


@set_rule(
    "RES-0165",
    clause="resident-record/1.0#3.2/m1",
    severity=Severity.INFO,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    collects={"residents": dict(MARKED), "support_measures": {"is_deleted": Kept.TEXT}},
)
def marks_come_with_a_file_of_measures(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Where people are marked as protected, the support measures are part of the hand-over (支援措置ファイルの有無).

    Said once for the file, not for every person, and for information only: the measures may travel apart, with a
    second approval, and the addresses may be left out until they arrive. Whoever takes the data over must know that
    the file is still to come, and must not show or print anything of these people before.
    """
    if "support_measures" in tables:
        return
    marked = [row for row in tables["residents"] if any(row[item] == "1" for item in MARKED)]
    if marked:
        yield Row({}, file=marked[0].file, number=0), Fault(facts={"people": len(marked)})


@marks_come_with_a_file_of_measures.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    if "support_measures" in frames:
        return nothing_found()
    marked = frames["residents"].filter(pl.any_horizontal(pl.col(item) == "1" for item in MARKED))
    return marked.head(1).select(
        "_file", pl.lit(0, dtype=pl.UInt32).alias("_row"), pl.lit("").alias("column"), people=pl.lit(marked.height)
    )
