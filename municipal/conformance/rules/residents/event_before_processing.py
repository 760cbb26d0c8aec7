"""An event is entered when it has happened, but for moves out (異動日と処理日)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import FULL, PACK, is_full, reasons

HAPPENED = reasons() - reasons("move_out", "move_out_abroad")


@row_rule(
    "RES-0012",
    clause="resident-record/1.0#4.0.3/m3",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("event_date", "processed_on", "event_reason"),
)
def an_event_is_not_entered_before_it_happened(row: Row, context: Context) -> Fault | None:
    """異動年月日 is not after 処理年月日, but for moves out (異動日と処理日).

    Every event but a move-out is entered on its day or later. A later day is a typing error, or the processing date is
    that of another event. Ages, insurance and statistics of the month go by the day of the event.

    Right although it looks odd: a move-out that lies in the future, because it is notified beforehand. Not judged:
    reasons that are empty or a code of the system's own, since they may mean a move-out.
    """
    happened, entered = row["event_date"], row["processed_on"]
    if row["event_reason"] not in HAPPENED or not (is_full(happened) and is_full(entered)):
        return None
    return Fault("異動年月日", happened) if happened > entered else None


@an_event_is_not_entered_before_it_happened.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    happened, entered = row("event_date"), row("processed_on")
    is_dated = happened.str.contains(FULL) & entered.str.contains(FULL)
    return ~row("event_reason").is_in(sorted(HAPPENED)) | ~is_dated | (happened <= entered)
