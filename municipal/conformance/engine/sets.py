"""Runs set rules: keeps the wanted columns of all files in small form, then asks each rule once (集合の検査)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from municipal.conformance.engine.binding import Binding
from municipal.conformance.engine.rows import rows_of
from municipal.conformance.engine.tally import Tally, is_provisional
from municipal.conformance.findings import Finding
from municipal.conformance.rules import Context, Kept, Row, Rule


def kept(column: pl.Expr, way: Kept) -> pl.Expr:
    """A column of text in the form that a set rule asked for; see ``Kept`` (保持形への変換)."""
    if way is Kept.TEXT:
        return column
    if way is Kept.KEY:
        return pl.when(column != "").then(column.hash())
    if way is Kept.INT:
        return pl.when(column.str.contains(r"^-?[0-9]{1,18}$")).then(column.str.to_integer(strict=False))
    day = column.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(column.str.len_bytes() == 10).then(day).to_physical()


class Sets:
    """The kept columns of one pack's files, and the rules that wait for them (保持した列).

    With ``is_plain`` whole rows are kept as text and the plain judges run: the oracle of the tests.
    """

    def __init__(self, context: Context, rules: Sequence[Rule], *, is_plain: bool) -> None:
        self.context = context
        self.rules = rules
        self.is_plain = is_plain
        self.collected = {rule.code: rule.collects(context.pack) for rule in rules if rule.collects}
        self.files: list[tuple[str, Binding]] = []
        self._frames: dict[str, list[pl.DataFrame]] = {}
        self._rows: dict[str, list[Row]] = {}
        self._wanted: dict[str, dict[str, Kept]] = {}
        for rule in rules:
            for table, items in self.collected[rule.code].items():
                plain_rule = rule.fast is None
                for item, way in items.items():
                    chosen = Kept.TEXT if plain_rule else way
                    self._wanted.setdefault(table, {})[f"{item}:{chosen}"] = chosen

    def begin(self, name: str, binding: Binding) -> int:
        """A new file of a table; returns the index that its rows carry (ファイルの開始)."""
        self.files.append((name, binding))
        if binding.table in self._wanted:
            self._frames.setdefault(binding.table, [])
            self._rows.setdefault(binding.table, [])
        return len(self.files) - 1

    def keep(self, index: int, batch: pl.DataFrame) -> None:
        """Keep what the rules want of a batch of file ``index`` (列の保持)."""
        binding = self.files[index][1]
        wanted = self._wanted.get(binding.table)
        if wanted is None:
            return
        columns = [
            kept(binding.columns.of_item(name.rpartition(":")[0]), way).alias(name) for name, way in wanted.items()
        ]
        number = pl.col("_row").cast(pl.UInt32)
        self._frames[binding.table].append(
            batch.select(pl.lit(index, dtype=pl.UInt16).alias("_file"), number, *columns)
        )
        if self.is_plain:
            self._rows[binding.table] += rows_of(batch, binding, index)

    def judge(self, tally: Tally) -> dict[str, bool]:
        """Ask every rule; returns by code whether there was anything for it to judge (集合の規則の実行)."""
        frames = {table: pl.concat(parts) for table, parts in self._frames.items() if parts}
        self._frames.clear()
        self.context = replace(self.context, files=tuple(name for name, _ in self.files))
        spoke = {}
        for rule in self.rules:
            tables = [table for table in self.collected[rule.code] if table in frames]
            spoke[rule.code] = bool(tables)
            if tables:
                with tally.attempt(rule):
                    spoke[rule.code] = rule.speaks is None or rule.speaks(self.context.pack, tables)
                    found = self._findings(rule, {table: frames[table] for table in tables})
                    tally.add(
                        rule, found if spoke[rule.code] else (), provisional=is_provisional(rule, self.context.pack)
                    )
        return spoke

    def _findings(self, rule: Rule, frames: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
        if self.is_plain or rule.fast is None:
            return self._plainly(rule, frames)
        return self._vectorised(rule, frames)

    def _plainly(self, rule: Rule, frames: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
        tables = {
            table: self._rows[table] if self.is_plain else list(self._texts(rule, table, frame))
            for table, frame in frames.items()
        }
        for row, fault in rule.judge(tables, self.context):
            name, binding = self.files[row.file]
            column = binding.columns.written.get(fault.column, fault.column)
            yield Finding(name, row.number, column, rule.code, fault.value, fault.facts)

    def _texts(self, rule: Rule, table: str, frame: pl.DataFrame) -> Iterator[Row]:
        items = list(self.collected[rule.code][table])
        for file, number, *cells in frame.select("_file", "_row", *(f"{item}:text" for item in items)).iter_rows():
            yield Row(dict(zip(items, cells, strict=True)), file, number)

    def _vectorised(self, rule: Rule, frames: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
        views = {}
        for table, frame in frames.items():
            wanted = self.collected[rule.code][table].items()
            columns = (pl.col(f"{item}:{way}").alias(item) for item, way in wanted)
            views[table] = frame.select("_file", "_row", *columns)
        assert rule.fast is not None
        for line in rule.fast(views, self.context).iter_rows(named=True):
            name, binding = self.files[line.pop("_file")]
            number, column = line.pop("_row"), line.pop("column", "")
            facts = {key: value for key, value in line.items() if value is not None}
            yield Finding(name, number, binding.columns.written.get(column, column), rule.code, facts=facts)
