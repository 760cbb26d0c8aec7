"""A number, a year or a flag is written as its type says (数値の書き方)."""

from __future__ import annotations

import re

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule

FORMS = {
    "9": r"^[0-9]+$",
    "9V": r"^[0-9]+(\.[0-9]+)?$",
    "S9": r"^-?[0-9]+$",
    "NUM": r"^-?[0-9]+(\.[0-9]+)?$",
    "YEAR": r"^[0-9]{4}$",
    "FLAG": r"^[01]$",
}


def form(item: Item) -> str:
    """The regular expression of an item, with its places before and after the point where it has any (数値の形)."""
    if item.decimals is None or item.max_length is None:
        return FORMS[item.type]
    whole = item.max_length - item.decimals
    return rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{item.decimals}}})?$"


@item_rule(
    "ITEM-0005",
    clause="item types of the data requirements, legend: 9, 9V, S9, YEAR",
    severity=Severity.ERROR,
    concerns=lambda item: item.type in FORMS,
)
def a_number_is_written_as_its_type(value: str, item: Item, context: Context) -> Fault | None:
    """A numeric cell holds half-width digits in the form of its type (数値の書き方).

    No thousands separators, no spaces, no full-width digits, no unit, no exponent: 1.2E+11 is what a spreadsheet made
    of a long number, and its last digits are lost, so take it from the source again. A flag is 0 or 1.
    """
    if re.search(form(item).replace("$", r"\Z"), value):
        return None
    return Fault(item.name_ja, value, {"type": item.type})


@a_number_is_written_as_its_type.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return column.str.contains(form(item))
