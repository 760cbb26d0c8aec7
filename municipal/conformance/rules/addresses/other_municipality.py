"""Code, prefecture and municipality agree in the other addresses and the domicile (他の住所のコードと名称)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.addresses import ELSEWHERE, NAMED, agreeing, agrees, items


@row_rule(
    "RES-0141",
    clause="住登外者宛名番号管理機能 項目定義書, items 03100014 to 03100017",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="residents",
    needs=("prev_address_municipality_code",),
    uses=items(ELSEWHERE, *NAMED),
)
def other_addresses_are_where_their_codes_say(row: Row, context: Context) -> Fault | None:
    """Code, prefecture and name agree in the addresses before and after a move and in 本籍 (他の住所のコードと名称).

    The first group of a row that disagrees is named. Notices between municipalities go to the code.

    Right although it looks odd: codes of municipalities that have merged since (they are not in the list of
    2024-01-01 and are not judged), 篠山市 beside the code that 丹波篠山市 kept, and everything that is right in the
    present address.
    """
    for group, heading in ELSEWHERE.items():
        code, prefecture, name = (row[f"{group}_{part}"] for part in NAMED)
        if not agrees(code, prefecture, name):
            return Fault(f"{heading}_市区町村コード", code)
    return None


@other_addresses_are_where_their_codes_say.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return pl.all_horizontal(agreeing(*(row(f"{group}_{part}") for part in NAMED)) for group in ELSEWHERE)
