"""A public API speaks JSON (APIのデータ形式)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

API, FILE, JSON = r"(?i)REST|API", r"(?i)ファイル|file", r"(?i)^(?:application/)?JSON"


@row_rule(
    "LINK-0006",
    clause="linkage/2.7#2.2.5/m4",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="connections",
    needs=("method", "data_format"),
)
def an_api_speaks_json(row: Row, context: Context) -> Fault | None:
    """Data of a connection by API are JSON (APIのデータ形式).

    XML or CSV in the body of an answer needs a converter on the other side. A connection by file is CSV and is not
    judged here, nor is one that goes both ways.
    """
    is_api = re.search(API, row["method"]) and not re.search(FILE, row["method"])
    if not is_api or not row["data_format"] or re.search(JSON, row["data_format"]):
        return None
    return Fault("データ形式", row["data_format"])


@an_api_speaks_json.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    way, form = row("method"), row("data_format")
    is_api = way.str.contains(API) & ~way.str.contains(FILE)
    return ~is_api | (form == "") | form.str.contains(JSON)
