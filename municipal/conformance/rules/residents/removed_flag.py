"""The mark of removed records agrees with the status (除票フラグと住民状態)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK, REMOVED, reasons

REPLACED = reasons("deletion_by_rewriting", "deletion_by_restoration")


@row_rule(
    "RES-0022",
    clause="resident-record/1.0#1.1.5/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_status", "is_removed_record"),
    uses=("deletion_reason",),
)
def the_removed_mark_agrees_with_the_status(row: Row, context: Context) -> Fault | None:
    """除票フラグ is 1 for 住民状態 2, 3 and 9, and not for residents (除票フラグと住民状態).

    The two say the same and are read by different screens and certificates: if they differ, somebody who is gone is
    shown as a resident or the other way round. Believe the event history and mend the other.

    Right although it looks odd: a resident's row with 除票フラグ 1 that was removed because the record was rewritten
    (改製) or restored (再製): the old sheet is a removed record, the person stays. An empty mark is not judged.
    """
    status, mark = row["resident_status"], row["is_removed_record"]
    is_wrong = (status in REMOVED and mark == "0") or (
        status == "1" and mark == "1" and row["deletion_reason"] not in REPLACED
    )
    return Fault("除票フラグ", mark) if is_wrong else None


@the_removed_mark_agrees_with_the_status.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    status, mark = row("resident_status"), row("is_removed_record")
    is_still_here = (status == "1") & (mark == "1") & ~row("deletion_reason").is_in(sorted(REPLACED))
    return ~(status.is_in(REMOVED) & (mark == "0")) & ~is_still_here
