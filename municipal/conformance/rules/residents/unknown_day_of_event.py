"""The day of an event is known, but for births, deaths and disappearances (異動日の不詳)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import FLAG, Cell, CellColumn, is_resident_item, reasons

REASON_OF = {"異動年月日": "異動事由", "記載の異動年月日": "記載の事由", "消除の異動年月日": "消除の事由"}
WITHOUT_DOUBT = reasons() - reasons("birth", "death", "deletion_ex_officio")


@item_rule(
    "RES-0006",
    clause="resident-record/1.0#1.1.8/m2",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.name_ja in REASON_OF and is_resident_item(item),
    by_row=True,
)
def the_day_of_most_events_is_known(cell: Cell, item: Item, context: Context) -> Fault | None:
    """Only the day of a birth, a death or a disappearance may be unknown (異動日の不詳).

    A notification says when somebody moved; where the day of a move is marked as unknown, it was usually lost when the
    data came from an older system that kept moves and other events in different fields. Compare with the source before
    the old system is switched off: afterwards certificates print 年月日不詳 for ever.

    Right although it looks odd: 職権消除, by which missing people are removed, with an unknown day. Not judged: reasons
    that are empty or a number of the system's own list.
    """
    if cell(item.name_ja + FLAG) == "1" and cell(REASON_OF[item.name_ja]) in WITHOUT_DOUBT:
        return Fault(item.name_ja + FLAG)
    return None


@the_day_of_most_events_is_known.accepts
def _(cell: CellColumn, item: Item, context: Context) -> pl.Expr:
    return (cell(item.name_ja + FLAG) != "1") | ~cell(REASON_OF[item.name_ja]).is_in(sorted(WITHOUT_DOUBT))
