"""A figure is a whole number (人数の書き方)."""

import re

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import columns, once, told
from municipal.conformance.rules.statistics import STOCK_PACKS, Found, Tables, count, flows, is_count, is_hidden

_SEPARATED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")


@set_rule(
    "STAT-0009",
    clause="open-data-sets/2021#総人口",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=flows,
)
def a_figure_is_a_whole_number(tables: Tables, context: Context) -> Found:
    """A count of people, households or events is a whole number in half-width digits (人数の書き方).

    No separators (1,234), no unit, no full-width digits, no point. A dash or an x for a hidden figure is right, since
    figures of few people are kept back to protect them. 0.. and the like were typed. Separators are of the format of
    the column and are told once for it.
    """
    for item, rows in columns(tables, context, is_count):
        wrong = [row for row in rows if count(row[item.item]) is None and not is_hidden(row[item.item])]
        separated = [row for row in wrong if _SEPARATED.fullmatch(row[item.item].strip())]
        yield from once(item, separated)
        others = [row for row in wrong if row not in separated]
        yield from told(item, others, [row for row in rows if row not in separated])
