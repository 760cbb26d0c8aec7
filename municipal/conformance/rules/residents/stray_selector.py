"""A variation selector stands behind the character it selects (異体字セレクタの位置)."""

from __future__ import annotations

import polars as pl

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item
from municipal.conformance.rules import Context, item_rule
from municipal.conformance.rules.residents import is_resident_item
from municipal.core.characters import named

SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))
BEARERS = (
    ("\u2e80", "\u2fdf"),
    ("\u3005", "\u3007"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\U0001b000", "\U0001b2ff"),
    ("\U00020000", "\U0003ffff"),
)
"""Ideographs and kana, from first to last: what a selector may follow."""


def _class(areas: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"{first}-{last}" for first, last in areas)


ALONE = rf"(?:\A|[^{_class(BEARERS)}])[{_class(SELECTORS)}]"


def _is_in(character: str, areas: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= character <= last for first, last in areas)


def first_alone(value: str) -> str:
    """The first selector without an ideograph or kana before it, or nothing (孤立したセレクタ)."""
    before = " "
    for character in value:
        if _is_in(character, SELECTORS) and not _is_in(before, BEARERS):
            return character
        before = character
    return ""


@item_rule(
    "RES-0063",
    clause="resident-record/1.0#7.2.3/m2",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-record-data",),
    concerns=lambda item: item.type in ("XN", "N") and is_resident_item(item),
)
def a_selector_stands_behind_its_character(value: str, item: Item, context: Context) -> Fault | None:
    """A variation selector follows an ideograph, once (異体字セレクタの位置).

    辻 and 辻 with a selector are two shapes of one character, and the selector tells which. Where it stands at the
    beginning, behind a space or behind another selector, a name was cut or sorted character by character and its own
    character is gone. Take the name from the source.

    Right although it looks odd: a selector behind any ideograph or kana, also in the middle of a name.
    """
    found = first_alone(value)
    return Fault(item.name_ja, value, {"character": named(found)}) if found else None


@a_selector_stands_behind_its_character.accepts
def _(column: pl.Expr, item: Item, context: Context) -> pl.Expr:
    return ~column.str.contains(ALONE)
