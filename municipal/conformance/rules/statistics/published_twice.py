"""No table is published for two months (同じ表の二重公表)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.statistics import (
    STOCK_PACKS,
    Found,
    Month,
    Tables,
    by_body,
    count,
    fault,
    is_count,
    month_in_name,
    stock,
    surveyed_month,
    tables_of,
)

_LEAST_AREAS = 3


def figures(table: list[Row], names: list[str]) -> tuple[tuple[str, ...], ...]:
    """What a table says, whatever its day is; of less than three inhabited areas nothing (表の内容)."""
    inhabited = [row for row in table if count(row["total"])]
    if len(inhabited) < _LEAST_AREAS:
        return ()
    return tuple((row["area"], *(row[name] for name in names)) for row in table)


def month_told(row: Row, context: Context) -> Month | None:
    """The month that the file's name tells, else the month of the survey (表の年月)."""
    return month_in_name(context.files[row.file]) or surveyed_month(row)


@set_rule(
    "STAT-0004",
    clause="open-data-sets/2021#調査年月日",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=stock,
)
def no_table_is_published_twice(tables: Tables, context: Context) -> Found:
    """Two tables of a series do not have the same figures for every area, sex and age (同じ表の二重公表).

    A month in which nobody anywhere was born, died, moved or had a birthday does not happen in a town: the later
    file is the earlier one under a new name, and the figures of its month are missing. Said once, at the first row
    of the later file. One table in two formats is right: name and day tell the same month. Publish the table of the
    right month.
    """
    names = [item.item for item in context.pack.items_of("population") if is_count(item)]
    for rows in by_body(tables.get("population", ())):
        known: dict[tuple[tuple[str, ...], ...], Row] = {}
        for table in tables_of(rows).values():
            content = figures(table, names)
            first = known.setdefault(content, table[0])
            if content and month_told(first, context) != month_told(table[0], context):
                yield fault(context, table[0], "population", "surveyed_on", other=context.files[first.file])
