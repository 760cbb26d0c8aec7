"""A way of authentication that is only tolerated is known (暫定の認証方式)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

TOLERATED = "(?i)client_secret_basic|api[ _-]?key"


@row_rule(
    "LINK-0014",
    clause="linkage/2.7#2.2.5/o1",
    severity=Severity.INFO,
    standing=Standing.CITED,
    pack="linkage",
    table="clients",
    needs=("auth_method",),
)
def tolerated_ways_of_authentication_are_known(row: Row, context: Context) -> Fault | None:
    """client_secret_basic and API keys are allowed for the time being only, so they are told (暫定の認証方式).

    For information. Basic authentication stays until a common identity service exists. API keys are as a rule not
    used in the government cloud; where no authorization server can be set up on the premises they are tolerated.
    """
    value = row["auth_method"]
    return Fault("認証方式", value) if re.fullmatch(TOLERATED, value) else None


@tolerated_ways_of_authentication_are_known.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return ~row("auth_method").str.contains(rf"\A(?:{TOLERATED})\z")
