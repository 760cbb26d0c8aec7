"""Digits of an address are of one width (住所の数字の幅)."""

import re

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import ADDRESSES, PACKS, Found, Tables, collecting, columns, items_named, once


@set_rule(
    "ODS-0042",
    clause="open-data-sets/2021#住所",
    severity=Severity.INFO,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(ADDRESSES)),
)
def digits_of_an_address_are_of_one_width(tables: Tables, context: Context) -> Found:
    """Half-width and full-width digits are not mixed in one address (住所の数字の幅).

    27-１ and 27-1 are one place for a reader and two for a program. Digits in kanji (一丁目) are no digits here. Said
    once for a column, with the number of cells. Write them all in half width.
    """
    for item, rows in columns(tables, context, items_named(ADDRESSES)):
        wrong = [row for row in rows if re.search("[0-9]", row[item.item]) and re.search("[０-９]", row[item.item])]
        yield from once(item, wrong)
