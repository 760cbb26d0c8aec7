"""A living resident is not older than anybody ever was (高齢の住民)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import FULL, PACK, is_full

OLDEST = 122
"""The greatest age that any person is known to have reached, in years."""


def earliest(context: Context) -> str:
    """The birth date before which nobody can be alive on the day of the data (生存し得る最も早い生年月日)."""
    return date(context.as_of.year - OLDEST - 1, 1, 1).isoformat()


@row_rule(
    "RES-0009",
    clause="resident-record/1.0#1.1.8/n1",
    severity=Severity.WARNING,
    standing=Standing.PROVISIONAL,
    pack=PACK,
    table="residents",
    needs=("resident_status", "birth_date"),
    uses=("birth_date_unknown",),
)
def a_living_resident_is_not_older_than_anybody_ever_was(row: Row, context: Context) -> Fault | None:
    """Nobody who is a resident now was born more than 123 years ago (高齢の住民).

    Such a birth date is a stand-in that was never marked as unknown (1900-01-01), a typing error in the century or
    the era, or somebody whose death was never reported. Each of the three must be settled: ask the family register.

    Right although it looks odd: very old birth dates of people whose record is removed, kept for 150 years, and dates
    marked as unknown.
    """
    born = row["birth_date"]
    if row["resident_status"] == "1" and is_full(born) and born < earliest(context):
        return None if row["birth_date_unknown"] == "1" else Fault("生年月日", born, {"age": OLDEST})
    return None


@a_living_resident_is_not_older_than_anybody_ever_was.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    born = row("birth_date")
    is_old = born.str.contains(FULL) & (born < earliest(context))
    return (row("resident_status") != "1") | ~is_old | (row("birth_date_unknown") == "1")
