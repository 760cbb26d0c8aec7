"""Nobody takes up an address after the record was removed (住所を定めた日と消除の日)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import FLAG, FULL, Cell, CellColumn, is_full, is_resident_item

TAKEN, REMOVED = "住所を定めた年月日", "消除の異動年月日"


@item_rule(
    "RES-0011",
    clause="resident-record/1.0#1.1.5/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.name_ja == REMOVED and is_resident_item(item),
    by_row=True,
)
def an_address_is_taken_up_before_the_removal(cell: Cell, item: Item, context: Context) -> Fault | None:
    """The day of taking up the address is not after the day of the removal (住所を定めた日と消除の日).

    A record that ends before its address begins never held: usually somebody came back and the removal of the earlier
    stay was left in the new record. Certificates of removed records print both days side by side.

    Right although it looks odd: both on the same day, and days that no calendar has, which are compared as written.
    Dates marked as unknown are not compared.
    """
    taken, removed = cell(TAKEN), cell(REMOVED)
    if "1" in (cell(TAKEN + FLAG), cell(REMOVED + FLAG)):
        return None
    return Fault(REMOVED, removed) if is_full(taken) and is_full(removed) and removed < taken else None


@an_address_is_taken_up_before_the_removal.accepts
def _(cell: CellColumn, item: Item, context: Context) -> pl.Expr:
    taken, removed = cell(TAKEN), cell(REMOVED)
    is_unknown = (cell(TAKEN + FLAG) == "1") | (cell(REMOVED + FLAG) == "1")
    return is_unknown | (removed >= taken) | ~taken.str.contains(FULL) | ~removed.str.contains(FULL)
