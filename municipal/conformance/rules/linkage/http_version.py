"""HTTP is version 1.1 or later (HTTPの版)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = r"(?i)(?:https?[ /]?)?(?:1\.1|h?[23](?:\.0)?)(?:以上)?"


@row_rule(
    "LINK-0012",
    clause="linkage/2.7#2.2.5/m5",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="connections",
    needs=("http_version",),
)
def http_is_version_1_1_or_later(row: Row, context: Context) -> Fault | None:
    """A connection speaks HTTP 1.1, 2 or 3 (HTTPの版).

    HTTP 1.0 knows neither the name of the host nor lasting connections. Written as HTTP/1.1, HTTP1.1, 1.1, h2 or
    「HTTP1.1以上」; a connection by file has no version and an empty cell is right.
    """
    value = row["http_version"]
    return None if not value or re.fullmatch(RIGHT, value) else Fault("通信プロトコル", value)


@http_is_version_1_1_or_later.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("http_version")
    return (value == "") | value.str.contains(rf"\A(?:{RIGHT})\z")
