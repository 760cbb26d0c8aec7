"""Runs item and row rules on a file: vectorised over a batch, or row by row as the oracle (行の検査).

The vectorised form says which rows to look at; the plain function then says what is wrong with them. If very many rows
are wrong, the first are explained and the rest counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from municipal.conformance.engine.binding import Binding, Bound, all_accept
from municipal.conformance.engine.tally import Tally
from municipal.conformance.engine.wholes import Wholes
from municipal.conformance.findings import Fault, Finding
from municipal.conformance.recognition import plain
from municipal.conformance.rules import Row

EXPLAINED_AT_ONCE = 5_000
"""Rows of one batch that a rule explains before the rest is only counted (一度に説明する行数)."""


class RowJudge:
    """The rows of one file under judgement (行の検査)."""

    def __init__(self, name: str, binding: Binding, tally: Tally) -> None:
        self.name = name
        self.binding = binding
        self.tally = tally
        self.wholes = Wholes(name, binding)
        self._item_of = {plain(item.name_ja): item.item for item in binding.columns.items.values()}
        self._group(binding.bound)

    def _group(self, bounds: Iterable[Bound]) -> None:
        """By column, or by rule where it is about whole rows; one question for each group."""
        self.groups: dict[str, list[Bound]] = {}
        for bound in bounds:
            self.groups.setdefault(bound.column or bound.rule.code, []).append(bound)
        self._accepts = [all_accept(group).alias(f"g{index}") for index, group in enumerate(self.groups.values())]

    def vectorised(self, batch: pl.DataFrame) -> None:
        """Judge a batch: ``_row`` and one column of text per column of the file (高速な検査)."""
        if not self._accepts or not batch.height:
            return
        self.wholes.ask(batch)
        accepted = self._accepted(batch)
        for index, group in enumerate(self.groups.values()):
            suspects = accepted[f"g{index}"].not_().arg_true()
            if not len(suspects):
                continue
            if len(suspects) <= EXPLAINED_AT_ONCE:
                rows = batch[suspects]
                for bound in group:
                    self._explain(bound, rows)
            else:
                for bound in group:
                    self._explain_many(bound, batch)

    def _accepted(self, batch: pl.DataFrame) -> pl.DataFrame:
        """One column of answers for each group; a rule that breaks leaves its group (合否の列)."""
        try:
            return batch.select(pl.col("_row"), *self._accepts)
        except pl.exceptions.PolarsError:
            bounds = [bound for group in self.groups.values() for bound in group]
            for bound in bounds:
                with self.tally.attempt(bound.rule):
                    batch.select(bound.accepts)
        self._group(bound for bound in bounds if bound.rule.code not in self.tally.broken)
        return batch.select(pl.col("_row"), *self._accepts)

    def plainly(self, batch: pl.DataFrame) -> None:
        """Judge a batch with the plain functions alone, every rule on every row (素朴な検査)."""
        self.wholes.ask(batch)
        for bound in self.binding.bound:
            self._explain(bound, batch)

    def finish(self) -> None:
        """At the end of the file: what is wrong in a whole column becomes one finding (列全体の指摘のまとめ)."""
        self.wholes.fold(self.tally)

    def _explain(self, bound: Bound, rows: pl.DataFrame) -> None:
        if bound.rule.code not in self.tally.broken:
            with self.tally.attempt(bound.rule):
                found = self.wholes.counted(bound, self._findings(bound, rows))
                self.tally.add(bound.rule, found, provisional=bound.provisional)

    def _explain_many(self, bound: Bound, batch: pl.DataFrame) -> None:
        wrong = batch.filter(bound.finds)
        if not bound.rule.is_exact:
            return self._explain(bound, wrong)
        while wrong.height and not self._is_done(bound):
            self._explain(bound, wrong.head(EXPLAINED_AT_ONCE))
            wrong = wrong.slice(EXPLAINED_AT_ONCE)
        self.wholes.wrong[bound.rule.code, bound.column] += wrong.height
        return self.tally.add_unseen(bound.rule, wrong.height, provisional=bound.provisional)

    def _is_done(self, bound: Bound) -> bool:
        is_broken = bound.rule.code in self.tally.broken
        return is_broken or self.tally.is_full(bound.rule, provisional=bound.provisional)

    def _findings(self, bound: Bound, rows: pl.DataFrame) -> Iterator[Finding]:
        for number, fault in self._faults(bound, rows):
            column = self.binding.columns.written.get(fault.column, fault.column)
            yield Finding(self.name, number, column, bound.rule.code, fault.value, fault.facts)

    def _faults(self, bound: Bound, rows: pl.DataFrame) -> Iterable[tuple[int, Fault]]:
        judge, context = bound.rule.judge, self.binding.context
        if bound.item is not None and not bound.rule.by_row:
            for number, value in zip(rows["_row"], rows[bound.column], strict=True):
                if value and (fault := judge(value, bound.item, context)):
                    yield number, fault
            return
        for row in rows_of(rows, self.binding):
            fault = self._of_cells(row, bound) if bound.item is not None else judge(row, context)
            if fault:
                yield row.number, fault

    def _of_cells(self, row: Row, bound: Bound) -> Fault | None:
        def cell(heading: str) -> str:
            item = self._item_of.get(plain(heading))
            return row[item] if item else ""

        found: Fault | None = bound.rule.judge(cell, bound.item, self.binding.context)
        return found


def rows_of(rows: pl.DataFrame, binding: Binding, file: int = 0) -> Iterator[Row]:
    """The rows of a frame as plain text by item; ``file`` is the index that set rules know it by (素朴な行)."""
    items = list(binding.columns.by_item)
    cells = rows.select("_row", *binding.columns.by_item.values())
    for number, *values in cells.iter_rows():
        yield Row(dict(zip(items, values, strict=True)), file, number)
