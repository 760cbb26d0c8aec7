"""An empty cell is empty (空欄の代わりの記号)."""

import re

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, columns, is_any, once

_SIGNS = re.compile(r"[-－―ー—–‐−ｰ*＊…]+|n/?a|null|none|nan", re.IGNORECASE)


def is_placeholder(text: str) -> bool:
    """Whether a cell holds a sign that stands for nothing (代わりの記号か)."""
    return _SIGNS.fullmatch(text.strip()) is not None


@set_rule(
    "ODS-0028",
    clause="open-data-sets/2021#空欄",
    severity=Severity.INFO,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(is_any),
)
def an_empty_cell_is_empty(tables: Tables, context: Context) -> Found:
    """A cell without a value is empty, not a dash or a word for nothing (空欄の代わりの記号).

    Said once for a column, with the number of cells. Programs read a dash as a value. In population tables a dash
    often stands for a figure that is hidden to protect few people; that is right, but should be said in the remarks.
    """
    for item, rows in columns(tables, context, is_any):
        yield from once(item, [row for row in rows if is_placeholder(row[item.item])])
