"""A date is not unknown for most people (不詳の割合)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.residents import NOTHING, PACK, whole

FLAGS = {
    "birth_date_unknown": "生年月日_不詳フラグ",
    "became_resident_unknown": "住民となった年月日_不詳フラグ",
    "address_set_unknown": "住所を定めた年月日_不詳フラグ",
}
ENOUGH = 100


@set_rule(
    "RES-0067",
    clause="resident-record/1.0#1.1.8/m5",
    severity=Severity.WARNING,
    standing=Standing.PROVISIONAL,
    packs=(PACK,),
    collects={"residents": dict.fromkeys(FLAGS, Kept.INT)},
)
def a_date_is_not_unknown_for_most_people(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """Of a hundred people and more, not more than half have an unknown date (不詳の割合).

    Unknown dates are rare, a few in a thousand. If most are unknown, the column was lost when the data came from the
    older system: it kept the date of moves and that of other events in two fields, say, and only one was mapped. Every
    certificate would print 年月日不詳. Found once, at the first row that is marked. Compare the share with the source.

    Right although it looks odd: any number of unknown dates in a small file. Empty marks count as known.
    """
    rows = tables["residents"]
    for item, heading in FLAGS.items():
        marked = [row for row in rows if whole(row[item]) == 1]
        if len(rows) >= ENOUGH and len(marked) * 2 > len(rows):
            yield marked[0], Fault(heading, facts={"marked": len(marked), "rows": len(rows)})


@a_date_is_not_unknown_for_most_people.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    found, frame = [NOTHING], frames["residents"]
    for item, heading in FLAGS.items():
        marked = frame.filter(pl.col(item) == 1).select("_file", "_row")
        if frame.height >= ENOUGH and marked.height * 2 > frame.height:
            facts = {"column": pl.lit(heading), "marked": pl.lit(marked.height), "rows": pl.lit(frame.height)}
            found.append(marked.head(1).with_columns(**facts))
    return pl.concat(found, how="diagonal")
