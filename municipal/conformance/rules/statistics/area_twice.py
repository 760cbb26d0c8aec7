"""An area stands once in a table (地域の重複)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.statistics import STOCK_PACKS, Found, Tables, fault, stock, tables_of

_MANY = 4


@set_rule(
    "STAT-0008",
    clause="open-data-sets/2021#地域名",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=stock,
)
def an_area_stands_once_in_a_table(tables: Tables, context: Context) -> Found:
    """An area of a municipality stands in one row for a day (地域の重複).

    Name and area code together are compared, so two areas of one name with two codes are right. The later row is
    found. If more than a quarter of the rows are repeated, the table has several rows for an area (one for each sex or
    age), and nothing is said. Its people are counted twice, or the name of a neighbouring area was overwritten.
    """
    for rows in tables.values():
        for same in tables_of([row for row in rows if row["area"].strip()]).values():
            seen: dict[tuple[str, ...], Row] = {}
            again = []
            for row in same:
                key = tuple(row[name].strip() for name in ("local_government_code", "area_code", "area", "surveyed_on"))
                first = seen.setdefault(key, row)
                if first is not row:
                    again.append((row, first.number))
            if len(again) * _MANY <= len(same):
                for row, number in again:
                    yield fault(context, row, "population", "area", first=number)
