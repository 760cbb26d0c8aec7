"""The householder's name on a record is the name of the householder (世帯主氏名)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.households import WHETHER_LIVING, lives_here, living, text

HOME = ("municipality_code", "household_no")
NAMES = ("name", "name_roman", "name_foreign_kanji")
WRITTEN_TOGETHER = ("alias_name", "former_family_name")


@set_rule(
    "RES-0107",
    clause="resident-record/1.0#1.1.1/m1",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    collects={
        "residents": {
            **dict.fromkeys((*HOME, "head_name", *NAMES, *WRITTEN_TOGETHER), Kept.KEY),
            "relationship_text": Kept.TEXT,
            **WHETHER_LIVING,
        }
    },
)
def the_householders_name_is_the_name_of_the_householder(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """世帯主氏名 on a record is the name of the householder of the same household (世帯主氏名).

    It is compared to the letter, also spaces and variant characters: the record was written from the other one. After
    a change of householder or of a name, records of the other members are easily forgotten.

    Not judged: records without the name (1.1.6 allows it), households without or with two householders, people who
    are gone (they keep the name of their time), and householders with an alias or a former family name, because both
    may be written together with the name. A name in Latin letters or in kanji of a foreign householder is right.
    """
    told, heads = [], defaultdict(list)
    for row in tables["residents"]:
        if row["household_no"] and lives_here(row):
            home = tuple(row[item] for item in HOME)
            if row["relationship_text"] == "世帯主":
                heads[home].append(row)
            if row["head_name"]:
                told.append((home, row))
    for home, row in told:
        if len(heads[home]) != 1 or any(heads[home][0][item] for item in WRITTEN_TOGETHER):
            continue
        right = {heads[home][0][item] for item in NAMES} - {""}
        if right and row["head_name"] not in right:
            yield row, Fault("世帯主氏名", row["head_name"], {"head": heads[home][0].number})


@the_householders_name_is_the_name_of_the_householder.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    frame = living(frames["residents"]).drop_nulls("household_no")
    home = [item for item in HOME if item in frame.columns]
    names = [item for item in NAMES if item in frame.columns]
    together = [item for item in WRITTEN_TOGETHER if item in frame.columns]
    heads = frame.filter(text(frame, "relationship_text") == "世帯主").filter(pl.len().over(home) == 1)
    heads = heads.filter(pl.all_horizontal(pl.lit(value=True), *(pl.col(item).is_null() for item in together)))
    heads = heads.filter(pl.any_horizontal(pl.lit(value=False), *(pl.col(item).is_not_null() for item in names)))
    known = heads.select(*home, *(pl.col(item).alias(f"of_{item}") for item in names), head="_row")
    told = frame.drop_nulls("head_name").join(known, on=home, nulls_equal=True, maintain_order="left")
    is_right = pl.any_horizontal(
        pl.lit(value=False), *(pl.col("head_name").eq(pl.col(f"of_{item}")).fill_null(value=False) for item in names)
    )
    return told.filter(~is_right).select("_file", "_row", pl.lit("世帯主氏名").alias("column"), "head")
