"""A record is removed on the planned day of a move-out or earlier (転出による消除の日)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import FULL, PACK, is_full, reasons

MOVED = reasons("move_out", "move_out_abroad")


@row_rule(
    "RES-0024",
    clause="resident-record/1.0#1.1.5/m2",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_status", "deletion_reason", "deletion_event_date", "moveout_planned_on"),
)
def a_move_out_ends_the_record_on_the_planned_day_at_the_latest(row: Row, context: Context) -> Fault | None:
    """A move-out ends the record on the planned day or on an earlier arrival (転出による消除の日).

    The standard removes the record on the planned day or on the day of arrival in the notice from the new
    municipality, whichever is earlier. A later day means that the removal waited for the notice, and for those days
    the person was a resident of two municipalities.

    Right although it looks odd: no arrival notice at all, an arrival notice that came months later, and a removal that
    is earlier than planned. Only records whose reason says 国内転出 or 国外転出 are judged.
    """
    removed, planned = row["deletion_event_date"], row["moveout_planned_on"]
    if row["resident_status"] != "2" or row["deletion_reason"] not in MOVED:
        return None
    return Fault("消除の異動年月日", removed) if is_full(removed) and is_full(planned) and removed > planned else None


@a_move_out_ends_the_record_on_the_planned_day_at_the_latest.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    removed, planned = row("deletion_event_date"), row("moveout_planned_on")
    is_moved = (row("resident_status") == "2") & row("deletion_reason").is_in(sorted(MOVED))
    return ~(is_moved & removed.str.contains(FULL) & planned.str.contains(FULL) & (removed > planned))
