"""A removed record says why it was removed (消除の事由)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK, REMOVED


@row_rule(
    "RES-0021",
    clause="resident-record/1.0#1.1.1/m1",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_status", "deletion_reason"),
)
def a_removed_record_has_the_reason_of_its_removal(row: Row, context: Context) -> Fault | None:
    """住民状態 2, 3 or 9 comes with 消除の事由 (消除の事由).

    The reason is one of the items that only removed records have, and a copy of the record prints it. Without it
    nobody can tell a move abroad from a move within Japan, which matters when the person comes back.

    Right although it looks odd: any word or code. Whether it is one of the list is judged by another rule.
    """
    if row["resident_status"] in REMOVED and row["deletion_reason"] == "":
        return Fault("消除の事由")
    return None


@a_removed_record_has_the_reason_of_its_removal.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return ~row("resident_status").is_in(REMOVED) | (row("deletion_reason") != "")
