"""A client authenticates with a signed token, for the time being also otherwise (クライアント認証)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = "(?i)client_secret_jwt|client_secret_basic|api[ _-]?key"


@row_rule(
    "LINK-0004",
    clause="linkage/2.7#2.2.5/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="clients",
    needs=("auth_method",),
)
def a_client_authenticates_as_the_standard_says(row: Row, context: Context) -> Fault | None:
    """The way of authentication is client_secret_jwt, or one that is tolerated for the time being (クライアント認証).

    client_secret_basic and, outside the government cloud, API keys are tolerated: they are told for information by
    another rule. client_secret_post, none and private_key_jwt are not among the ways the standard names.
    """
    value = row["auth_method"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("認証方式", value)


@a_client_authenticates_as_the_standard_says.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("auth_method")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
