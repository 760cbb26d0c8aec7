"""A required item is filled (必須項目の記入)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.item import filled, is_filled


@item_rule(
    "ITEM-0001",
    clause="items.csv#presence",
    severity=Severity.ERROR,
    concerns=lambda item: item.presence == "required",
    by_row=True,
)
def a_required_item_is_filled(cell: Callable[[str], str], item: Item, context: Context) -> Fault | None:
    """A cell that the item list calls required is not empty (必須項目の記入).

    Empty means no character at all; a space is a character and is judged by the rules on characters. A date that may
    be unknown counts as filled when its notation says in words what is known, or its flag says that it is not known.
    Fill the cell from the source system. If the value is truly not known, use the notation of unknown dates where
    the item allows it, and ask the publisher of the item list where it does not.
    """
    return None if is_filled(cell, item) else Fault(item.name_ja, facts={"count": 1})


@a_required_item_is_filled.accepts
def _(cell: Callable[[str], pl.Expr], item: Item, context: Context) -> pl.Expr:
    return filled(cell, item)
