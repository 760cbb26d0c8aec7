"""Code, prefecture and municipality of the present address are of the same place (現住所のコードと名称)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.addresses import HERE, NAMED, agreeing, agrees, items


@row_rule(
    "RES-0140",
    clause="住登外者宛名番号管理機能 項目定義書, items 03100014 to 03100017",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="residents",
    needs=("address_municipality_code",),
    uses=items(HERE, "prefecture", "city_county"),
)
def the_present_address_is_where_its_code_says(row: Row, context: Context) -> Fault | None:
    """住所_市区町村コード, 住所_都道府県 and 住所_市区郡町村名 are of the same municipality (現住所のコードと名称).

    Other systems go by the code, people by the name: a certificate and a tax notice would name different towns.

    Right although it looks odd: 札幌市中央区 beside the code of the ward or of the city, 足柄上郡中井町 and
    中井町, 八丈島八丈町, 龍ヶ崎市 and 龍ケ崎市, other forms of a character (飛驒, 飛騨). Empty cells and codes that
    the list of 2024-01-01 does not hold are left to other rules.
    """
    code, prefecture, name = (row[item] for item in items(HERE, *NAMED))
    return None if agrees(code, prefecture, name) else Fault("住所_市区町村コード", code)


@the_present_address_is_where_its_code_says.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return agreeing(*(row(item) for item in items(HERE, *NAMED)))
