"""When a conditional item must be there: a small grammar that data files can use (条件の書き方).

``住民種別=2`` (one of several: ``住民状態=2|3|9``), ``性別!=1``, ``転出予定年月日`` (filled), ``!本籍`` (empty),
joined by ``&`` (and) and ``;`` (or, weaker). Words are headings of the same table; a missing column is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_TERM = re.compile(r"^(?P<no>!?)(?P<item>[^=!&;|]+?)\s*(?:(?P<sign>!?=)\s*(?P<values>[^=!&;]+))?$")


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison; without values it asks whether the cell is filled (条件の項)."""

    heading: str
    values: tuple[str, ...]
    is_negated: bool

    def holds(self, cell: Callable[[str], str]) -> bool:
        """Whether it is true of a row (成立するか)."""
        found = cell(self.heading)
        return ((found in self.values) if self.values else found != "") != self.is_negated

    def expression(self, cell: Callable[[str], pl.Expr]) -> pl.Expr:
        """The same for a whole column (式)."""
        found = cell(self.heading)
        holds = found.is_in(list(self.values)) if self.values else found != ""
        return ~holds if self.is_negated else holds


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives of terms that are all true (条件)."""

    alternatives: tuple[tuple[Term, ...], ...]

    @property
    def headings(self) -> frozenset[str]:
        """The headings that it reads (参照する見出し)."""
        return frozenset(term.heading for terms in self.alternatives for term in terms)

    def holds(self, cell: Callable[[str], str]) -> bool:
        """Whether it is true of a row; ``cell`` gives the text under a heading (成立するか)."""
        return any(all(term.holds(cell) for term in terms) for terms in self.alternatives)

    def expression(self, cell: Callable[[str], pl.Expr]) -> pl.Expr:
        """The same for whole columns (式)."""
        import polars as pl

        return pl.any_horizontal(
            pl.all_horizontal(term.expression(cell) for term in terms) for terms in self.alternatives
        )


@cache
def parse(text: str) -> Condition:
    """Read a condition; raises ValueError for text outside the grammar (条件の読取り)."""
    return Condition(tuple(tuple(_term(term) for term in terms.split("&")) for terms in text.split(";")))


def _term(text: str) -> Term:
    found = _TERM.match(text.strip())
    if found is None or (found["no"] and found["values"]):
        raise ValueError(f"{text.strip()!r} is no condition")
    values = tuple(value.strip() for value in (found["values"] or "").split("|") if value.strip())
    return Term(found["item"].strip(), values, bool(found["no"]) or found["sign"] == "!=")
