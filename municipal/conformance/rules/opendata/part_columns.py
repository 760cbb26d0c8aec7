"""A column for a part of an address holds that part only (住所の部分の列)."""

import re
from functools import cache

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, columns, items_named, told
from municipal.conformance.rules.opendata.placeholder import is_placeholder
from municipal.core.codes import local_governments

_PREFECTURES = frozenset({"prefecture", "address_prefecture"})
_MUNICIPALITIES = frozenset({"municipality", "address_municipality"})
_PARTS = items_named(_PREFECTURES | _MUNICIPALITIES)
_UNIONS = ("組合", "広域連合")
_MORE = re.compile("[0-9０-９]|丁目|番地|大字")


@cache
def prefectures() -> frozenset[str]:
    """The names of the 47 prefectures (都道府県名)."""
    return frozenset(body.prefecture for body in local_governments().values())


@cache
def municipalities() -> frozenset[str]:
    """The names of all municipalities and wards (市区町村名)."""
    return frozenset(body.name for body in local_governments().values() if body.name != body.prefecture)


def is_municipality(text: str) -> bool:
    """Whether text is no more than a municipality, one that has merged included (市区町村だけか)."""
    name = next((text.removeprefix(known) for known in prefectures() if text.startswith(known)), text)
    if name.endswith(_UNIONS):
        return True
    behind_district = name.partition("郡")[2]
    if not name or name in municipalities() or behind_district in municipalities():
        return True
    begins = any(place[:end] in municipalities() for place in (name, behind_district) for end in range(2, len(place)))
    return name[-1] in "市区町村" and _MORE.search(name) is None and not begins


def is_part(text: str, name: str) -> bool:
    """Whether text is no more than a prefecture or a municipality, as the item asks (その部分だけか)."""
    return text in prefectures() if name in _PREFECTURES else is_municipality(text)


@set_rule(
    "ODS-0027",
    clause="open-data-sets/2021#都道府県名,市区町村名",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(_PARTS),
)
def a_part_column_holds_its_part_only(tables: Tables, context: Context) -> Found:
    """The columns for prefecture and municipality hold a name of one and no more (住所の部分の列).

    Whole addresses in the column of the municipality are common: the table was made before the columns were split.
    Nobody can then count by municipality. A prefecture is one of the 47 names with its ending; a municipality ends
    in 市, 区, 町 or 村 and has no digits. A union of municipalities may stand in its place. Move the rest into the
    columns for town and block.
    """
    for item, rows in columns(tables, context, _PARTS):
        wrong = [
            row for row in rows if not is_placeholder(row[item.item]) and not is_part(row[item.item].strip(), item.item)
        ]
        yield from told(item, wrong, rows)
