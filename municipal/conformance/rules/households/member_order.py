"""No two members of a household have the same place in it (記載順位)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.households import WHETHER_LIVING, lives_here, living

PLACE = ("municipality_code", "household_no", "entry_order")


@set_rule(
    "RES-0108",
    clause="resident-record/1.0#5.2/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    collects={
        "residents": {
            "municipality_code": Kept.KEY,
            "household_no": Kept.KEY,
            "entry_order": Kept.INT,
            **WHETHER_LIVING,
        }
    },
)
def no_two_members_have_the_same_place(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Members of a household who live there now have different places in its order (記載順位).

    The order of the members on a certificate must be kept; two members with one number come out in any order. The
    first of them is taken as right and every later one is found.

    Right although it looks odd: gaps (somebody left), an order that is not that of age, somebody who joined and does
    not stand last (the mayor may rearrange), a household that begins with 2, and a place that somebody who is gone
    had before. Cells that are no whole number are left to the rule on numbers.
    """
    seen: dict[tuple[str, str, int], Row] = {}
    for row in tables["residents"]:
        if row["household_no"] and lives_here(row) and re.fullmatch("-?[0-9]{1,18}", row["entry_order"]):
            place = row["municipality_code"], row["household_no"], int(row["entry_order"])
            first = seen.setdefault(place, row)
            if first is not row:
                yield row, Fault("記載順位", row["entry_order"], {"first": first.number})


@no_two_members_have_the_same_place.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    frame = living(frames["residents"]).drop_nulls(["household_no", "entry_order"])
    place = [item for item in PLACE if item in frame.columns]
    doubled = frame.filter(pl.struct(place).is_duplicated()).with_columns(
        first=pl.col("_row").first().over(place), later=pl.int_range(pl.len()).over(place)
    )
    return doubled.filter(pl.col("later") > 0).select("_file", "_row", pl.lit("記載順位").alias("column"), "first")
