"""The relationship to the householder is at most four words deep (続柄の深さ)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.households import chain, refusal_code, spelled, spelled_column
from municipal.core.relationships import DEEPEST


@row_rule(
    "RES-0102",
    clause="resident-record/1.0#1.1.11/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="residents",
    needs=("relationship_text",),
)
def the_relationship_is_at_most_four_deep(row: Row, context: Context) -> Fault | None:
    """The relationship to the householder chains at most four words with 「の」 (続柄の深さ).

    The words are counted mechanically: 子の子の子の子 is four and right, also when one of them is a spouse, as in
    子の妻の父の妹. Whoever is further away is written 縁故者; the four code columns could not hold the chain either.
    """
    written = row["relationship_text"]
    if refusal_code(written) == "relationship_depth":
        return Fault("続柄表記", written, {"words": len(spelled(written).split("の")), "limit": DEEPEST})
    return None


@the_relationship_is_at_most_four_deep.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    relationship = spelled_column(row("relationship_text"))
    is_chain = relationship.str.contains(rf"\A{chain(linking=True)}\z")
    return ~is_chain | (relationship.str.count_matches("の", literal=True) < DEEPEST)
