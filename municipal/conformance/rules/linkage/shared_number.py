"""No addressee number serves a resident and a non-resident (宛名番号の重複)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.linkage import NUMBERED

NUMBER = {"municipality_code": Kept.KEY, "atena_no": Kept.INT}


def numbered(row: Row) -> tuple[str, int] | None:
    """Municipality and addressee number without leading zeros, None for what is no number (宛名番号)."""
    number = row["atena_no"]
    return (row["municipality_code"], int(number)) if re.fullmatch("-?[0-9]{1,18}", number) else None


@set_rule(
    "LINK-0101",
    clause="linkage/2.7#2.3.1/n1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("linkage",),
    collects={name: dict(NUMBER) for name in NUMBERED},
)
def no_number_serves_a_resident_and_a_non_resident(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """The addressee numbers of residents and of non-residents have none in common (宛名番号の重複).

    Hand over both lists together. The rows of the non-residents are found, because the resident-record system's number
    stays. On migration the double is removed; the other numbers are not given anew. Numbers are compared without
    leading zeros, because one system fills up to fifteen digits and another does not.

    Right although it looks odd: a number that skips, a non-resident with a number of older form. A business system
    that links with no other may number its non-residents by itself; its list does not belong into the hand-over.
    """
    residents = {numbered(row) for row in tables.get("residents", [])} - {None}
    for row in tables.get("non_residents", []):
        if numbered(row) in residents:
            yield row, Fault("宛名番号", row["atena_no"])


@no_number_serves_a_resident_and_a_non_resident.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    if len(frames) < len(NUMBERED):
        return pl.DataFrame(schema={"_file": pl.UInt16, "_row": pl.UInt32, "column": pl.String})
    numbers = frames["non_residents"].drop_nulls("atena_no")
    shared = numbers.join(frames["residents"], on=list(NUMBER), how="semi", nulls_equal=True, maintain_order="left")
    return shared.select("_file", "_row", pl.lit("宛名番号").alias("column"))
