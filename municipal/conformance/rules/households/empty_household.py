"""A household has at least one person who belongs to it (構成員のいない世帯)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule

HOME = ("municipality_code", "household_no")


@set_rule(
    "RES-0111",
    clause="resident-record/1.0#1.1.3/m1",
    severity=Severity.INFO,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    collects={
        "households": dict.fromkeys(HOME, Kept.KEY),
        "residents": dict.fromkeys(HOME, Kept.KEY),
        "history": dict.fromkeys(HOME, Kept.KEY),
    },
)
def a_household_has_somebody_in_it(tables: Mapping[str, list[Row]], context: Context) -> Iterator[tuple[Row, Fault]]:
    """Every household of the list of households is named by some record or some history row (構成員のいない世帯).

    For information: a household nobody belongs to does no harm, but many of them say that records are missing from
    the hand-over. People who are gone count: the household of a person who died alone stays in the list, and so does
    one whose members all moved into other households, where the history is handed over.
    """
    if "households" not in tables or "residents" not in tables:
        return
    named = {tuple(row[item] for item in HOME) for name in ("residents", "history") for row in tables.get(name, [])}
    for row in tables["households"]:
        if row["household_no"] and tuple(row[item] for item in HOME) not in named:
            yield row, Fault("世帯番号", row["household_no"])


@a_household_has_somebody_in_it.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    schema = {"_file": pl.UInt16, "_row": pl.UInt32, "column": pl.String}
    if "households" not in frames or "residents" not in frames:
        return pl.DataFrame(schema=schema)
    homes = frames["households"].drop_nulls("household_no")
    for name in ("residents", "history"):
        if name in frames:
            homes = homes.join(frames[name], on=HOME, how="anti", nulls_equal=True, maintain_order="left")
    return homes.select("_file", "_row", pl.lit("世帯番号").alias("column"))
