"""Text is written without half-width kana (半角カナ)."""

import re

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, columns, is_any, told

HALF_WIDTH = re.compile("[｡-ﾟ]")


@set_rule(
    "ODS-0011",
    clause="open-data-sets/2021#半角カナ",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(is_any),
)
def text_is_written_without_half_width_kana(tables: Tables, context: Context) -> Found:
    """Kana and their signs are full-width (半角カナ).

    Half-width kana come from old office systems. The same name in both widths is not found by a search and is sorted
    elsewhere, and some programs damage it. The half-width middle dot counts, too. Convert the cell to full width.
    """
    for item, rows in columns(tables, context, is_any):
        yield from told(item, [row for row in rows if HALF_WIDTH.search(row[item.item])], rows)
