"""The class of a foreign resident is one of the six of the act (第30条の45の区分)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import is_resident_item
from municipal.core.codes import table

OTHER_WORDS = {"仮滞在者"}
"""How 1.1.2 itself abbreviates one of them."""

WORDS = frozenset(word for code in table("article30_45").values() for word in (code.code, code.name_ja)) | OTHER_WORDS
NUMBER = r"\A[0-9]{1,3}\z"


@item_rule(
    "RES-0037",
    clause="resident-record/1.0#1.1.6/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.item == "article30_45_class" and is_resident_item(item),
)
def the_class_of_a_foreign_resident_is_one_of_six(value: str, item: Item, context: Context) -> Fault | None:
    """第30条45規定区分 is one of the six classes of article 30-45 (第30条の45の区分).

    中長期在留者, 特別永住者, 一時庇護許可者, 仮滞在許可者, 出生による経過滞在者, 国籍喪失による経過滞在者. Which other
    items must be filled hangs on it, so that an unknown word leaves the record unjudged. A status of residence (永住者,
    留学) belongs into the next column.

    Right although it looks odd: the words of our own code table (mid_long_term), and numbers, since the official code
    numbers are not public and cannot be judged.
    """
    is_right = value in WORDS or (value.isascii() and value.isdigit() and len(value) <= 3)
    return None if is_right else Fault(item.name_ja, value)


@the_class_of_a_foreign_resident_is_one_of_six.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return column.is_in(sorted(WORDS)) | column.str.contains(NUMBER)
