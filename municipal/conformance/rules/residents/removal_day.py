"""A removed record says when it was removed (消除の異動年月日)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK, REMOVED


@row_rule(
    "RES-0020",
    clause="resident-record/1.0#1.1.5/m1",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_status", "deletion_event_date"),
    uses=("deletion_event_date_unknown", "deletion_event_date_unknown_text"),
)
def a_removed_record_has_the_day_of_its_removal(row: Row, context: Context) -> Fault | None:
    """住民状態 2, 3 or 9 comes with 消除の異動年月日 (消除の異動年月日).

    The day of a move-out, a death or a removal ex officio stands on every copy of the removed record, and the 150
    years for which it is kept are counted from it. Take it from the notification or from the event history.

    Right although it looks odd: a record removed on the planned day of a move-out without an arrival notice (1.1.5:
    the earlier of the two days counts, and the notice may never come), and a day marked as unknown or written in
    words.
    """
    if row["resident_status"] not in REMOVED or row["deletion_event_date"] != "":
        return None
    if row["deletion_event_date_unknown"] == "1" or row["deletion_event_date_unknown_text"] != "":
        return None
    return Fault("消除の異動年月日")


@a_removed_record_has_the_day_of_its_removal.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    is_dated = (row("deletion_event_date") != "") | (row("deletion_event_date_unknown_text") != "")
    return ~row("resident_status").is_in(REMOVED) | is_dated | (row("deletion_event_date_unknown") == "1")
