"""An access token lives an hour at most (トークンの有効期限)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule

SECONDS = "[0-9]{1,9}"
LONGEST = 3600


@row_rule(
    "LINK-0008",
    clause="linkage/2.7#2.2.5/m9",
    severity=Severity.INFO,
    standing=Standing.PROVISIONAL,
    pack="linkage",
    table="token_responses",
    needs=("expires_in",),
)
def a_token_lives_an_hour_at_most(row: Row, context: Context) -> Fault | None:
    """The life of an access token is stated and at most 3,600 seconds (トークンの有効期限).

    The standard says short enough and gives no number; an hour is our reading, so this is for information. A token
    that was stolen works until it ends. Without expires_in nobody can tell.
    """
    value = row["expires_in"]
    is_short = re.fullmatch(SECONDS, value) and int(value) <= LONGEST
    return None if is_short else Fault("有効期限（秒）", value, {"limit": LONGEST})


@a_token_lives_an_hour_at_most.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    value = row("expires_in")
    seconds = pl.when(value.str.contains(rf"\A{SECONDS}\z")).then(value.str.to_integer(strict=False))
    return (seconds <= LONGEST).fill_null(value=False)
