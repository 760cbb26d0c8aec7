"""A token endpoint issues no refresh token (リフレッシュトークン)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

NONE = "(?i)0|false|none|null|-|なし|無"


@row_rule(
    "LINK-0007",
    clause="linkage/2.7#2.2.5/n3",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="token_responses",
    needs=("refresh_token",),
)
def no_refresh_token_is_issued(row: Row, context: Context) -> Fault | None:
    """An answer of the token endpoint holds an access token alone (リフレッシュトークン).

    Whoever has a refresh token needs no further authentication, so the short life of access tokens is worth nothing.
    Switch it off for the grant of client credentials. The finding never shows the token itself. A column that says
    0, false, none, null, - or なし is right.
    """
    value = row["refresh_token"]
    return None if not value or re.fullmatch(NONE, value) else Fault("リフレッシュトークン")


@no_refresh_token_is_issued.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("refresh_token")
    return (value == "") | value.str.contains(rf"\A(?:{NONE})\z")
