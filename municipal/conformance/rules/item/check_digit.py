"""A number with a check digit is right (検査数字)."""

from __future__ import annotations

import numpy as np
import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.core import numbers
from municipal.core.numbers import CheckedNumber

KINDS: dict[str, CheckedNumber] = {
    "local_government_code": numbers.LOCAL_GOVERNMENT_CODE,
    "individual_number": numbers.INDIVIDUAL_NUMBER,
    "resident_record_code": numbers.RESIDENT_RECORD_CODE,
    "corporate_number": numbers.CORPORATE_NUMBER,
}


@item_rule("ITEM-0008", clause="items.csv#number", severity=Severity.ERROR, concerns=lambda item: item.number in KINDS)
def a_check_digit_is_right(value: str, item: Item, context: Context) -> Fault | None:
    """A number has its length, only half-width digits, and the check digit that belongs to them (検査数字).

    A wrong check digit nearly always means a typing error or a lost leading zero: a six-digit municipality code that
    begins with 0 loses it in a spreadsheet. Never calculate a new digit: find the number in the source.
    """
    kind = KINDS[item.number]
    if kind.is_valid(value):
        return None
    return Fault(item.name_ja, value, {"length": len(value), "expected": kind.length})


@a_check_digit_is_right.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    kind = KINDS[item.number]
    last = kind.length - 1
    number = column.str.to_integer(strict=False, dtype=pl.Int64)
    body, given = (number % 10**last, number // 10**last) if kind.is_check_digit_first else (number // 10, number % 10)
    total = pl.sum_horizontal(
        pl.lit(_sums(kind, start)).gather(body // 10**start % 10**_PART) for start in range(0, last, _PART)
    )
    modulus = 9 if kind.is_check_digit_first else 11
    digits = pl.Series([kind.digit_of_sum(rest) for rest in range(modulus)], dtype=pl.Int64)
    shape = (column.str.len_bytes() == kind.length) & column.str.contains(r"^[0-9]+$")
    right: pl.Expr = (shape & (given == pl.lit(digits).gather(total % modulus))).fill_null(value=False)
    return right


_PART = 5
"""Digits that are looked up at once: their weighted sums stand in a table, which is far cheaper than dividing."""


def _sums(kind: CheckedNumber, start: int) -> pl.Series:
    """The weighted sum of every part of the body whose last digit is at place ``start`` (部分和の表)."""
    numbers = np.arange(10**_PART)
    weights = [kind.weights[place % len(kind.weights)] for place in range(start, start + _PART)]
    return pl.Series(sum(numbers // 10**place % 10 * weight for place, weight in enumerate(weights)), dtype=pl.Int64)
