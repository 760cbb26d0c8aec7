"""A protected person is handed over together with the support measure (支援対象者と支援措置の同時引渡し)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.suppression import PERSON

MARKED = {"is_address_withheld": Kept.TEXT, "restriction_flag": Kept.TEXT}


@set_rule(
    "RES-0164",
    clause="resident-record/1.0#3.2/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    collects={
        "residents": {**dict.fromkeys(PERSON, Kept.KEY), **MARKED},
        "support_measures": {**dict.fromkeys(PERSON, Kept.KEY), "is_deleted": Kept.TEXT},
    },
    speaks=lambda pack, tables: {"residents", "support_measures"} <= set(tables),
)
def a_protected_person_comes_with_the_measure(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Whoever is marked as protected in the register has a row among the support measures (支援対象者と支援措置).

    It is judged when the measures are part of the hand-over. A mark without a measure does not tell the next system
    what to withhold, from whom and since when, and the address may be printed on the first day.

    Right although it looks odd: a measure whose end has passed, a provisional one, a measure for somebody who is not
    in the register (an applicant who has left). A deleted row of a measure does not count.
    """
    measured = {tuple(row[item] for item in PERSON) for row in tables["support_measures"] if row["is_deleted"] != "1"}
    for row in tables["residents"]:
        is_marked = any(row[item] == "1" for item in MARKED)
        if is_marked and row["atena_no"] and tuple(row[item] for item in PERSON) not in measured:
            yield row, Fault("宛名番号", row["atena_no"])


@a_protected_person_comes_with_the_measure.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    is_marked = pl.any_horizontal(pl.col(item) == "1" for item in MARKED)
    marked = frames["residents"].filter(is_marked).drop_nulls("atena_no")
    measures = frames["support_measures"].filter(pl.col("is_deleted") != "1")
    alone = marked.join(measures, on=PERSON, how="anti", nulls_equal=True, maintain_order="left")
    return alone.select("_file", "_row", pl.lit("宛名番号").alias("column"))
