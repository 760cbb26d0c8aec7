"""A hand-over is of one municipality (引渡しデータの市区町村コード)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule

TABLES = ("residents", "history", "households", "support_measures")


@set_rule(
    "RES-0145",
    clause="住登外者宛名番号管理機能 項目定義書, item 市区町村コード",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    collects={name: {"municipality_code": Kept.KEY} for name in TABLES},
)
def a_hand_over_is_of_one_municipality(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """The first column, 市区町村コード, is the same in all rows of all tables (引渡しデータの市区町村コード).

    It says whose register the row is of, not where somebody lives. Rows that differ from the most frequent code are
    found: rows of a neighbour in a shared system, a code from before a merger, a lost leading zero. Of two codes that
    are equally frequent the one that comes first is taken as right.

    Right although it looks odd: another code in 住所_市区町村コード, as of a ward. Empty cells are not judged.
    """
    rows = [row for name in TABLES for row in tables.get(name, []) if row["municipality_code"]]
    if not rows:
        return
    usual = Counter(row["municipality_code"] for row in rows).most_common(1)[0][0]
    for row in rows:
        if row["municipality_code"] != usual:
            yield row, Fault("市区町村コード", row["municipality_code"])


@a_hand_over_is_of_one_municipality.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    wanted = ("_file", "_row", "municipality_code")
    rows = pl.concat([frames[name].select(wanted) for name in TABLES if name in frames]).drop_nulls()
    counted = rows.group_by("municipality_code", maintain_order=True).len()
    usual = counted.filter(pl.col("len") == pl.col("len").max())["municipality_code"].head(1)
    strangers = rows.filter(~pl.col("municipality_code").is_in(usual.implode()))
    return strangers.select("_file", "_row", pl.lit("市区町村コード").alias("column"))
