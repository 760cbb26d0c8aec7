"""No mark stands where a character was missing (〓・外字)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import is_resident_item
from municipal.core.characters import named

# The geta mark, and the private area of the first plane, where vendors put characters of their own.
MISSING = "[\u3013\ue000-\uf8ff]"


@item_rule(
    "RES-0062",
    clause="resident-record/1.0#7.2.3/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.type in ("XN", "N") and is_resident_item(item),
)
def no_mark_stands_for_a_missing_character(value: str, item: Item, context: Context) -> Fault | None:
    """A name or an address holds neither 〓 nor a character of a vendor's private area (〓・外字).

    〓 was written where the source's own character (外字) was unknown to a conversion: what stood there can only be
    read in the source. Code points U+E000 to U+F8FF mean something else in every system, and here nothing: identify
    each with a character of the administrative set, and keep the list of which became which.

    Right although it looks odd: characters of the second and third plane, private ones of the sixteenth (U+10DE92 and
    others, where the administrative set puts its additions), and variation selectors.
    """
    found = next((character for character in value if character == "〓" or "\ue000" <= character <= "\uf8ff"), None)
    return Fault(item.name_ja, value, {"character": named(found)}) if found else None


@no_mark_stands_for_a_missing_character.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return ~column.str.contains(MISSING)
