"""A Japanese resident has no items of foreign residents (日本人住民の在留項目)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK

PARTS = {
    "article30_45_class": "第30条45規定区分",
    "became_foreign_resident_on": "外国人住民となった年月日",
    "residence_card_no": "在留カード等番号",
    "residence_status_code": "在留資格等コード",
    "stay_period_years": "在留期間等コード_年",
    "stay_period_months": "在留期間等コード_月",
    "stay_period_days": "在留期間等コード_日",
    "stay_expires_on": "在留期間の満了の日",
    "landing_period": "上陸期間",
    "provisional_stay_period": "仮滞在期間",
}
ZEROS = r"\A0*\z"


@row_rule(
    "RES-0035",
    clause="resident-record/1.0#1.1.2/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("resident_kind",),
    uses=tuple(PARTS),
)
def a_japanese_resident_has_no_items_of_a_stay(row: Row, context: Context) -> Fault | None:
    """住民種別 1 comes without the items of article 30-45: class, card, status, period, expiry (日本人住民の在留項目).

    They stay behind when somebody became Japanese and the record was changed instead of made anew. At naturalisation
    the day of becoming a foreign resident becomes the day of becoming a resident (4.5.3); the rest is not carried
    over, and a Japanese national must not appear in lists of expiring stays.

    Right although it looks odd: zeros in the columns of codes (0, 00, 000), which some systems write for nothing.
    """
    if row["resident_kind"] != "1":
        return None
    return next((Fault(heading, row[part]) for part, heading in PARTS.items() if row[part].strip("0")), None)


@a_japanese_resident_has_no_items_of_a_stay.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    is_empty = pl.all_horizontal(row(part).str.contains(ZEROS) for part in PARTS)
    return (row("resident_kind") != "1") | is_empty
