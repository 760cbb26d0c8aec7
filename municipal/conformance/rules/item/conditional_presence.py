"""A conditional item is filled when its condition holds (条件付き必須項目の記入)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance import conditions
from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.item import filled, is_filled


@item_rule(
    "ITEM-0002",
    clause="items.csv#condition",
    severity=Severity.ERROR,
    concerns=lambda item: item.presence == "conditional" and item.condition != "",
    by_row=True,
    is_unsettled=lambda item, pack: item.presence == "conditional" and not item.condition,
)
def a_conditional_item_is_filled_when_needed(cell: Callable[[str], str], item: Item, context: Context) -> Fault | None:
    """A cell that is required under a condition is filled wherever the condition holds (条件付き必須項目の記入).

    The condition stands in the item list in a small grammar of headings and values; of a condition that the list gives
    only in words the report says that it cannot tell. An empty cell is right where the condition does not hold, and a
    filled one is never wrong by this rule. Dates that may be unknown count as filled as they do for required items.
    """
    if is_filled(cell, item) or not conditions.parse(item.condition).holds(cell):
        return None
    return Fault(item.name_ja, facts={"condition": item.condition})


@a_conditional_item_is_filled_when_needed.accepts
def _(cell: Callable[[str], pl.Expr], item: Item, context: Context) -> pl.Expr:
    return filled(cell, item) | ~conditions.parse(item.condition).expression(cell)
