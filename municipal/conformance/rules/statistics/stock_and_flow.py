"""What changed between two months is what happened in between (人口と動態の一致)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.statistics import (
    FLOW_PACKS,
    Found,
    Tables,
    by_body,
    count,
    counts,
    fault,
    flows,
    month_of,
    number_of,
    people,
    series,
    written,
    year_in_name,
)

ENTRIES = tuple(f"in_{where}_{sex}" for where in ("prefecture", "outside", "other") for sex in ("men", "women"))
REMOVALS = tuple(name.replace("in_", "out_", 1) for name in ENTRIES)
_FEW_MONTHS = 4


def month_of_flow(row: Row, context: Context) -> int | None:
    """The month of a line of flows; the year stands in the line or in the file's name (動態の年月)."""
    year, month = count(row["year"].strip().removesuffix("年")), count(row["month"].strip().removesuffix("月"))
    if year is None:
        year = year_in_name(context.files[row.file])
    return number_of((year, month)) if year and month and 1 <= month <= 12 else None


def changes(tables: Tables, context: Context) -> dict[int, int]:
    """By month, births less deaths plus entries less removals; only months of which all is known (人口の増減)."""
    natural, moved = {}, {}
    for row in tables.get("births_and_deaths", ()):
        figures, month = counts(row, ("births", "deaths")), month_of_flow(row, context)
        if figures and month is not None:
            natural[month] = figures[0] - figures[1]
    for row in tables.get("moves", ()):
        entries, removals, month = counts(row, ENTRIES), counts(row, REMOVALS), month_of_flow(row, context)
        if entries and removals and month is not None:
            moved[month] = sum(entries) - sum(removals)
    return {month: natural[month] + moved[month] for month in natural.keys() & moved.keys()}


@set_rule(
    "STAT-0006",
    clause="population-statistics/1#stock-and-flow",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=FLOW_PACKS,
    collects=flows,
)
def what_changed_is_what_happened(tables: Tables, context: Context) -> Found:
    """The population changes by exactly births less deaths plus entries less removals (人口と動態の一致).

    Stocks of the first day of a month and the flows of that month are held against the stock of the next. A single
    month that differs has a wrong table; two that differ by the same number, once more and once less, point to the
    table between them. If most of four or more months differ, the flows leave something out (corrections ex officio,
    changes of nationality) and nothing is said. Judged for one municipality at a time.
    """
    bodies = list(by_body(tables.get("population", ())))
    happened = changes(tables, context)
    if len(bodies) != 1 or not happened:
        return
    months = series(bodies[0], context)
    compared = [month for month in months if month + 1 in months and month in happened]
    differences = {month: people(months[month + 1]) - people(months[month]) - happened[month] for month in compared}
    wrong = {month: difference for month, difference in differences.items() if difference}
    if len(compared) >= _FEW_MONTHS and len(wrong) * 2 > len(compared):
        return
    for month, difference in wrong.items():
        first = months[month + 1][0]
        facts = {"month": written(month_of(month)), "difference": f"{difference:+d}", "expected": happened[month]}
        yield fault(context, first, "population", "total", **facts)
