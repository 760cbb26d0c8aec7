"""A reason of entry makes a record, a reason of removal ends one (事由の区分の取り違え)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import is_resident_item, reasons
from municipal.core.codes import table

GROUP_OF = {"entry_reason": "entry", "deletion_reason": "deletion"}


def right(item: Item) -> frozenset[str]:
    """The reasons that the item may hold (項目に許される事由)."""
    group = GROUP_OF[item.item]
    return reasons(*(code.code for code in table("event_reason").values() if code.extra["group"] == group))


@item_rule(
    "RES-0042",
    clause="resident-record/1.0#1.2.2/m3",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.item in GROUP_OF and is_resident_item(item),
)
def entries_and_removals_have_reasons_of_their_own(value: str, item: Item, context: Context) -> Fault | None:
    """記載の事由 is a reason of entry and 消除の事由 a reason of removal (事由の区分の取り違え).

    Somebody cannot enter the register by 死亡 nor leave it by 転居. The column usually holds the reason of the latest
    event instead of the one that made or ended the record: take 記載の事由 from the first row of the history.

    Right although it looks odd: 改製 and 再製 in both, as the new sheet begins and the old one ends by them. Words
    outside the list are found by another rule, and codes of the system's own are not judged.
    """
    return Fault(item.name_ja, value) if value in reasons() - right(item) else None


@entries_and_removals_have_reasons_of_their_own.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return ~column.is_in(sorted(reasons() - right(item)))
