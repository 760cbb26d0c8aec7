"""A date written in words is marked as unknown (不詳表記と不詳フラグ)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import FLAG, WORDS, Cell, CellColumn, is_resident_item


@item_rule(
    "RES-0002",
    clause="resident-record/1.0#1.1.8/m5",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.may_be_unknown and is_resident_item(item),
    by_row=True,
)
def a_date_with_a_notation_is_marked_as_unknown(cell: Cell, item: Item, context: Context) -> Fault | None:
    """Where 不詳表記 is filled, 不詳フラグ is 1 (不詳表記と不詳フラグ).

    Other systems look at the flag only: without it they take the date for a known one, or for an empty one, and send
    a letter on the wrong birthday or refuse the row. Set the flag in the source system, or take the words away if the
    date has become known since.
    """
    if cell(item.name_ja + WORDS) != "" and cell(item.name_ja + FLAG) != "1":
        return Fault(item.name_ja + FLAG)
    return None


@a_date_with_a_notation_is_marked_as_unknown.accepts
def _(cell: CellColumn, item: Item, context: Context) -> pl.Expr:
    return (cell(item.name_ja + WORDS) == "") | (cell(item.name_ja + FLAG) == "1")
