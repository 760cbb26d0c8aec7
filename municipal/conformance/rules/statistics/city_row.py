"""The areas are together the row that sums them up (地域の合計)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.statistics import (
    STOCK_PACKS,
    Found,
    Tables,
    count,
    counts,
    fault,
    is_subtotal,
    is_total,
    stock,
    tables_of,
)

SUMMED = ("total", "men", "women", "households")


@set_rule(
    "STAT-0003",
    clause="open-data-sets/2021#地域名",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=stock,
)
def the_areas_are_together_the_total_row(tables: Tables, context: Context) -> Found:
    """Where a table has a row for the whole municipality, its areas sum to it (地域の合計).

    Rows named 総数, 合計, 計 or like the municipality are taken for the whole; rows whose name ends in 計 for parts
    of it, and either those or the single areas may make the sum. Where the areas make two or three times the total,
    they stand there at two or three levels (districts and their towns), which is right. Tables with hidden figures
    are not judged for that figure, nor are tables without such a row. An area is missing or counted twice.
    """
    for table, rows in tables.items():
        for same in tables_of([row for row in rows if row["area"].strip()]).values():
            totals = [row for row in same if is_total(row)]
            parts = [row for row in same if not is_total(row)]
            if len({(row["area_code"], row["area"]) for row in same}) < len(same):
                continue
            groups = [[row for row in parts if is_subtotal(row) == which] for which in (False, True)]
            for row, name in ((row, name) for row in totals for name in SUMMED):
                sums = [sum(figures) for group in groups if (figures := _figures(group, name))]
                whole = count(row[name])
                if whole and sums and _all_known(parts, name) and all(found % whole for found in sums):
                    yield fault(context, row, table, name, total=whole, sum=sums[0])


def _figures(rows: list[Row], name: str) -> list[int]:
    return [value for row in rows if (value := count(row[name])) is not None]


def _all_known(rows: list[Row], name: str) -> bool:
    return all(counts(row, (name,)) is not None for row in rows)
