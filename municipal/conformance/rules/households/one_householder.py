"""A household has not more than one householder (世帯主の人数)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.households import WHETHER_LIVING, lives_here, living, text

HOME = ("municipality_code", "household_no")
HEAD_WORD, HEAD_CODE = "世帯主", "02"


def is_head(row: Row) -> bool:
    """Whether the row is a householder's: by the written relationship, by the code if nothing is written (世帯主か)."""
    return (row["relationship_text"] or {HEAD_CODE: HEAD_WORD}.get(row["relationship_1"])) == HEAD_WORD


@set_rule(
    "RES-0106",
    clause="resident-record/1.0#1.1.10/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    collects={
        "residents": {
            **dict.fromkeys(HOME, Kept.KEY),
            "relationship_text": Kept.TEXT,
            "relationship_1": Kept.TEXT,
            **WHETHER_LIVING,
        }
    },
)
def a_household_has_at_most_one_householder(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Not more than one living member of a household is its householder (世帯主の人数).

    Every householder after the first is found, in the order of the file; which one is right only the source can say.
    Usually a change of householder was recorded for the new one and not for the old one, or two households were
    joined. Certificates of the whole household and letters to it are wrong until it is mended.

    Right although it looks odd: a household without a householder (1.1.10 demands that this is possible), and a
    householder who died or moved away beside the present one. Rows without status are not judged.
    """
    heads = defaultdict(list)
    for row in tables["residents"]:
        if row["household_no"] and lives_here(row) and is_head(row):
            heads[tuple(row[item] for item in HOME)].append(row)
    later = [(row, rows) for rows in heads.values() for row in rows[1:]]
    for row, rows in sorted(later, key=lambda found: (found[0].file, found[0].number)):
        yield row, Fault("続柄表記", row["relationship_text"], {"heads": len(rows), "first": rows[0].number})


@a_household_has_at_most_one_householder.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    frame = living(frames["residents"]).drop_nulls("household_no")
    written = text(frame, "relationship_text")
    is_coded = (written == "") & (text(frame, "relationship_1") == HEAD_CODE)
    home = [item for item in HOME if item in frame.columns]
    heads = frame.filter((written == HEAD_WORD) | is_coded).select(
        "_file",
        "_row",
        column=pl.lit("続柄表記"),
        heads=pl.len().over(home),
        first=pl.col("_row").first().over(home),
        place=pl.int_range(pl.len()).over(home),
    )
    return heads.filter(pl.col("place") > 0).drop("place")
