"""A cell holds only characters of the width its item asks for (文字種)."""

from __future__ import annotations

import re

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.core.characters import named

WRONG = {"X": r"[^\x20-\x7E｡-ﾟ]", "N": "[\\x00-\\x9F｡-ﾟ\u202a-\u202e\u2066-\u2069\ufffd-\uffff]"}
WIDTHS = {"X": ("半角", "half-width"), "N": ("全角", "full-width")}


@item_rule(
    "ITEM-0004",
    clause="item types of the data requirements, legend: X half-width, N full-width",
    severity=Severity.ERROR,
    concerns=lambda item: item.type in WRONG and not item.number and item.codes in ("", "999"),
)
def a_cell_has_the_right_width(value: str, item: Item, context: Context) -> Fault | None:
    """A half-width item holds no full-width character and the other way round (半角と全角).

    X allows ASCII and half-width kana, N everything else: full-width letters, digits and the full-width space, but in
    neither a control character or the mark of a character that a conversion lost (U+FFFD). Numbers with a check digit
    and coded items are left to their own rules. The first wrong character is named by its code point. Convert it in
    the source system; kana and digits convert one to one, and the space between family name and given name is
    full-width in a full-width item.
    """
    wrong = re.search(WRONG[item.type], value)
    if wrong is None:
        return None
    width_ja, width_en = WIDTHS[item.type]
    return Fault(item.name_ja, value, {"width_ja": width_ja, "width_en": width_en, "character": named(wrong.group())})


@a_cell_has_the_right_width.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return ~column.str.contains(WRONG[item.type])
