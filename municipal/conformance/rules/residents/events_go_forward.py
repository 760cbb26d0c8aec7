"""The events of a history go forward in time (異動日の順序)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.residents import (
    FIRST_DAY,
    NOTHING,
    ORDER,
    PACK,
    day,
    lives,
    ordered,
    reasons,
)

HEADING = "異動年月日"
LOOKING_BACK = reasons(
    "correction_ex_officio",
    "correction_of_error",
    "minor_correction",
    "cancellation_adding",
    "cancellation_removing",
    "cancellation_correcting",
)


@set_rule(
    "RES-0052",
    clause="resident-record/1.0#1.2.1/m2",
    severity=Severity.WARNING,
    standing=Standing.PROVISIONAL,
    packs=(PACK,),
    collects={"history": {**ORDER, "event_date": Kept.DAY, "event_reason": Kept.KEY}},
)
def the_events_of_a_history_go_forward(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """No event of a person lies before the event that was recorded before it (異動日の順序).

    Serials count events as they were recorded, and most are recorded in the order in which they happened. A day that
    goes back usually has a wrong year, or the rows of two people were mixed. It may also be right, so this is a hint.

    Right although it looks odd: corrections, cancellations and minor corrections, which look back by their nature, and
    events on the same day. Unknown and impossible days are passed over.
    """
    for own in lives(tables["history"]).values():
        dated = [(row, day(row["event_date"])) for row in own if row["event_reason"] not in LOOKING_BACK]
        known = [(row, happened) for row, happened in dated if happened]
        for (_, before), (row, happened) in itertools.pairwise(known):
            if happened < before:
                yield row, Fault(HEADING, row["event_date"])


@the_events_of_a_history_go_forward.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    passed_over = pl.Series(sorted(LOOKING_BACK)).hash().to_list()
    known = ordered(frames["history"]).filter(
        (pl.col("event_date") >= FIRST_DAY) & ~pl.col("event_reason").is_in(passed_over).fill_null(value=False)
    )
    is_same = pl.col("_person") == pl.col("_person").shift(1)
    back = known.filter(is_same & (pl.col("event_date") < pl.col("event_date").shift(1)))
    return pl.concat([NOTHING, back.select("_file", "_row", column=pl.lit(HEADING))], how="diagonal")
