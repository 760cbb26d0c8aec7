"""No birth date is that of suspiciously many people (みなし生年月日の疑い)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.residents import FIRST_DAY, PACK, day, whole

FEWEST, SHARE = 5, 0.2
"""So many people, and so large a part of everybody born in that year, make a day suspicious."""


@set_rule(
    "RES-0008",
    clause="resident-record/1.0#1.1.8/n1",
    severity=Severity.WARNING,
    standing=Standing.PROVISIONAL,
    packs=(PACK,),
    collects={"residents": {"birth_date": Kept.DAY, "birth_date_unknown": Kept.INT}},
)
def no_birth_date_stands_in_for_unknown_ones(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """No single day is the birth date of suspiciously many people (みなし生年月日の疑い).

    Older systems wrote 1900-01-01, 1950-01-01 or another first of January where the birth date was unknown. Without
    the mark 不詳フラグ these people get a birthday, an age and letters that go with it. A day is found once, at the
    first person who has it, if at least five people have it unmarked and they are at least a fifth of everybody born
    in that year. Compare these people with the family register, mark them and write the notation.

    Right although it looks odd: many births on 1 January in old records, when a winter birth was often reported so;
    they are a few in a hundred of a year, not a fifth. People marked as unknown are not counted.
    """
    known = [
        (row, born)
        for row in tables["residents"]
        if (born := day(row["birth_date"])) and whole(row["birth_date_unknown"]) != 1
    ]
    days = Counter(born for _, born in known)
    years = Counter(born.year for _, born in known)
    told: set[date] = set()
    for row, born in known:
        if born not in told and days[born] >= FEWEST and days[born] >= SHARE * years[born.year]:
            told.add(born)
            yield row, Fault("生年月日", row["birth_date"], {"people": days[born]})


@no_birth_date_stands_in_for_unknown_ones.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    known = frames["residents"].filter((pl.col("birth_date") >= FIRST_DAY) & pl.col("birth_date_unknown").ne_missing(1))
    days = known.group_by("birth_date").agg(
        pl.col("_file").first(), pl.col("_row").first(), people=pl.len().cast(pl.Int64)
    )
    year = pl.col("birth_date").cast(pl.Int32).cast(pl.Date).dt.year()
    of_year = pl.col("people").sum().over(year)
    suspicious = days.filter((pl.col("people") >= FEWEST) & (pl.col("people") >= SHARE * of_year))
    return suspicious.select("_file", "_row", column=pl.lit("生年月日"), people="people").sort("_file", "_row")
