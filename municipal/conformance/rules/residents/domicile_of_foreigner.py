"""A foreign resident has no registered domicile (外国人住民の本籍)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK

PARTS = {"domicile": "本籍", "domicile_machiaza": "本籍_町字", "family_register_head": "戸籍_筆頭者"}
NOTHING = ("", "なし", "無し", "不明", "－", "-")


@row_rule(
    "RES-0033",
    clause="resident-record/1.0#1.1.2/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_kind", "domicile"),
    uses=("domicile_machiaza", "family_register_head"),
)
def a_foreign_resident_has_no_domicile(row: Row, context: Context) -> Fault | None:
    """住民種別 2 comes without 本籍 and 筆頭者 (外国人住民の本籍).

    Only Japanese nationals have a family register. A domicile on the record of a foreign resident was left behind when
    somebody lost Japanese nationality, or the kind of resident is wrong. A new record is made in such a case and the
    old one removed (4.5.5); the domicile is not among the items that are carried over.

    Right although it looks odd: なし, 不明 and a dash.
    """
    if row["resident_kind"] != "2":
        return None
    return next((Fault(heading, row[part]) for part, heading in PARTS.items() if row[part] not in NOTHING), None)


@a_foreign_resident_has_no_domicile.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return (row("resident_kind") != "2") | pl.all_horizontal(row(part).is_in(NOTHING) for part in PARTS)
