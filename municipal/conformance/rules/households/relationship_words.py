"""The relationship to the householder uses only the words of the standard (続柄の言葉)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.households import chain, refusal_code, spelled_column


@row_rule(
    "RES-0101",
    clause="resident-record/1.0#1.1.11/n1",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="residents",
    needs=("relationship_text",),
)
def the_relationship_uses_only_allowed_words(row: Row, context: Context) -> Fault | None:
    """The relationship to the householder uses only the words of the standard (続柄の言葉).

    A closed set: 世帯主, 夫, 妻 (also 未届), 子, 父, 母, 兄, 弟, 姉, 妹, chained with 「の」, and 縁故者 and 同居人. A
    grandchild (孫) is 子の子, a grandfather (祖父) is 父の父 or 母の父, an uncle (おじ) is 父の兄 and so on; 本人,
    準世帯主 and 家事使用人 belong to older systems. A word outside the set cannot be turned into codes, so the next
    system loses the relationship. Mend it in the source from the family register, not by a replacement table alone:
    孫 does not tell through whom.

    Right although it looks odd: 子（子の夫）, the notation of the standard for 子の夫, and brackets typed half-width.
    An empty relationship is not judged: 1.1.6 allows it.
    """
    written = row["relationship_text"]
    if refusal_code(written) == "relationship_word":
        return Fault("続柄表記", written)
    return None


@the_relationship_uses_only_allowed_words.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    relationship = row("relationship_text")
    return (relationship == "") | spelled_column(relationship).str.contains(rf"\A{chain(linking=False)}\z")
