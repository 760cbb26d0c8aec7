"""A number of fixed length has not lost its leading zero (先頭の0の欠落)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import is_resident_item
from municipal.core import numbers
from municipal.core.codes import local_governments

KINDS = {
    "local_government_code": numbers.LOCAL_GOVERNMENT_CODE,
    "individual_number": numbers.INDIVIDUAL_NUMBER,
    "resident_record_code": numbers.RESIDENT_RECORD_CODE,
}


MOST_ZEROS = 3
"""More zeros than these stand in front of no real code; a shorter value is something else."""


def fixed_length(item: Item) -> int:
    """How many digits the item always has; 0 if that is not fixed (固定の桁数)."""
    if item.name_ja.endswith("_町字コード"):
        return 7
    return KINDS[item.number].length if item.number in KINDS else 0


def lost_zero(value: str, item: Item) -> bool:
    """Whether a zero in front would make the value right (0が欠落しているか)."""
    if not (value.isascii() and value.isdigit()):
        return False
    length = fixed_length(item)
    whole = value.zfill(length)
    if item.number == "local_government_code" and whole not in local_governments():
        return False
    return 1 <= length - len(value) <= MOST_ZEROS and (item.number == "" or KINDS[item.number].is_valid(whole))


@item_rule(
    "RES-0060",
    clause="resident-record/1.0#1.1.1/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: fixed_length(item) > 0 and is_resident_item(item),
    is_exact=False,
)
def a_number_of_fixed_length_kept_its_leading_zero(value: str, item: Item, context: Context) -> Fault | None:
    """A number of fixed length kept the zeros that it begins with (先頭の0の欠落).

    Block codes have seven digits, municipality codes six. A spreadsheet takes such a code for a number and drops the
    zeros in front: 0010001 becomes 10001 and 011002 becomes 11002. Hokkaido and Tohoku are hit first. Do not open the
    file in a spreadsheet between the two systems; export it again. Postal codes have a rule of their own.

    A municipality code is found only if the zeros make it one of the list, and other numbers if they make the check
    digit right: five digits may also be the older code without a check digit. What is left is another rule's.
    """
    if not lost_zero(value, item):
        return None
    return Fault(item.name_ja, value, {"length": len(value), "expected": fixed_length(item)})


@a_number_of_fixed_length_kept_its_leading_zero.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return (column.str.len_bytes() >= fixed_length(item)) | ~column.str.contains(r"\A[0-9]+\z")
