"""An unknown date is written in one of the fourteen notations (不詳日の表記)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import WORDS, is_resident_item, judged_once
from municipal.core.notations import read_notation
from municipal.core.refusals import Refused


def is_notation(value: str) -> bool:
    """Whether the text is one of the fourteen notations and its parts fit together (不詳表記か)."""
    try:
        return read_notation(value) is not None
    except Refused:
        return False


@item_rule(
    "RES-0004",
    clause="resident-record/1.0#1.1.8/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.name_ja.endswith(WORDS) and is_resident_item(item),
)
def an_unknown_date_is_written_in_a_listed_notation(value: str, item: Item, context: Context) -> Fault | None:
    """不詳表記 has one of the fourteen notations of 1.1.8, and its month, day and era exist (不詳日の表記).

    The list is closed, so that every system can read what another one wrote: 「昭和20年 月日不詳」「昭和15年3月頃」
    「推定平成2年5月」「昭和30年春」「年月日不詳」 and so on. 「昭和20年頃生」「不明」「昭和99年頃」 are not on it or
    not possible. Choose the notation that says the same; if none does, look at the family register again.

    Right although it looks odd: full-width digits, a full-width or missing space, 元年, and a Gregorian year, as
    foreign residents have one.
    """
    return None if is_notation(value) else Fault(item.name_ja, value)


@an_unknown_date_is_written_in_a_listed_notation.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return judged_once(column, is_notation)
