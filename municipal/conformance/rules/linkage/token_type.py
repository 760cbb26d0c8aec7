"""An access token is a bearer token (トークンタイプ)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = "(?i)bearer"


@row_rule(
    "LINK-0019",
    clause="linkage/2.7#2.2.5/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="token_responses",
    needs=("token_type",),
)
def a_token_is_a_bearer_token(row: Row, context: Context) -> Fault | None:
    """The token endpoint answers with token_type Bearer (トークンタイプ).

    Upper and lower case are the same in the protocol: bearer is right. MAC and DPoP tokens need a client that no other
    vendor has.
    """
    value = row["token_type"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("トークンタイプ", value)


@a_token_is_a_bearer_token.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("token_type")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
