"""No event has the reason 転居取消 (転居取消)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import is_resident_item

ITEMS = ("event_reason", "entry_reason", "deletion_reason")
FORBIDDEN = "転居取消"


@item_rule(
    "RES-0041",
    clause="resident-record/1.0#1.2.2/n1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.item in ITEMS and is_resident_item(item),
)
def no_event_is_a_cancelled_move(value: str, item: Item, context: Context) -> Fault | None:
    """転居取消 is no reason: the standard forbids to have it (転居取消).

    A move within the municipality that did not take place is cancelled like every other event, as 異動の取消し（修正）,
    or corrected as 誤記修正 or 職権修正. Map it to whichever of these the notification says.

    Right although it looks odd: 異動の取消し（増）, （減） and （修正）.
    """
    return Fault(item.name_ja, value) if FORBIDDEN in value else None


@no_event_is_a_cancelled_move.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return ~column.str.contains(FORBIDDEN, literal=True)
