"""A client ID is 32 letters and digits (クライアントID)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = "[0-9A-Za-z]{32}"


@row_rule(
    "LINK-0015",
    clause="linkage/2.7#2.2.5/m14",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="clients",
    needs=("client_id",),
)
def a_client_id_has_32_letters_and_digits(row: Row, context: Context) -> Fault | None:
    """A client ID consists of 32 half-width letters and digits (クライアントID).

    Hyphens as in a UUID, names of systems and e-mail addresses are not allowed. A UUID without its hyphens is right.
    """
    value = row["client_id"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("クライアントID", value)


@a_client_id_has_32_letters_and_digits.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("client_id")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
