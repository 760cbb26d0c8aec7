"""The codes of a relationship say what is written beside them (続柄コードと表記)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.households import spelled, spelled_column
from municipal.core.codes import table

CODES = ("relationship_1", "relationship_2", "relationship_3", "relationship_4")


@row_rule(
    "RES-0104",
    clause="resident-record/1.0#1.1.11/m1",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack="resident-record-data",
    table="residents",
    needs=("relationship_1", "relationship_text"),
    uses=CODES[1:],
)
def relationship_codes_say_what_is_written(row: Row, context: Context) -> Fault | None:
    """続柄コード1 to 4, chained, say the same as 続柄表記 (続柄コードと表記).

    「子の妻」 is 20 and then 12. Where they differ, screens and certificates that print from the codes show another
    relationship than the record. The usual cause is a change of householder that rewrote one of the two.

    A row is judged only if it has a text and at least one code, and if all its codes are in the table: municipalities
    and older systems have codes that we do not know. 子（子の妻） beside 20 and 12 is right.
    """
    names = table("relationship")
    codes = [row[item] for item in CODES if row[item]]
    written = row["relationship_text"]
    if not written or not codes or any(code not in names for code in codes):
        return None
    if "の".join(names[code].name_ja for code in codes) == spelled(written):
        return None
    return Fault("続柄表記", written, {"codes": len(codes)})


@relationship_codes_say_what_is_written.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    names = {code: known.name_ja for code, known in table("relationship").items()}
    written = row("relationship_text")
    codes = [row(item) for item in CODES]
    words = [code.replace_strict(names, default=None, return_dtype=pl.String) for code in codes]
    is_known = pl.all_horizontal((code == "") | code.is_in(list(names)) for code in codes)
    said = pl.concat_str(words, separator="の", ignore_nulls=True)
    return (written == "") | (said == "") | ~is_known | (said == spelled_column(written))
