"""A stay with a period has a last day (在留期間の満了の日)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK

PERIODS = ("stay_period_years", "stay_period_months", "stay_period_days")
MID_LONG_TERM = ("mid_long_term", "中長期在留者")


@row_rule(
    "RES-0036",
    clause="resident-record/1.0#1.1.2/m1",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("article30_45_class", "stay_expires_on"),
    uses=PERIODS,
)
def a_stay_with_a_period_has_its_last_day(row: Row, context: Context) -> Fault | None:
    """A mid- to long-term resident with a period of stay has 在留期間の満了の日 (在留期間の満了の日).

    The municipality watches the expiry: without the day nobody notices that a stay has ended, and copies of the record
    print it. It stands on the residence card and in the notice of the immigration authority.

    Right although it looks odd: no day for permanent residents, who have no period, for special permanent residents,
    and a last day in the past while an application is pending.
    """
    if row["article30_45_class"] not in MID_LONG_TERM or row["stay_expires_on"] != "":
        return None
    return Fault("在留期間の満了の日") if any(row[period].strip("0") for period in PERIODS) else None


@a_stay_with_a_period_has_its_last_day.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    has_none = pl.all_horizontal(row(period).str.contains(r"\A0*\z") for period in PERIODS)
    return ~row("article30_45_class").is_in(MID_LONG_TERM) | (row("stay_expires_on") != "") | has_none
