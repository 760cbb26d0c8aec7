"""The same name is written with the same variation selectors (異体字セレクタの欠落)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import zip_longest

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, row_rule
from municipal.conformance.rules.residents import PACK
from municipal.core.characters import named

SELECTORS = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
SPACES = "[ \u3000]"


def without(value: str, what: str) -> str:
    """The text without some of its characters (文字を除いた値)."""
    return re.sub(what, "", value)


def lost(one: str, other: str) -> str:
    """The first selector that only one of two otherwise equal names has, or nothing (欠落したセレクタ)."""
    one, other = without(one, SPACES), without(other, SPACES)
    if not one or not other or without(one, SELECTORS) != without(other, SELECTORS):
        return ""
    differing = ((mine, theirs) for mine, theirs in zip_longest(one, other, fillvalue="") if mine != theirs)
    return next((mine if re.match(SELECTORS, mine) else theirs for mine, theirs in differing), "")


def pairs(row: Row) -> Iterator[tuple[str, str, str]]:
    """Names of one person that ought to be the same, and the heading to look at (照合する氏名)."""
    yield "氏名", row["name"], row["family_name_jp"] + row["given_name_jp"]
    head = row["family_register_head_family"] + row["family_register_head_given"]
    yield "戸籍_筆頭者", row["family_register_head"], head
    if row["relationship_text"] == "世帯主":
        yield "世帯主氏名", row["head_name"], row["name"]


@row_rule(
    "RES-0064",
    clause="resident-record/1.0#7.2.3/m2",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    pack=PACK,
    table="",
    needs=("name",),
    uses=(
        "family_name_jp",
        "given_name_jp",
        "head_name",
        "relationship_text",
        "family_register_head",
        "family_register_head_family",
        "family_register_head_given",
    ),
)
def the_same_name_has_the_same_selectors(row: Row, context: Context) -> Fault | None:
    """A name that stands twice on a record has its variation selectors in both places (異体字セレクタの欠落).

    The whole name and its two parts, the head of the family register likewise, and a householder's own name and
    世帯主氏名 were one name once. Where they differ in nothing but a selector, one of them went through a program that
    drops selectors, and the person's own shape of the character is lost there. The missing selector is named by its
    code point; take the name from the place that kept it and look for the program.

    Right although it looks odd: different spaces, and names that really differ, which are not compared further.
    """
    found = ((heading, value, lost(value, other)) for heading, value, other in pairs(row))
    return next((Fault(heading, value, {"character": named(what)}) for heading, value, what in found if what), None)


@the_same_name_has_the_same_selectors.accepts
def _(row: Callable[[str], pl.Expr], context: Context) -> pl.Expr:
    names = pl.struct(
        name=row("name"),
        parts=row("family_name_jp") + row("given_name_jp"),
        head=row("family_register_head"),
        head_parts=row("family_register_head_family") + row("family_register_head_given"),
        householder=pl.when(row("relationship_text") == "世帯主").then(row("head_name")).otherwise(pl.lit("")),
    )
    return names.map_batches(_are_same, return_dtype=pl.Boolean)


def _are_same(names: pl.Series) -> pl.Series:
    frame = names.struct.unnest()
    # Selectors are rare: most batches hold none, and taking them out of every name would be dear.
    if not frame.select(pl.any_horizontal(pl.all().str.contains(SELECTORS)).any()).item():
        return pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    return frame.select(
        _same("name", "parts") & _same("head", "head_parts") & _same("householder", "name").alias("same")
    ).to_series()


def _same(one: str, other: str) -> pl.Expr:
    mine, theirs = (pl.col(name).str.replace_all(SPACES, "") for name in (one, other))
    bare, other_bare = (name.str.replace_all(SELECTORS, "") for name in (mine, theirs))
    return (mine == theirs) | (mine == "") | (theirs == "") | (bare != other_bare)
