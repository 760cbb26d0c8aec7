"""A Japanese resident's record shows the head of the family register (筆頭者の記入)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK

PARTS = ("family_register_head", "family_register_head_family", "family_register_head_given")


@row_rule(
    "RES-0032",
    clause="resident-record/1.0#1.1.6/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_kind", "family_register_head"),
    uses=PARTS[1:],
)
def a_japanese_resident_has_a_head_of_the_family_register(row: Row, context: Context) -> Fault | None:
    """住民種別 1 comes with 戸籍_筆頭者, whole or as family and given name (筆頭者の記入).

    With the domicile it names the family register, and neither may be empty. A family register is looked up by both.

    Right although it looks odd: なし and 不明 (1.1.12), and the name of somebody who died long ago: the head of a
    family register does not change.
    """
    return None if row["resident_kind"] != "1" or any(row[part] for part in PARTS) else Fault("戸籍_筆頭者")


@a_japanese_resident_has_a_head_of_the_family_register.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return (row("resident_kind") != "1") | pl.any_horizontal(row(part) != "" for part in PARTS)
