"""Householder, connection and lodger are not chained with other words (続柄の単独表記)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.households import chain, refusal_code, spelled_column


@row_rule(
    "RES-0103",
    clause="resident-record/1.0#1.1.11/n1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="residents",
    needs=("relationship_text",),
)
def what_stands_alone_is_not_chained(row: Row, context: Context) -> Fault | None:
    """世帯主, 縁故者 and 同居人 stand alone and are never part of a chain (続柄の単独表記).

    The standard lists the three beside the words that may be chained. 世帯主の妻 is 妻; the child of a lodger is
    a lodger (同居人), the wife of a connection a connection (縁故者). Several lodgers in one household are right.
    """
    written = row["relationship_text"]
    if refusal_code(written) == "relationship_alone":
        return Fault("続柄表記", written)
    return None


@what_stands_alone_is_not_chained.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    relationship = spelled_column(row("relationship_text"))
    is_chain = relationship.str.contains(rf"\A{chain(linking=False)}\z") & relationship.str.contains("の", literal=True)
    return ~is_chain | relationship.str.contains(rf"\A{chain(linking=True)}\z")
