"""A client stands for a system, not for a person (認証の単位)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = "[0-9A-Za-z]{3}"


@row_rule(
    "LINK-0005",
    clause="linkage/2.7#2.2.5/m3",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="clients",
    needs=("unit_id",),
)
def a_client_is_a_system_and_no_person(row: Row, context: Context) -> Fault | None:
    """The unit of a client is a business ID or the ID of a local system: three half-width characters (認証の単位).

    A longer ID is usually a person's or a server's. Authorization per person is not what the API is for: who may see
    what is decided inside the system that calls. 001 is a business; A01 and 901 are IDs a municipality gave a local
    system, and right.
    """
    value = row["unit_id"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("利用側業務ID", value)


@a_client_is_a_system_and_no_person.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("unit_id")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
