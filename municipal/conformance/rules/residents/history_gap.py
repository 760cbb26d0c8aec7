"""A history counts from 1 without gaps (履歴番号の連番)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.residents import (
    NOTHING,
    ORDER,
    PACK,
    TABLES,
    counted,
    holds_history,
    is_history,
    is_part,
    lives,
    seems_part,
    whole,
)

HEADING = "個人履歴番号"


@set_rule(
    "RES-0050",
    clause="resident-record/1.0#1.2.1/m2",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=(PACK,),
    collects=dict.fromkeys(TABLES, ORDER),
)
def a_history_counts_from_one_without_gaps(
    tables: Mapping[str, list[Row]], context: Context
) -> Iterator[tuple[Row, Fault]]:
    """The serials of a person's history are 1, 2, 3 and so on (履歴番号の連番).

    Each row holds all items as one event left them, so a missing serial is a missing state of the record: inquiries as
    of a day, certificates with history and the 150 years of retention need it. Histories cut at the front are the most
    common loss of a migration. One finding per person, at the first row whose predecessor is missing.

    Right although it looks odd: rows in any order, branches of a serial, and a differential file, which holds new rows
    only. A file counts as one if most histories in it lack their first row and some rows are marked as deleted.
    """
    for name, rows in tables.items():
        people = lives(rows)
        if not is_history(name, people) or _is_differential(rows, is_part(people)):
            continue
        for own in people.values():
            serials = {serial for row in own if (serial := whole(row["person_history_no"])) is not None}
            lonely = min((serial for serial in serials if serial > 1 and serial - 1 not in serials), default=None)
            if lonely is not None:
                row = next(row for row in own if whole(row["person_history_no"]) == lonely)
                yield row, Fault(HEADING, row["person_history_no"], {"missing": lonely - 1})


def _is_differential(rows: list[Row], is_part: bool) -> bool:
    return is_part and any(whole(row["is_deleted"]) == 1 for row in rows)


@a_history_counts_from_one_without_gaps.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    found = [NOTHING]
    serial, branch = pl.col("person_history_no"), pl.col("person_history_branch_no").fill_null(0)
    for name, frame in frames.items():
        rows = counted(frame)
        is_differential = bool(frame["is_deleted"].eq(1).any()) and seems_part(rows)
        if is_differential or not holds_history(name, rows):
            continue
        key = ["_person", "person_history_no"]
        lonely = rows.filter(serial > 1).join(rows.select("_person", serial + 1), on=key, how="anti")
        first = lonely.sort(serial, branch, maintain_order=True).unique("_person", keep="first", maintain_order=True)
        found.append(first.select("_file", "_row", pl.lit(HEADING).alias("column"), (serial - 1).alias("missing")))
    return pl.concat(found, how="diagonal")
