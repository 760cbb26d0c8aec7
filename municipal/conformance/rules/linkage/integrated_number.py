"""Systems of the standard do not hold integrated addressee numbers (団体内統合宛名番号)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.linkage import NUMBERED


@set_rule(
    "LINK-0102",
    clause="linkage/2.7#2.4.2/n1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("linkage",),
    collects={name: {"atena_no": Kept.KEY, "integrated_no": Kept.KEY} for name in NUMBERED},
)
def the_integrated_number_is_not_held(tables: Mapping[str, list[Row]], context: Context) -> Iterator[tuple[Row, Fault]]:
    """The column 団体内統合宛名番号 is empty or carries the addressee number (団体内統合宛名番号).

    It is tied one to one to the individual number, so only function 032 keeps it and converts. A business system that
    holds it could join what the law keeps apart.

    Right although it looks odd: the addressee number in this column, to the letter. Interfaces that have the column
    are filled in that way. A row without an addressee number cannot be judged.
    """
    for name in NUMBERED:
        for row in tables.get(name, []):
            if row["integrated_no"] and row["atena_no"] and row["integrated_no"] != row["atena_no"]:
                yield row, Fault("団体内統合宛名番号", row["integrated_no"])


@the_integrated_number_is_not_held.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    rows = pl.concat([frames[name] for name in NUMBERED if name in frames]).drop_nulls()
    held = rows.filter(pl.col("integrated_no") != pl.col("atena_no"))
    return held.select("_file", "_row", pl.lit("団体内統合宛名番号").alias("column"))
