"""Dates are written YYYY-MM-DD (日付の表記)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import DATES, PACKS, Found, Tables, collecting, items_named
from municipal.conformance.rules.opendata.day_foreign import MISLEADING, NAMES, by_notation


@set_rule(
    "ODS-0018",
    clause="open-data-sets/2021#日付",
    severity=Severity.INFO,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(DATES)),
)
def dates_are_written_year_month_day(tables: Tables, context: Context) -> Found:
    """Dates are written YYYY-MM-DD with hyphens and leading zeros (日付の表記).

    2018/11/1, 2018年11月1日, 20181101 and era dates are understood by people and tell one day only, but programs have
    to guess. Said once for a column and notation. A year or a month alone is right where no more is known.
    """
    yield from by_notation(tables, context, NAMES.keys() - frozenset(MISLEADING))
