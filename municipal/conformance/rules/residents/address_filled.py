"""Nobody is without an address (住所の記入)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK

PARTS = ("address_machiaza", "address_banchi", "address_katagaki")


@row_rule(
    "RES-0030",
    clause="resident-record/1.0#1.1.6/m1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("address_machiaza",),
    uses=("address_banchi", "address_katagaki", "is_address_withheld"),
)
def a_record_has_an_address(row: Row, context: Context) -> Fault | None:
    """The address is never empty, on removed records neither (住所の記入).

    It may be split as the source splits it: one of block, lot and building is enough here, because there are places
    without blocks and systems that write all of it into one column. Prefecture and municipality alone are no address.

    Right although it looks odd: empty addresses of protected people where the file itself says that they were left
    out (住所の非表示 is 1). Their addresses come with the support record.
    """
    if row["is_address_withheld"] == "1" or any(row[part] for part in PARTS):
        return None
    return Fault("住所_町字")


@a_record_has_an_address.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    return (row("is_address_withheld") == "1") | pl.any_horizontal(row(part) != "" for part in PARTS)
