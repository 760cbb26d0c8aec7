"""The codes of a relationship are filled from the first, and form a chain of the grammar (続柄コードの並び)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.core.codes import table
from municipal.core.relationships import STANDING_ALONE

CODES = ("relationship_1", "relationship_2", "relationship_3", "relationship_4")


def alone() -> list[str]:
    """The codes of the words that are never chained (単独の続柄コード)."""
    return [code for code, known in table("relationship").items() if known.name_ja in STANDING_ALONE]


@row_rule(
    "RES-0105",
    clause="resident-record/1.0#1.1.11/m1",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="residents",
    needs=("relationship_1", "relationship_2"),
    uses=CODES[2:],
)
def relationship_codes_are_filled_from_the_first(row: Row, context: Context) -> Fault | None:
    """続柄コード1 to 4 have no gap, and codes that stand alone have no code beside them (続柄コードの並び).

    An empty code before a filled one leaves open who the chain begins with: columns were shifted, or a leading code
    was lost. 02, 96 and 99 (世帯主, 縁故者, 同居人) are never part of a chain. Four empty codes are right here.
    """
    codes = [row[item] for item in CODES]
    filled = [code for code in codes if code]
    if codes[: len(filled)] == filled and (len(filled) < 2 or not set(alone()) & set(filled)):
        return None
    return Fault("続柄コード1", codes[0], {"codes": len(filled)})


@relationship_codes_are_filled_from_the_first.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    codes = [row(item) for item in CODES]
    is_gapless = pl.all_horizontal((before != "") | (after == "") for before, after in pairwise(codes))
    has_alone = pl.any_horizontal(code.is_in(alone()) for code in codes)
    return is_gapless & ((codes[1] == "") | ~has_alone)
