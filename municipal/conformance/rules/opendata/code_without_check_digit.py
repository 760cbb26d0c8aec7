"""The code of a local government has its check digit (検査数字のないコード)."""

from functools import cache

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.opendata import CODES, PACKS, Found, Tables, collecting, columns, items_named, once
from municipal.core.codes import local_governments
from municipal.core.numbers import LOCAL_GOVERNMENT_CODE

_FULL = LOCAL_GOVERNMENT_CODE.length


@cache
def whole(text: str, prefecture: str = "") -> tuple[str, ...]:
    """What a code says of itself: its six digits, after a lost zero or check digit are put back (本来のコード).

    () if it cannot be a code; one or two readings if digits are missing. ``prefecture`` decides between two.
    """
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()):
        return ()
    if len(plain) == _FULL:
        return (plain,) if LOCAL_GOVERNMENT_CODE.is_valid(plain) else ()
    readings = [plain.zfill(_FULL)] if len(plain) == _FULL - 1 else []
    if len(plain) in (_FULL - 1, _FULL - 2):
        readings.append(LOCAL_GOVERNMENT_CODE.of(plain.zfill(_FULL - 1)))
    known = [code for code in readings if code in local_governments()]
    fitting = [code for code in known if local_governments()[code].prefecture == prefecture]
    return tuple(fitting or known)


def missing(row: Row, name: str) -> str:
    """What a code lacks: ``check_digit``, ``zero``, ``both``, ``all`` if it is no code, "" if nothing (欠けた桁)."""
    text = row[name].strip()
    readings = whole(text, row["prefecture"].strip())
    if not readings:
        return "all"
    if len(text) == _FULL:
        return ""
    if len(text) == _FULL - 2:
        return "both"
    return "zero" if readings[0] == text.zfill(_FULL) else "check_digit"


def codes_that_lack(tables: Tables, context: Context, what: frozenset[str]) -> Found:
    """One finding for a file and a code, however many rows have it (コードごとの指摘)."""
    for item, rows in columns(tables, context, items_named(CODES)):
        found: dict[str, list[Row]] = {}
        for row in rows:
            if missing(row, item.item) in what:
                found.setdefault(row[item.item], []).append(row)
        for wrong in found.values():
            right = whole(wrong[0][item.item], wrong[0]["prefecture"].strip())
            yield from once(item, wrong, expected=right[0] if right else "-")


CHOSEN = collecting(items_named(CODES | {"prefecture"}), items_named(CODES))


@set_rule(
    "ODS-0022",
    clause="open-data-sets/2021#都道府県コード又は市区町村コード",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=CHOSEN,
)
def the_code_has_its_check_digit(tables: Tables, context: Context) -> Found:
    """The code of a local government has six digits: five of place and one that proves them (検査数字のないコード).

    Five digits are the code of the statistical standard, without the check digit: 37201 for 372013. Tables with one
    and tables with the other cannot be joined. Said once for every code of a file, with the number of rows. Where five
    digits could also be six with a lost zero, the name of the prefecture decides.
    """
    yield from codes_that_lack(tables, context, frozenset({"check_digit"}))
