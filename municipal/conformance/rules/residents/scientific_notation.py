"""A number was not turned into a power of ten by a spreadsheet (指数表記)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import is_resident_item

POWER = r"\A[0-9](\.[0-9]+)?[Ee]\+[0-9]{1,3}\z"


@item_rule(
    "RES-0061",
    clause="resident-record/1.0#1.1.13/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: (item.type == "X" or item.item.endswith("_no")) and is_resident_item(item),
)
def a_number_is_no_power_of_ten(value: str, item: Item, context: Context) -> Fault | None:
    """A long number is written with all its digits, not as 1.2E+11 (指数表記).

    A spreadsheet writes numbers of more than eleven digits so and saves them so: all but the first digits are lost and
    cannot be calculated back. Every row that lost the same digits now has the same number. Export the file again and
    do not save it from a spreadsheet.

    Right although it looks odd: codes with a letter E but without the plus sign (1E10), which a municipality may use.
    """
    return Fault(item.name_ja, value) if _power(value) else None


def _power(value: str) -> bool:
    front, sign, power = value.upper().partition("E+")
    whole, point, rest = front.partition(".")
    digits = (whole, rest) if point else (whole,)
    is_number = len(whole) == 1 and all(part.isascii() and part.isdigit() for part in digits)
    return bool(sign) and is_number and power.isascii() and power.isdigit() and len(power) <= 3


@a_number_is_no_power_of_ten.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return ~column.str.contains(POWER)
