"""A part of an address is one line without tabs (住所内の改行・タブ)."""

from __future__ import annotations

import re

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.core.characters import named

# Line feed, tab, vertical tab, form feed, return, next line, line and paragraph separators.
BREAKS = "[\\x09-\\x0D\\x85\u2028\u2029]"


def is_part_of_an_address(item: Item) -> bool:
    """Whether an item is text of an address group or of the domicile (住所の文字項目か)."""
    return item.type in ("N", "XN") and re.search("(?:住所|住所（..）|本籍)_", item.name_ja) is not None


@item_rule(
    "RES-0144",
    clause="住登外者宛名番号管理機能 項目定義書, items 03100016 to 03100021",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data", "resident-disclosure"),
    concerns=is_part_of_an_address,
)
def a_part_of_an_address_is_one_line(value: str, item: Item, context: Context) -> Fault | None:
    """Addresses hold no line break and no tab (住所内の改行・タブ).

    They were typed or pasted into 方書 and survive as long as the cell is quoted; the next program that splits lines
    or tabs shifts every column behind them, and a window envelope loses the last line. Replace them by a space or
    nothing in the source. The full-width space between the building and the room is right.
    """
    found = re.search(BREAKS, value)
    return Fault(item.name_ja, value, {"character": named(found.group())}) if found else None


@a_part_of_an_address_is_one_line.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return ~column.str.contains(BREAKS)
