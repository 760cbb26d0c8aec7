"""The provider in a scope is a business that is known (スコープの業務ID)."""

from __future__ import annotations

import re

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.linkage import PROVIDER


def businesses(context: Context) -> list[str]:
    """The business IDs of the pack (業務IDの一覧)."""
    return [value.code for value in context.pack.codes.get("business_id", ())]


@item_rule(
    "LINK-0010",
    clause="linkage/2.7#2.2.5/m10",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("linkage",),
    concerns=lambda item: item.item == "oauth_scope",
)
def the_provider_of_a_scope_is_a_known_business(value: str, item: Item, context: Context) -> Fault | None:
    """The three digits before the first colon of a scope are a business ID of the list (スコープの業務ID).

    An unknown one is usually the ID of the system that calls, or a vendor's own number. 029 to 037 are the common
    functions and right. Scopes that are not of the form at all are left to the other rule.
    """
    unknown = set(re.findall(PROVIDER, value)) - set(businesses(context))
    return Fault(item.name_ja, value, {"count": len(unknown)}) if unknown else None


@the_provider_of_a_scope_is_a_known_business.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    provider = pl.element().str.extract("([0-9]{3})")
    return column.str.extract_all(PROVIDER).list.eval(provider.is_in(businesses(context))).list.all()
