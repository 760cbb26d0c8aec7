"""Systems are linked by a public API or by file (連携方式)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

RIGHT = r"(?i)REST|API|ファイル|file"


@row_rule(
    "LINK-0001",
    clause="linkage/2.7#2.2.2/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="connections",
    needs=("method",),
)
def systems_are_linked_by_api_or_file(row: Row, context: Context) -> Fault | None:
    """A connection goes by a public REST API or by file, and in no third way (連携方式).

    Direct access to another system's database, SOAP, copying from screens and robots break with every change of the
    other system, and the standard knows none of them. That holds for systems outside the standard too (2.2.4).

    Right although it looks odd: both ways for one connection, a file server where object storage is hard to use.
    """
    value = row["method"]
    return None if not value or re.search(RIGHT, value) else Fault("連携方式", value)


@systems_are_linked_by_api_or_file.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("method")
    return (value == "") | value.str.contains(RIGHT)
