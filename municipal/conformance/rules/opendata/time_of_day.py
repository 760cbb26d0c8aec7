"""A cell for a time holds a time of day (時刻の書き方)."""

import re

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, TIMES, Found, Tables, collecting, columns, items_named, told
from municipal.conformance.rules.opendata.placeholder import is_placeholder

_TIME = re.compile(r"([0-9]{1,2}):([0-5][0-9])(:[0-5][0-9])?")
_LATEST_HOUR = 29  # closing at five in the morning is written 29:00


def minutes(text: str) -> int | None:
    """Minutes since midnight, hours of the next day counted on; None if it is no time (時刻の読取り)."""
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) > _LATEST_HOUR:
        return None
    return int(found[1]) * 60 + int(found[2])


@set_rule(
    "ODS-0017",
    clause="open-data-sets/2021#時刻",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(TIMES)),
)
def a_cell_for_a_time_holds_a_time(tables: Tables, context: Context) -> Found:
    """A cell for a time of day holds hours and minutes, HH:MM (時刻の書き方).

    24:00 is right, and so are hours up to 29 for the next morning, seconds, and hours without a leading zero. 日没
    (sunset), 9時, 24時間, a range, or the fraction of a day that a spreadsheet makes (0.375) are not times: nothing can
    be calculated with them. Write the usual time, and what changes with the season in the remarks on hours.
    """
    for item, rows in columns(tables, context, items_named(TIMES)):
        wrong = [row for row in rows if minutes(row[item.item]) is None and not is_placeholder(row[item.item])]
        yield from told(item, wrong, rows)
