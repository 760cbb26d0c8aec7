"""TLS is version 1.2 or later (TLSの版)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = r"(?i)(?:TLS[ v/]*)?1\.[23](?:以上)?"


@row_rule(
    "LINK-0013",
    clause="linkage/2.7#2.2.5/m6",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="connections",
    needs=("tls_version",),
)
def tls_is_version_1_2_or_later(row: Row, context: Context) -> Fault | None:
    """A connection is protected by TLS 1.2 or 1.3 (TLSの版).

    Older versions are broken, and so are SSL and plain text inside the municipality's own network. Written as TLS1.2,
    TLSv1.3, TLS 1.2 or 1.2; an empty cell is not judged.
    """
    value = row["tls_version"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("通信のセキュリティ", value)


@tls_is_version_1_2_or_later.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("tls_version")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
