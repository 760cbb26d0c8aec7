"""A date marked as unknown says in words what is known (不詳フラグと不詳表記)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import FLAG, WORDS, Cell, CellColumn, is_resident_item


@item_rule(
    "RES-0001",
    clause="resident-record/1.0#1.1.8/m5",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.may_be_unknown and is_resident_item(item),
    by_row=True,
)
def a_date_marked_as_unknown_has_its_notation(cell: Cell, item: Item, context: Context) -> Fault | None:
    """Where 不詳フラグ is 1, 不詳表記 says in words what is known (不詳フラグと不詳表記).

    Unknown dates are handed on as unknown, in one of fourteen notations from 年月日不詳 to 令和8年11月23日頃. With the
    flag alone nobody can print the certificate: what the family register says is lost. Take the words from the source
    system; where it truly knows nothing they are 年月日不詳.

    Right although it looks odd: words and flag with an empty date.
    """
    if cell(item.name_ja + FLAG) == "1" and cell(item.name_ja + WORDS) == "":
        return Fault(item.name_ja + WORDS)
    return None


@a_date_marked_as_unknown_has_its_notation.accepts
def _(cell: CellColumn, item: Item, context: Context) -> pl.Expr:
    return (cell(item.name_ja + FLAG) != "1") | (cell(item.name_ja + WORDS) != "")
