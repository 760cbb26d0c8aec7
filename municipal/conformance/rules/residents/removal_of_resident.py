"""Somebody who is a resident has no removal (住民の消除項目)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK, reasons

REPLACED = reasons("deletion_by_rewriting", "deletion_by_restoration")


def coming(row: Row) -> str:
    """The day on which the removal will take place, as far as the row says it (消除の予定日)."""
    return row["deletion_event_date"] or row["moveout_planned_on"]


@row_rule(
    "RES-0023",
    clause="resident-record/1.0#1.1.5/m5",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_status", "deletion_reason"),
    uses=("deletion_event_date", "moveout_planned_on"),
)
def a_resident_has_no_removal(row: Row, context: Context) -> Fault | None:
    """住民状態 1 comes without 消除の事由 and 消除の異動年月日 (住民の消除項目).

    Until the record is removed its holder counts as present. A removal on the record of a resident is left over from a
    cancelled event, or the status was not changed when the person left: then letters, taxes and statistics are wrong.

    Right although it looks odd: a removal that lies in the future, since a planned move-out is entered beforehand and
    the person is a resident until that day, and the old sheet of a rewritten or restored record (改製, 再製).
    """
    if row["resident_status"] != "1" or row["deletion_reason"] in REPLACED:
        return None
    if row["deletion_reason"] == "" and row["deletion_event_date"] == "":
        return None
    if coming(row) > context.as_of.isoformat():
        return None
    return Fault("消除の事由" if row["deletion_reason"] else "消除の異動年月日")


@a_resident_has_no_removal.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    reason, day = row("deletion_reason"), row("deletion_event_date")
    comes = pl.when(day != "").then(day).otherwise(row("moveout_planned_on")) > context.as_of.isoformat()
    is_kept = reason.is_in(sorted(REPLACED)) | ((reason == "") & (day == ""))
    return (row("resident_status") != "1") | is_kept | comes
