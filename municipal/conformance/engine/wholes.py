"""Makes one finding of a fault that all cells of a column have, where the pack asks for it (列全体の指摘)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from municipal.conformance.engine.binding import Binding, Bound
from municipal.conformance.engine.tally import Tally
from municipal.conformance.findings import Finding

_LEAST = 2


class Wholes:
    """Counts, for one file, the cells that every rule about a column looked at and found wrong (列ごとの数).

    Only for packs with ``told_by_column``: small tables for the public, where one cause fills a whole column. Keys are
    the code of the rule and the column.
    """

    def __init__(self, name: str, binding: Binding) -> None:
        self.name = name
        self.headings = {
            f"c{index}": binding.columns.written[item.name_ja] for index, item in binding.columns.items.items()
        }
        is_wanted = bool(binding.context.pack.facts.get("told_by_column"))
        self.bounds = [bound for bound in binding.bound if is_wanted and bound.item is not None]
        self.asked: Counter[tuple[str, str]] = Counter()
        self.wrong: Counter[tuple[str, str]] = Counter()

    def ask(self, batch: pl.DataFrame) -> None:
        """Count the cells of a batch: the filled ones, or all where the rule speaks of empty ones (対象のセル数)."""
        names = sorted({bound.column for bound in self.bounds})
        filled = {name: batch.height - int((batch[name] == "").sum()) for name in names}
        for bound in self.bounds:
            self.asked[bound.rule.code, bound.column] += filled[bound.column] if bound.lets_empty else batch.height

    def counted(self, bound: Bound, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of a rule on a column as they pass by (指摘の計数)."""
        for finding in findings:
            self.wrong[bound.rule.code, bound.column] += 1
            yield finding

    def fold(self, tally: Tally) -> None:
        """Replace the findings of every column that is wrong as a whole (列全体の指摘へのまとめ)."""
        for bound in self.bounds:
            key = bound.rule.code, bound.column
            if _LEAST <= self.wrong[key] == self.asked[key]:
                self._fold(bound, self.wrong[key], tally)

    def _fold(self, bound: Bound, number: int, tally: Tally) -> None:
        """One finding at the first wrong cell, with the number of them; beyond the cap it is only counted."""
        count, heading = tally.count(bound.rule, provisional=bound.provisional), self.headings[bound.column]
        same = [found for found in count.samples if (found.file, found.column) == (self.name, heading)]
        first = min(same, default=None)
        one = replace(first, facts={**first.facts, "count": number}) if first else None
        tally.fold(count, same, one, number)
