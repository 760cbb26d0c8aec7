"""A client secret has at least 32 characters (クライアントシークレット)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

LENGTH = "[0-9]{1,9}"
SHORTEST = 32


@row_rule(
    "LINK-0020",
    clause="linkage/2.7#2.2.5/m15",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="clients",
    needs=("secret_length",),
)
def a_client_secret_has_32_characters_at_least(row: Row, context: Context) -> Fault | None:
    """The length that is stated for the secret of a client is 32 or more (クライアントシークレット).

    Only the length may be in such a list. Whoever puts the secret itself there must change it at once. Cells that are
    no number are left to the rule on numbers.
    """
    value = row["secret_length"]
    is_short = re.fullmatch(LENGTH, value) and int(value) < SHORTEST
    return (
        Fault("クライアントシークレットの文字数", facts={"length": int(value), "limit": SHORTEST}) if is_short else None
    )


@a_client_secret_has_32_characters_at_least.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("secret_length")
    length = pl.when(value.str.contains(rf"\A{LENGTH}\z")).then(value.str.to_integer(strict=False))
    return (length >= SHORTEST).fill_null(value=True)
