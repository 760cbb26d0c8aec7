"""No cell holds a character that no register should hold (制御文字)."""

from __future__ import annotations

import re

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.core.characters import named

# Control characters but tab and line ends (a quoted cell may hold those), marks that turn the direction of writing,
# the mark that stands for a character lost in a conversion, and non-characters.
WRONG = "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\u202a-\u202e\u2066-\u2069\ufffd\ufffe\uffff]"


@item_rule(
    "ITEM-0009",
    clause="character requirements of the data requirements",
    severity=Severity.ERROR,
    concerns=lambda item: item.type == "XN",
)
def a_cell_holds_no_control_character(value: str, item: Item, context: Context) -> Fault | None:
    """A cell holds no control character, no mark that turns the writing direction and no replacement mark (制御文字).

    Items of one width are left to the rule on widths, which names any character that is not of that width.

    U+FFFD says that a conversion met a character it did not know: the name is damaged, and only the source can tell
    what stood there. Line ends and tabs inside a quoted cell are judged where they matter, in addresses and names.
    """
    wrong = re.search(WRONG, value)
    return Fault(item.name_ja, value, {"character": named(wrong.group())}) if wrong else None


@a_cell_holds_no_control_character.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return ~column.str.contains(WRONG)
