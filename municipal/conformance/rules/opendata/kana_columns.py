"""A kana column holds kana (カナの列)."""

import re

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, columns, items_named, told

_OTHER = re.compile("[\u3041-\u3096\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = items_named(frozenset({"name_kana"}))


@set_rule(
    "ODS-0013",
    clause="open-data-sets/2021#名称_カナ",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(_KANA),
)
def a_kana_column_holds_kana(tables: Tables, context: Context) -> Found:
    """The reading of a name is written in katakana, without kanji or hiragana (カナの列).

    Lists are sorted and read aloud by it. Latin letters, digits, brackets, dots and blanks are right, since names have
    them; half-width kana have their own rule. Often the name itself was copied into the column.
    """
    for item, rows in columns(tables, context, _KANA):
        yield from told(item, [row for row in rows if _OTHER.search(row[item.item])], rows)
