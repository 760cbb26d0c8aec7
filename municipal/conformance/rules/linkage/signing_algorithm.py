"""Client assertions are signed with HS256 (署名アルゴリズム)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = "(?i)HS256"


@row_rule(
    "LINK-0017",
    clause="linkage/2.7#2.2.5/m13",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="clients",
    needs=("signing_algorithm",),
)
def assertions_are_signed_with_hs256(row: Row, context: Context) -> Fault | None:
    """client_secret_jwt is signed with HS256, the shared secret and SHA-256 (署名アルゴリズム).

    RS256 and ES256 belong to private_key_jwt, which the standard does not name; none is no signature. A client that
    authenticates otherwise has no algorithm and an empty cell.
    """
    value = row["signing_algorithm"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("署名アルゴリズム", value)


@assertions_are_signed_with_hs256.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("signing_algorithm")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
