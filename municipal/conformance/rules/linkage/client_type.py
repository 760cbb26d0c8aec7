"""A client can keep its secret (クライアントタイプ)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = "(?i)(?:confidential|機密|コンフィデンシャル).*"


@row_rule(
    "LINK-0016",
    clause="linkage/2.7#2.2.5/m12",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="clients",
    needs=("client_type",),
)
def a_client_is_confidential(row: Row, context: Context) -> Fault | None:
    """Clients are of the confidential kind (クライアントタイプ).

    A public client, an application on a terminal or a page in a browser, cannot keep a secret: its token is open to
    whoever reads the program.
    """
    value = row["client_type"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("クライアントタイプ", value)


@a_client_is_confidential.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("client_type")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
