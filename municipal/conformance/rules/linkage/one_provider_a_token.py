"""An access token opens one provider only (トークンの提供側)."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.linkage import PROVIDER


@row_rule(
    "LINK-0011",
    clause="linkage/2.7#2.2.5/n4",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="linkage",
    table="token_responses",
    needs=("oauth_scope",),
)
def a_token_opens_one_provider_only(row: Row, context: Context) -> Fault | None:
    """All scopes of one token begin with the same business ID (トークンの提供側).

    A token for several providers gives away all of them when one system loses it. Ask for one token for each. Several
    scopes of one provider are right.
    """
    providers = set(re.findall(PROVIDER, row["oauth_scope"]))
    return Fault("スコープ", row["oauth_scope"], {"providers": len(providers)}) if len(providers) > 1 else None


@a_token_opens_one_provider_only.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    found = row("oauth_scope").str.extract_all(PROVIDER)
    return found.list.eval(pl.element().str.extract("([0-9]{3})")).list.n_unique() <= 1
