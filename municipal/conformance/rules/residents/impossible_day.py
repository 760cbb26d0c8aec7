"""A day that no calendar has stands only where the standard allows it (暦上日以外の年月日)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import FULL, Cell, CellColumn, day, is_full, is_resident_item, reasons

ALWAYS = ("生年月日", "住民となった年月日", "住所を定めた年月日", "外国人住民となった年月日")
REASON_OF = {"異動年月日": "異動事由", "記載の異動年月日": "記載の事由", "消除の異動年月日": "消除の事由"}
WITHOUT_DOUBT = reasons() - reasons("birth", "death", "deletion_ex_officio")


@item_rule(
    "RES-0005",
    clause="resident-record/1.0#1.1.8/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.may_be_unknown and item.name_ja not in ALWAYS and is_resident_item(item),
    by_row=True,
)
def an_impossible_day_stands_only_where_allowed(cell: Cell, item: Item, context: Context) -> Fault | None:
    """A date is a day of the calendar, but for a few that must agree with the family register (暦上日以外の年月日).

    29 February of a common year is right as a birth date, as the day of becoming a (foreign) resident or of taking up
    the address, and as the day of a birth, a death or a disappearance (職権消除). Everywhere else it is a typing error:
    nobody moves on a day that does not exist. Look up the day of the event in the notification.

    Not judged: events whose reason is empty or a number of the system's own list, as nobody can tell what it means.
    """
    value = cell(item.name_ja)
    if not is_full(value) or day(value):
        return None
    if item.name_ja in REASON_OF and cell(REASON_OF[item.name_ja]) not in WITHOUT_DOUBT:
        return None
    return Fault(item.name_ja, value)


@an_impossible_day_stands_only_where_allowed.accepts
def _(cell: CellColumn, item: Item, context: Context) -> pl.Expr:
    value = cell(item.name_ja)
    exists = value.str.to_date("%Y-%m-%d", strict=False).is_not_null() & ~value.str.starts_with("0000")
    right = exists | ~value.str.contains(FULL)
    if item.name_ja in REASON_OF:
        return right | ~cell(REASON_OF[item.name_ja]).is_in(sorted(WITHOUT_DOUBT))
    return right
