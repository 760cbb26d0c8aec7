"""A foreign resident's record shows the nationality or region (国籍・地域)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK


@row_rule(
    "RES-0034",
    clause="resident-record/1.0#1.1.2/m1",
    severity=Severity.WARNING,
    standing=Standing.PROVISIONAL,
    pack=PACK,
    table="",
    needs=("resident_kind", "nationality_name"),
    uses=("nationality_code",),
)
def a_foreign_resident_has_a_nationality(row: Row, context: Context) -> Fault | None:
    """住民種別 2 comes with 国籍名等 or its code (国籍・地域).

    The law puts it on every foreign resident's record (article 30-45 of the act). The standard does not list it among
    the items that may not be empty, so this is a hint: look it up on the residence card.

    Right although it looks odd: 無国籍, a region (台湾), the code alone or the name alone.
    """
    if row["resident_kind"] == "2" and row["nationality_name"] == "" and row["nationality_code"] == "":
        return Fault("国籍名等")
    return None


@a_foreign_resident_has_a_nationality.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    is_filled = (row("nationality_name") != "") | (row("nationality_code") != "")
    return (row("resident_kind") != "2") | is_filled
