"""Dates are not written as a spreadsheet or another country writes them (まぎらわしい日付)."""

import re
from collections.abc import Set
from datetime import date

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.opendata import DATES, PACKS, Found, Tables, collecting, columns, items_named, once

_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050  # 1927-05-18 and 2099-12-31 as days since the end of 1899
_OWN = re.compile(
    r"(?P<slashed>[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2})"
    r"|(?P<short>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})"
    r"|(?P<compact>(18|19|20)[0-9]{6})"
    r"|(?P<words>[0-9]{4}年([0-9]{1,2}月([0-9]{1,2}日)?)?)"
    r"|(?P<era>(明治|大正|昭和|平成|令和|[MTSHR])\.?([0-9]{1,2}|元)([年/.-]([0-9]{1,2}([月/.-]([0-9]{1,2}日?)?)?)?)?)"
)
_RIGHT = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ]00:00(:00(\.0+)?)?)?)?)?")
NAMES = {
    "slashed": "YYYY/MM/DD",
    "short": "YYYY-M-D",
    "compact": "YYYYMMDD",
    "words": "YYYY年M月D日",
    "era": "和暦 (era)",
    "serial": "Excel serial",
    "foreign": "M/D/YYYY",
}
MISLEADING = ("serial", "foreign")


def notation(text: str) -> str | None:
    """The key in ``NAMES`` of how a day is written, "" for YYYY-MM-DD, None if it is no day (日付の表記).

    A year or a month alone is right where no more is known.
    """
    plain = text.strip()
    if right := _RIGHT.fullmatch(plain):
        return "" if is_in_calendar(right.group()) else None
    if re.fullmatch(r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}", plain):
        return "foreign"
    if re.fullmatch(r"[0-9]{5}(\.0+)?", plain) and _FIRST_SERIAL <= float(plain) <= _LAST_SERIAL:
        return "serial"
    own = _OWN.fullmatch(plain)
    if own is None or own.lastgroup is None:
        return None
    parts = re.findall("[0-9]+", plain)
    if own.lastgroup in ("slashed", "short") and not is_in_calendar("-".join(part.zfill(2) for part in parts)):
        return None
    if own.lastgroup == "compact" and not is_in_calendar(f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"):
        return None
    return own.lastgroup


def is_in_calendar(text: str) -> bool:
    """Whether a day written YYYY-MM-DD, or a year or a month of it, exists (暦にあるか)."""
    try:
        return bool(date.fromisoformat(text[:10] + "0000-01-01"[len(text) :]))
    except ValueError:
        return False


def by_notation(tables: Tables, context: Context, is_told: Set[str]) -> Found:
    """One finding for every date column of a file and every notation that is told (表記ごとの指摘)."""
    for item, rows in columns(tables, context, items_named(DATES)):
        found: dict[str, list[Row]] = {}
        for row in rows:
            found.setdefault(notation(row[item.item]) or "", []).append(row)
        for key in sorted(is_told & found.keys()):
            yield from once(item, found[key], notation=NAMES[key])


@set_rule(
    "ODS-0014",
    clause="open-data-sets/2021#日付",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(items_named(DATES)),
)
def dates_do_not_mislead(tables: Tables, context: Context) -> Found:
    """Dates are not spreadsheet serial numbers and do not begin with the month (まぎらわしい日付).

    45292 is the first of January 2024 in one program and a number in every other. 11/1/2018 is the first of November
    here and the eleventh of January elsewhere. Both come from a spreadsheet that formatted the cells. Said once for a
    column and notation. Give the cells the format YYYY-MM-DD, or make them text, and export again.
    """
    yield from by_notation(tables, context, frozenset(MISLEADING))
