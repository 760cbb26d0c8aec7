"""Everybody has exactly one latest row, the one with the highest serial (最新フラグ)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.residents import NOTHING, ORDER, PACK, TABLES, lives, ordered, whole

HEADING = "最新フラグ"


@set_rule(
    "RES-0051",
    clause="resident-record/1.0#1.2.1/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=(PACK,),
    collects={name: {**ORDER, "is_latest": Kept.INT} for name in TABLES},
)
def everybody_has_one_latest_row(tables: Mapping[str, list[Row]], context: Context) -> Iterator[tuple[Row, Fault]]:
    """Exactly one row of a person is marked as the latest, and it has the highest serial (最新フラグ).

    Receivers that take the marked row find nobody where no row is marked, and two people where two are. It happens
    when somebody who had moved out comes back: the removed row keeps its mark beside the new one, or both lose it.
    Every marked row but the highest is found; where none is marked, the highest row is.

    Right although it looks odd: a latest row of somebody who moved out or died. Rows marked as deleted do not count,
    and a file in which nothing at all is marked is not judged: there the highest serial alone says it.
    """
    for rows in tables.values():
        if all(whole(row["is_latest"]) is None for row in rows):
            continue
        for own in lives(rows).values():
            marked = [row for row in own if whole(row["is_latest"]) == 1]
            for row in [row for row in marked if row is not own[-1]] or ([] if marked else own[-1:]):
                yield row, Fault(HEADING, row["is_latest"], {"marked": len(marked)})


@everybody_has_one_latest_row.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    found = [NOTHING]
    for frame in frames.values():
        if frame["is_latest"].null_count() == frame.height:
            continue
        is_marked = pl.col("is_latest").eq_missing(1)
        rows = ordered(frame).with_columns(
            marked=is_marked.sum().over("_person").cast(pl.Int64),
            is_last=pl.int_range(pl.len()).over("_person") == pl.len().over("_person") - 1,
        )
        wrong = rows.filter((is_marked & ~pl.col("is_last")) | ((pl.col("marked") == 0) & pl.col("is_last")))
        found.append(wrong.select("_file", "_row", pl.lit(HEADING).alias("column"), "marked"))
    return pl.concat(found, how="diagonal")
