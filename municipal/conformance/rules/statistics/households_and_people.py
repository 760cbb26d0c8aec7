"""There are not more households than people (世帯数と人口)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.statistics import STOCK_PACKS, Found, Tables, counts, fault, stock


@set_rule(
    "STAT-0010",
    clause="open-data-sets/2021#世帯数",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=stock,
)
def there_are_not_more_households_than_people(tables: Tables, context: Context) -> Found:
    """In every row there are at most as many households as people (世帯数と人口).

    A household of the resident register has at least one member. Equal numbers are right: everybody lives alone. Two
    columns were exchanged, or the row of another area slipped in.
    """
    for table, rows in tables.items():
        for row in rows:
            figures = counts(row, ("households", "total"))
            if figures and figures[0] > figures[1]:
                yield fault(context, row, table, "households", households=figures[0], total=figures[1])
