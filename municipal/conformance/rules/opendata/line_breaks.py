"""Names and addresses stand on one line (セル内の改行)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import (
    ADDRESSES,
    DATES,
    PACKS,
    TIMES,
    Found,
    Tables,
    collecting,
    columns,
    items_named,
    told,
)

_SHORT = items_named(
    ADDRESSES | DATES | TIMES | {"id", "name", "name_kana", "prefecture", "municipality", "address_municipality"}
)


@set_rule(
    "ODS-0043",
    clause="open-data-sets/2021#改行",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(_SHORT),
)
def names_and_addresses_stand_on_one_line(tables: Tables, context: Context) -> Found:
    """Names, addresses, dates and times have no line end inside the cell (セル内の改行).

    Long texts may have them. In a name or an address a line end was typed to fit a printed table; simple programs take
    what follows for the next row, and a search for the whole name fails. Telephone numbers have their own rule.
    """
    for item, rows in columns(tables, context, _SHORT):
        yield from told(item, [row for row in rows if "\n" in row[item.item].strip() or "\r" in row[item.item]], rows)
