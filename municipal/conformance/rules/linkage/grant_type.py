"""Tokens are granted by client credentials alone (トークン発行方式)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = "(?i)client[ _-]?credentials(?: grant)?"


@row_rule(
    "LINK-0018",
    clause="linkage/2.7#2.2.5/m7",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="clients",
    needs=("grant_type",),
)
def tokens_are_granted_by_client_credentials(row: Row, context: Context) -> Fault | None:
    """The grant of a client is client_credentials and nothing beside it (トークン発行方式).

    authorization_code, password and refresh_token are for people and for applications on their behalf. Written with
    underscore, hyphen or space.
    """
    value = row["grant_type"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("トークン発行方式", value)


@tokens_are_granted_by_client_credentials.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("grant_type")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
