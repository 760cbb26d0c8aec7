"""A scope is business ID, resource and operation (スコープの書式)."""

from __future__ import annotations

import re

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.linkage import BETWEEN, SCOPE


@item_rule(
    "LINK-0009",
    clause="linkage/2.7#2.2.5/m10",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("linkage",),
    concerns=lambda item: item.item == "oauth_scope",
)
def a_scope_is_provider_resource_and_operation(value: str, item: Item, context: Context) -> Fault | None:
    """Every scope is the provider's business ID, a resource and an operation, joined by colons (スコープの書式).

    The resource is the name by which the API is called and may hold slashes, the operation a word such as Read or
    Create. Scopes of another form cannot be given or checked by another vendor's server.

    Right although it looks odd: several scopes in one cell, as the protocol sends them, separated by spaces.
    """
    is_right = re.fullmatch(f"{SCOPE}(?:{BETWEEN}+{SCOPE})*", value)
    return None if is_right else Fault(item.name_ja, value)


@a_scope_is_provider_resource_and_operation.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return column.str.contains(rf"\A{SCOPE}(?:{BETWEEN}+{SCOPE})*\z")
