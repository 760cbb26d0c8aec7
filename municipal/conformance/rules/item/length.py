"""A cell is not longer than its item allows (桁数)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.core.characters import length


@item_rule(
    "ITEM-0003",
    clause="items.csv#max_length",
    severity=Severity.ERROR,
    concerns=lambda item: item.max_length is not None and item.decimals is None,
    is_exact=False,
)
def a_cell_is_not_too_long(value: str, item: Item, context: Context) -> Fault | None:
    """A cell has at most as many characters as the item list allows (桁数).

    Characters are counted as people see them: a variation selector or a combining mark belongs to the character
    before it, and a character of a supplementary plane is one. Bytes do not matter. Shorten nothing by hand: a value
    that is cut loses what it says; look whether two items were joined in one column.
    """
    limit = item.max_length or 0
    if len(value) <= limit or (found := length(value)) <= limit:
        return None
    return Fault(item.name_ja, value, {"limit": limit, "length": found})


@a_cell_is_not_too_long.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    # Bytes are cheaper to count, and never fewer than characters; in half-width items they are hardly more.
    found = column.str.len_chars() if item.type in ("N", "XN") else column.str.len_bytes()
    return found <= (item.max_length or 0)
