"""The reason of an event is one of the closed list (異動事由の区分)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import is_resident_item, reasons

ITEMS = ("event_reason", "entry_reason", "deletion_reason")
NUMBER = r"\A[0-9A-Z]{1,4}\z"
FORBIDDEN = "転居取消"


def is_code(value: str) -> bool:
    """Whether it is a code of the system's own, which 1.2.2 lets be mapped to the list (独自コードか)."""
    return len(value) <= 4 and value.isascii() and value.isalnum() and value == value.upper()


@item_rule(
    "RES-0040",
    clause="resident-record/1.0#1.2.2/m3",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.item in ITEMS and is_resident_item(item),
)
def the_reason_of_an_event_is_of_the_list(value: str, item: Item, context: Context) -> Fault | None:
    """A reason in words is one of the 35 of the standard: 9 of entry, 9 of removal, 19 of correction (異動事由の区分).

    The list is closed. 転入 does not tell 国内転入 from 国外転入等 and 転出 not 国内転出 from 国外転出, though the
    statistics need the difference; 帰化 is 職権記載（帰化等） or 職権消除（帰化等）. Map the reasons of the source one
    by one and decide with the help of the addresses where one word became two.

    Right although it looks odd: the words of our own code table (move_in), half-width brackets, and short codes of
    digits and capitals, because systems may number their reasons as they like and the official numbers are not public.
    """
    written = value.replace("(", "（").replace(")", "）")
    is_right = written in reasons() or is_code(value) or FORBIDDEN in value
    return None if is_right else Fault(item.name_ja, value)


@the_reason_of_an_event_is_of_the_list.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    written = column.str.replace_all("(", "（", literal=True).str.replace_all(")", "）", literal=True)
    is_other = column.str.contains(NUMBER) | column.str.contains(FORBIDDEN, literal=True)
    return written.is_in(sorted(reasons())) | is_other
