"""町字 holds the town block alone, not the whole address (町字への住所の詰込み)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.addresses import ELSEWHERE, HERE, items
from municipal.core.codes import local_governments

GROUPS = HERE | ELSEWHERE


@cache
def whole_address() -> str:
    """A pattern for text that begins with a prefecture and a municipality (都道府県から始まる住所)."""
    prefectures = "|".join(dict.fromkeys(body.prefecture for body in local_governments().values()))
    return f"^(?:{prefectures}).{{1,9}}[市区町村郡]"


@row_rule(
    "RES-0142",
    clause="住登外者宛名番号管理機能 項目定義書, items 03100016 to 03100018",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="residents",
    needs=("address_machiaza",),
    uses=items(GROUPS, "municipality_code", "city_county", "machiaza"),
)
def the_town_block_holds_no_whole_address(row: Row, context: Context) -> Fault | None:
    """町字 does not begin with the prefecture or, where its own cell is empty, the municipality (町字への住所の詰込み).

    Some systems keep former addresses in one line and put the line into 町字. Nothing can be compared or sorted then,
    and on a form the municipality is missing or stands twice. The first group of a row is named.

    Right although it looks odd: an address of which only 町字 and 番地 are known, 大字 and 字 in 町字, the street names
    of Kyoto, 堺市's 丁, a town block named after another town, such as 四日市 or 市場町.
    """
    for group, heading in GROUPS.items():
        block = row[f"{group}_machiaza"]
        body = local_governments().get(row[f"{group}_municipality_code"])
        is_doubled = body is not None and not row[f"{group}_city_county"] and block.startswith(body.name)
        if is_doubled or re.search(whole_address(), block):
            return Fault(f"{heading}_町字", block)
    return None


@the_town_block_holds_no_whole_address.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    names = {code: body.name for code, body in local_governments().items()}
    return pl.all_horizontal(
        ~(
            row(f"{group}_machiaza").str.contains(whole_address())
            | (
                (row(f"{group}_city_county") == "")
                & row(f"{group}_machiaza")
                .str.starts_with(row(f"{group}_municipality_code").replace_strict(names, default=None))
                .fill_null(value=False)
            )
        )
        for group in GROUPS
    )
