"""A cell neither begins nor ends with a blank (前後の空白)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, columns, is_any, told


@set_rule(
    "ODS-0010",
    clause="open-data-sets/2021#前後の空白",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(is_any),
)
def a_cell_neither_begins_nor_ends_with_a_blank(tables: Tables, context: Context) -> Found:
    """A cell has no white space before or behind its value (前後の空白).

    Nobody sees it, and every comparison fails: two places with one address become two addresses. Half-width and
    full-width blanks, tabs and line ends count. If a number format of a spreadsheet added it, all cells of the column
    have it and it is said once. Export the values without the format, or trim them.
    """
    for item, rows in columns(tables, context, is_any):
        yield from told(item, [row for row in rows if row[item.item] != row[item.item].strip()], rows)
