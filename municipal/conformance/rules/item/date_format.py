"""A date, a month or a time is written as its type says and exists (日付の書き方)."""

from __future__ import annotations

import re
from datetime import date, datetime

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule

_DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
FORMS = {
    "DATE": _DAY,
    "MONTH": r"^[0-9]{4}-(0[1-9]|1[0-2])$",
    "TIME": r"^" + _TIME + r"(:[0-5][0-9])?$",
    "MOMENT": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]" + _TIME + r":[0-5][0-9](\.[0-9]{1,6})?(Z|[+-]" + _TIME + r")?$",
}
WRITTEN = {"DATE": "YYYY-MM-DD", "MONTH": "YYYY-MM", "TIME": "HH:MM:SS", "MOMENT": "YYYY-MM-DDTHH:MM:SS"}
FIRST_DAY = (date.min - date(1970, 1, 1)).days
OPEN_ENDS = ("0000-01-01", "9999-12-31")


def exists(value: str) -> bool:
    """Whether a day written in the right form is in the calendar; open ends of a period are right (暦上日か)."""
    try:
        return value in OPEN_ENDS or bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_right(value: str, item: Item) -> bool:
    """Whether a cell has the form of its type and, unless impossible days are allowed, exists (正しい書き方か)."""
    if not re.search(FORMS[item.type].replace("$", r"\Z"), value):
        return False
    if item.type == "DATE":
        return item.may_be_unknown or exists(value)
    if item.type == "MOMENT":
        try:
            return bool(datetime.fromisoformat(value))
        except ValueError:
            return False
    return True


@item_rule(
    "ITEM-0006",
    clause="item types of the data requirements, legend: DATE, TIME",
    severity=Severity.ERROR,
    concerns=lambda item: item.type in FORMS,
    is_exact=False,
)
def a_date_is_written_as_its_type(value: str, item: Item, context: Context) -> Fault | None:
    """A date is a day of the calendar written YYYY-MM-DD, a time HH:MM or HH:MM:SS (日付の書き方).

    0000-01-01 and 9999-12-31 are right: they stand for the open ends of a period. Items that may be unknown may hold
    a day that no calendar has (1999-02-29), because the family register may say so (resident-record/1.0#1.1.8). Era
    dates, slashes, spreadsheet serial numbers (45292) and dates without leading zeros are not this form. Let the
    source system write the dates; do not retype them.
    """
    return None if is_right(value, item) else Fault(item.name_ja, value, {"form": WRITTEN[item.type]})


@a_date_is_written_as_its_type.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    if item.type == "DATE" and not item.may_be_unknown:
        # Lengths matter, for the parser also takes one-digit months; and it knows a year 0, which the calendar has not.
        return _is_a_day(column) & (column.str.len_bytes() == 10)
    right = column.str.contains(FORMS[item.type])
    return right if item.type != "MOMENT" else right & _is_a_day(column.str.head(10))


def _is_a_day(column: pl.Expr) -> pl.Expr:
    day = column.str.to_date("%Y-%m-%d", strict=False).to_physical()
    return (day >= FIRST_DAY).fill_null(value=False)
