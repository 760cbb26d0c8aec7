"""Nobody becomes a resident before being born (出生と住民となった日)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import FLAG, FULL, Cell, CellColumn, is_full, is_resident_item

BORN = "生年月日"


@item_rule(
    "RES-0010",
    clause="resident-record/1.0#1.1.1/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.name_ja in ("住民となった年月日", "外国人住民となった年月日") and is_resident_item(item),
    by_row=True,
)
def nobody_becomes_a_resident_before_birth(cell: Cell, item: Item, context: Context) -> Fault | None:
    """The day of becoming a resident, or a foreign resident, is not before the birth date (出生と住民となった日).

    One of the two dates belongs to somebody else or has a wrong century or era: the age, the school year and the
    insurance follow from them. Compare both with the notification.

    Right although it looks odd: both on the same day (born here), a day of becoming a (foreign) resident that lies
    after the day of taking up the address (4.5.5: somebody who lost Japanese nationality while living here), and days
    that no calendar has, which are compared as written. Dates marked as unknown are not compared.
    """
    born, became = cell(BORN), cell(item.name_ja)
    if "1" in (cell(BORN + FLAG), cell(item.name_ja + FLAG)):
        return None
    if is_full(born) and is_full(became) and became < born:
        return Fault(item.name_ja, became)
    return None


@nobody_becomes_a_resident_before_birth.accepts
def _(cell: CellColumn, item: Item, context: Context) -> pl.Expr:
    born, became = cell(BORN), cell(item.name_ja)
    is_unknown = (cell(BORN + FLAG) == "1") | (cell(item.name_ja + FLAG) == "1")
    return is_unknown | (became >= born) | ~born.str.contains(FULL) | ~became.str.contains(FULL)
