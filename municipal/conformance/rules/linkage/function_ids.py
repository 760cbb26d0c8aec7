"""A function or form ID is a business ID and four digits (機能ID・帳票ID)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

IDS = {"function_id": "機能ID", "form_id": "帳票ID"}
SEVEN = "[0-9]{7}"


@row_rule(
    "LINK-0030",
    clause="IDの管理方針: function and form IDs",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="connections",
    needs=("function_id",),
    uses=("form_id",),
)
def function_and_form_ids_have_seven_digits(row: Row, context: Context) -> Fault | None:
    """機能ID and 帳票ID are the three digits of a business and four more (機能ID・帳票ID).

    0310005 is function 0005 of business 031. Six digits mean a leading zero that a spreadsheet dropped, a hyphen or
    a letter an ID of the vendor's own. The first wrong one of the row is named; empty cells are right.
    """
    for item, heading in IDS.items():
        if row[item] and not re.fullmatch(SEVEN, row[item]):
            return Fault(heading, row[item], {"length": len(row[item])})
    return None


@function_and_form_ids_have_seven_digits.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return pl.all_horizontal((row(item) == "") | row(item).str.contains(rf"\A{SEVEN}\z") for item in IDS)
