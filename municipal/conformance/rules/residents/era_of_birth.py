"""The era code of a birth date is the era of that day (生年月日の元号)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import FULL, PACK, is_full
from municipal.core.eras import Era, eras

CODES = {str(era.code): era for era in eras()}


def last_day(era: Era) -> str:
    """The last day that a register may write in an era; far away while it lasts (元号の最終日)."""
    return era.last_day().isoformat()


@row_rule(
    "RES-0007",
    clause="resident-record/1.0#1.1.8/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("birth_era", "birth_date"),
)
def the_era_of_a_birth_date_is_the_era_of_its_day(row: Row, context: Context) -> Fault | None:
    """生年月日_元号 is the era to which the birth date belongs (生年月日の元号).

    A wrong era moves somebody by decades on every certificate, which prints era dates only. It happens when the year
    of one era was converted with the table of another.

    Right although it looks odd: the two days that registers write in the old era and calendars in the new one,
    30 July 1912 (明治45年7月30日) and 25 December 1926 (大正15年12月25日); both eras are right there. Dates that
    are not written in full and codes outside the list are not judged here.
    """
    era, born = CODES.get(row["birth_era"]), row["birth_date"]
    if era is None or not is_full(born) or era.starts_on.isoformat() <= born <= last_day(era):
        return None
    return Fault("生年月日_元号", row["birth_era"], {"era_ja": era.name_ja, "era_en": era.name_en})


@the_era_of_a_birth_date_is_the_era_of_its_day.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    code, born = row("birth_era"), row("birth_date")
    agrees = [
        (code == sign) & (born >= era.starts_on.isoformat()) & (born <= last_day(era)) for sign, era in CODES.items()
    ]
    return ~code.is_in(list(CODES)) | ~born.str.contains(FULL) | pl.any_horizontal(agrees)
