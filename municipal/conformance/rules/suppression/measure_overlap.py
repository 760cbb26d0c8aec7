"""Support measures of one person and class do not overlap (支援措置の重なり)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.suppression import PERSON, WHETHER_VALID, counting, counts

MEASURE = (*PERSON, "measure_class")
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
EVER = (date.min - date(1970, 1, 1)).days
OPEN = (date.max - date(1970, 1, 1)).days


def day_number(text: str) -> int | None:
    """Days since 1970-01-01, None for what is no day of the calendar (日の通し番号)."""
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days if re.fullmatch(DAY, text) else None
    except ValueError:
        return None


@set_rule(
    "RES-0161",
    clause="resident-record/1.0#3.4/m5",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    collects={
        "support_measures": {
            **dict.fromkeys(PERSON, Kept.KEY),
            "measure_class": Kept.TEXT,
            "starts_on": Kept.DAY,
            "ends_on": Kept.DAY,
            **WHETHER_VALID,
        }
    },
)
def measures_of_one_class_do_not_overlap(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Measures of one person and class follow one another, the next from the day after the end (支援措置の重なり).

    Two that overlap have two ends: the earlier one ends protection in a system that reads the first row it finds. A
    measure without an end overlaps everything of its class that starts later.

    Right although it looks odd: measures of different classes at one time, a gap between two, an extension from the
    day after the end, rows that are deleted or no longer the latest.
    """
    people = defaultdict(list)
    for row in tables["support_measures"]:
        first = day_number(row["starts_on"])
        if row["atena_no"] and counts(row) and first is not None:
            people[tuple(row[item] for item in MEASURE)].append((first, row.file, row.number, row))
    found = []
    for measures in people.values():
        latest = None
        for first, _, _, row in sorted(measures, key=lambda measure: measure[:3]):
            last = day_number(row["ends_on"])
            if latest is not None and first <= latest:
                found.append(row)
            latest = max(OPEN if last is None else last, first, latest or first)
    for row in sorted(found, key=lambda row: (row.file, row.number)):
        yield row, Fault("支援措置開始年月日", row["starts_on"])


@measures_of_one_class_do_not_overlap.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    measures = counting(frames["support_measures"]).drop_nulls("atena_no").filter(pl.col("starts_on") >= EVER)
    ordered = measures.sort("starts_on", "_file", "_row").with_columns(
        last=pl.max_horizontal("starts_on", pl.when(pl.col("ends_on") >= EVER).then("ends_on").otherwise(OPEN))
    )
    before = pl.col("last").cum_max().shift(1).over(MEASURE)
    late = ordered.filter(pl.col("starts_on") <= before).sort("_file", "_row")
    return late.select("_file", "_row", pl.lit("支援措置開始年月日").alias("column"))
