"""A date marked as unknown holds no day that looks known (不詳日のみなし日付)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import FLAG, FULL, Cell, CellColumn, is_full, is_resident_item


@item_rule(
    "RES-0003",
    clause="resident-record/1.0#1.1.8/n1",
    severity=Severity.WARNING,
    standing=Standing.PROVISIONAL,
    packs=("resident-record-data",),
    concerns=lambda item: item.may_be_unknown and is_resident_item(item),
    by_row=True,
)
def a_date_marked_as_unknown_holds_no_full_day(cell: Cell, item: Item, context: Context) -> Fault | None:
    """Where 不詳フラグ is 1, the date itself is not written in full (不詳日のみなし日付).

    A system may keep a day inside, to sort by, but deemed birth dates are among what the standard forbids: a stand-in
    like 1950-01-01 that is handed on turns into somebody's birthday as soon as one receiver forgets to look at the
    flag. Leave the date empty. Some systems do write a stand-in beside the flag and the later lists of items were not
    at hand, so this is provisional.

    Right although it looks odd: a date with zeros for what is unknown (1950-00-00), which nobody takes for a day.
    """
    value = cell(item.name_ja)
    if cell(item.name_ja + FLAG) == "1" and is_full(value):
        return Fault(item.name_ja, value)
    return None


@a_date_marked_as_unknown_holds_no_full_day.accepts
def _(cell: CellColumn, item: Item, context: Context) -> pl.Expr:
    return (cell(item.name_ja + FLAG) != "1") | ~cell(item.name_ja).str.contains(FULL)
