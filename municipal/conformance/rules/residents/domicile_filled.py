"""A Japanese resident's record shows the registered domicile (本籍の記入)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK

PARTS = ("domicile", "domicile_city_county", "domicile_machiaza", "domicile_lot_or_block")


@row_rule(
    "RES-0031",
    clause="resident-record/1.0#1.1.6/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_kind", "domicile"),
    uses=(*PARTS[1:], "is_address_withheld"),
)
def a_japanese_resident_has_a_domicile(row: Row, context: Context) -> Fault | None:
    """住民種別 1 comes with 本籍, in one column or split into its parts (本籍の記入).

    It is one of the items that may not be empty, on removed records neither: where the family register is decides
    which municipality must be told of events.

    Right although it looks odd: なし (people without a family register) and 不明 (1.1.12), and the empty domicile of a
    protected person in a file that leaves addresses out (住所の非表示 is 1).
    """
    if row["resident_kind"] != "1" or row["is_address_withheld"] == "1" or any(row[part] for part in PARTS):
        return None
    return Fault("本籍")


@a_japanese_resident_has_a_domicile.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    is_filled = pl.any_horizontal(row(part) != "" for part in PARTS)
    return (row("resident_kind") != "1") | (row("is_address_withheld") == "1") | is_filled
