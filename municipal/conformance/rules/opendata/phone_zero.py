"""A telephone number keeps its leading zero (電話番号の先頭の0)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, PHONES, Found, Tables, collecting, columns, items_named, told
from municipal.conformance.rules.opendata.phone_form import lost_its_zero, several


@set_rule(
    "ODS-0006",
    clause="open-data-sets/2021#電話番号",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(PHONES)),
)
def a_telephone_number_keeps_its_leading_zero(tables: Tables, context: Context) -> Found:
    """A telephone number begins with its 0 (電話番号の先頭の0).

    A spreadsheet that takes the column for numbers drops the 0: 0176516790 becomes 176516790, and nobody can call.
    Set the column to text before the numbers are typed or imported, and read them from the source again.
    """
    for item, rows in columns(tables, context, items_named(PHONES)):
        yield from told(item, [row for row in rows if any(map(lost_its_zero, several(row[item.item])))], rows)
