"""A number, a year or a flag is written as its type says (数値の書き方)."""

from __future__ import annotations

import re

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item, Pack
from municipal.conformance.rules import Context, item_rule

FORMS = {
    "9": r"^[0-9]+$",
    "9V": r"^[0-9]+(\.[0-9]+)?$",
    "S9": r"^-?[0-9]+$",
    "NUM": r"^-?[0-9]+(\.[0-9]+)?$",
    "YEAR": r"^[0-9]{4}$",
    "FLAG": r"^[01]$",
}


def form(item: Item, pack: Pack) -> str:
    """The regular expression of an item, with its places before and after the point where it has any (数値の形)."""
    found = FORMS[item.type]
    if item.decimals is not None and item.max_length is not None:
        found = rf"^-?[0-9]{{1,{item.max_length - item.decimals}}}(\.[0-9]{{1,{item.decimals}}})?$"
    return rf"^\s*([-－―ー—–‐−*＊…]*|{found[1:-1]})\s*$" if pack.facts.get("blanks_apart") else found


@item_rule(
    "ITEM-0005",
    clause="item types of the data requirements, legend: 9, 9V, S9, YEAR",
    severity=Severity.ERROR,
    concerns=lambda item: item.type in FORMS,
)
def a_number_is_written_as_its_type(value: str, item: Item, context: Context) -> Fault | None:
    """A numeric cell holds half-width digits in the form of its type (数値の書き方).

    No thousands separators, no spaces, no full-width digits, no unit, no exponent: 1.2E+11 is what a spreadsheet made
    of a long number, and its last digits are lost, so take it from the source again. A flag is 0 or 1. In open data,
    blanks around the number and a dash for none are told by their own rules.
    """
    if re.search(form(item, context.pack).replace("$", r"\Z"), value):
        return None
    return Fault(item.name_ja, value, {"type": item.type, "count": 1})


@a_number_is_written_as_its_type.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return column.str.contains(form(item, context.pack))
