"""A postal code is seven half-width digits (郵便番号)."""

from __future__ import annotations

import re

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule


def is_postal_code(item: Item) -> bool:
    """Whether an item is the postal code of a group of address items (郵便番号の項目か)."""
    return item.name_ja.endswith("_郵便番号") and item.max_length == 7


@item_rule(
    "RES-0143",
    clause="住登外者宛名番号管理機能 項目定義書, item 03100022",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data", "resident-disclosure"),
    concerns=is_postal_code,
)
def a_postal_code_is_seven_digits(value: str, item: Item, context: Context) -> Fault | None:
    """A postal code of an address group is seven half-width digits without a hyphen (郵便番号).

    Feeds of several towns hold full-width digits, a hyphen or five old digits: sorting for the post and looking up
    the address then fail. Digits and hyphens can be mended by a conversion, missing digits only from the address.
    A leading zero is part of the code: 0600001 that became 600001 in a spreadsheet is found here. An empty cell and a
    code that no list knows (large offices, fictitious towns) are right.
    """
    return None if re.fullmatch("[0-9]{7}", value) else Fault(item.name_ja, value, {"length": len(value)})


@a_postal_code_is_seven_digits.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return column.str.contains(r"\A[0-9]{7}\z")
