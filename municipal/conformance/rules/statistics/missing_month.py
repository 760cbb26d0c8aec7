"""A series of months has no gap (月の欠け)."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.statistics import (
    STOCK_PACKS,
    Found,
    Tables,
    by_body,
    fault,
    flows,
    month_of,
    series,
    written,
)
from municipal.conformance.rules.statistics.stock_and_flow import month_of_flow

_LEAST = 3


def gaps(months: Iterable[int]) -> dict[int, list[str]]:
    """By the month behind it, what is missing in a gap; the usual step counts, so quarters are right (欠けた月)."""
    known = sorted(set(months))
    steps = [after - before for before, after in pairwise(known)]
    if len(known) < _LEAST:
        return {}
    usual = Counter(steps).most_common(1)[0][0]
    return {
        after: [written(month_of(month)) for month in range(before + usual, after, usual)]
        for before, after in pairwise(known)
        if after - before > usual
    }


@set_rule(
    "STAT-0007",
    clause="population-statistics/1#series",
    severity=Severity.INFO,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=flows,
)
def a_series_of_months_has_no_gap(tables: Tables, context: Context) -> Found:
    """Between the first and the last month of a series no month is missing (月の欠け).

    Stocks and flows are looked at apart. Told for information at the first row behind the gap: the file may exist and
    only not be among those that were checked. Quarterly and yearly series are right.
    """
    for rows in by_body(tables.get("population", ())):
        months = series(rows, context)
        for after, missing in gaps(months).items():
            yield fault(context, months[after][0], "population", "surveyed_on", missing=", ".join(missing))
    for table in ("births_and_deaths", "moves"):
        lines: dict[int, Row] = {}
        for row in tables.get(table, ()):
            if (month := month_of_flow(row, context)) is not None:
                lines.setdefault(month, row)
        for after, missing in gaps(lines).items():
            yield fault(context, lines[after], table, "month", missing=", ".join(missing))
