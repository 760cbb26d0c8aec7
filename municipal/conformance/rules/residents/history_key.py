"""A serial of a person stands in one row only (履歴のキー)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.residents import NOTHING, ORDER, PACK, TABLES, counted, whole

HEADING = "個人履歴番号"


@set_rule(
    "RES-0057",
    clause="resident-record/1.0#1.2.1/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=(PACK,),
    collects=dict.fromkeys(TABLES, ORDER),
)
def a_serial_of_a_person_stands_in_one_row(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Addressee number and serial together are the key of a history, with the branch where there is one (履歴のキー).

    A second row with the same key overwrites the first in the receiving system, in whatever order they come. Every row
    after the first is found, over all files of the table together: a file handed over twice is found in every row.

    Right although it looks odd: the same serial with different branches, the same number in two municipalities, and a
    row marked as deleted beside the living one. 1 and 01 are the same serial.
    """
    for rows in tables.values():
        seen: dict[tuple[str, str, int, int], Row] = {}
        for row in rows:
            serial = whole(row["person_history_no"])
            if not row["atena_no"] or serial is None or whole(row["is_deleted"]) == 1:
                continue
            branch = whole(row["person_history_branch_no"]) or 0
            first = seen.setdefault((row["municipality_code"], row["atena_no"], serial, branch), row)
            if first is not row:
                yield row, Fault(HEADING, row["person_history_no"], {"first": first.number})


@a_serial_of_a_person_stands_in_one_row.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    found = [NOTHING]
    for frame in frames.values():
        rows = counted(frame).drop_nulls("person_history_no")
        key = pl.struct("_person", "person_history_no", pl.col("person_history_branch_no").fill_null(0))
        doubled = rows.select("_file", "_row", key=key.hash()).filter(pl.col("key").is_duplicated())
        later = doubled.with_columns(
            first=pl.col("_row").first().over("key").cast(pl.Int64), place=pl.int_range(pl.len()).over("key")
        )
        later = later.filter(pl.col("place") > 0)
        found.append(later.select("_file", "_row", pl.lit(HEADING).alias("column"), "first"))
    return pl.concat(found, how="diagonal")
