"""One telephone number stands in one cell (電話番号は一つ)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, PHONES, Found, Tables, collecting, columns, items_named, told
from municipal.conformance.rules.opendata.phone_form import several


@set_rule(
    "ODS-0005",
    clause="open-data-sets/2021#電話番号",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(PHONES)),
)
def one_telephone_number_stands_in_one_cell(tables: Tables, context: Context) -> Found:
    """A cell holds one telephone number, on one line (電話番号は一つ).

    Programs dial what stands in the cell; two numbers joined by a line end or a comma cannot be dialled, and a line
    end inside a cell shifts the rows in careless programs. Keep the main number and move the others to the remarks.
    """
    for item, rows in columns(tables, context, items_named(PHONES)):
        yield from told(item, [row for row in rows if len(several(row[item.item])) > 1], rows)
