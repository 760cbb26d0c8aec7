"""Ties the rules of a pack to the columns that a file really has (規則と列の対応付け)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from municipal.conformance.engine.tally import Tally, is_provisional
from municipal.conformance.packs import Item
from municipal.conformance.recognition import items_by_heading, plain
from municipal.conformance.rules import Context, Rule, Shape


@dataclass(frozen=True)
class Columns:
    """Which column of a file holds which item (列の対応).

    ``items`` goes by the index of the column, ``by_item`` and ``by_heading`` give the name of the frame's column
    (``c0``, ``c1`` ...), ``written`` the heading as this file writes it by the heading of the item list.
    """

    items: Mapping[int, Item]
    by_item: Mapping[str, str]
    by_heading: Mapping[str, str]
    written: Mapping[str, str]

    def expression(self, heading: str) -> pl.Expr:
        """The cells under a heading of the item list; empty text where the file has no such column (列の式)."""
        name = self.by_heading.get(plain(heading))
        return pl.col(name) if name else pl.lit("")

    def of_item(self, item: str) -> pl.Expr:
        """The cells of an item; empty text where the file has none (項目の式)."""
        return pl.col(self.by_item[item]) if item in self.by_item else pl.lit("")


@dataclass(frozen=True)
class Bound:
    """A rule on one file, ready to run: on one column, or, where ``item`` is None, on whole rows (対応付けた規則).

    ``accepts`` is the vectorised form; rules about cells say nothing of empty ones, so ``lets_empty`` stands before it.
    """

    rule: Rule
    item: Item | None
    column: str
    provisional: bool
    accepts: pl.Expr

    @property
    def lets_empty(self) -> bool:
        """Whether empty cells are none of its business (空欄を対象外とするか)."""
        return self.item is not None and not self.rule.by_row

    @property
    def finds(self) -> pl.Expr:
        """True where it finds something, or suspects it (指摘する行)."""
        return ~self.accepts & (pl.col(self.column) != "") if self.lets_empty else ~self.accepts


def all_accept(bounds: Sequence[Bound]) -> pl.Expr:
    """True where none of the rules on a column, or none about whole rows, finds anything (全規則の合格).

    Emptiness is asked once for all of them: with a hundred rules on a file this is a fifth of the work.
    """
    of_cells = [bound.accepts for bound in bounds if bound.lets_empty]
    others = [bound.accepts for bound in bounds if not bound.lets_empty]
    if of_cells:
        others.append((pl.col(bounds[0].column) == "") | pl.all_horizontal(of_cells))
    return pl.all_horizontal(others)


@dataclass
class Binding:
    """One file tied to its table (ファイルの対応付け).

    ``absent`` names, by rule, the items without which it cannot speak of this file.
    """

    table: str
    context: Context
    columns: Columns
    bound: list[Bound] = field(default_factory=list)
    absent: dict[str, tuple[str, ...]] = field(default_factory=dict)


def columns_of(headings: Sequence[str], table: str, context: Context) -> Columns:
    """Find the item of every column; the first of two columns with the same item has it (列の対応付け)."""
    known = items_by_heading(context.pack, table)
    items: dict[int, Item] = {}
    for index, heading in enumerate(headings):
        item = known.get(plain(heading))
        if item is not None and item not in items.values():
            items[index] = item
    return Columns(
        items=items,
        by_item={item.item: f"c{index}" for index, item in items.items()},
        by_heading={plain(item.name_ja): f"c{index}" for index, item in items.items()},
        written={item.name_ja: headings[index] for index, item in items.items()},
    )


def bind(headings: Sequence[str], table: str, context: Context, rules: Sequence[Rule], tally: Tally) -> Binding:
    """Bind every item and row rule that can run on a file with these headings (規則の対応付け)."""
    binding = Binding(table, context, columns_of(headings, table, context))
    for rule in rules:
        with tally.attempt(rule):
            if rule.shape is Shape.ITEM:
                _bind_items(binding, rule)
            elif rule.shape is Shape.ROW and rule.table in ("", table):
                _bind_rows(binding, rule)
    return binding


def _vectorised(rule: Rule) -> Callable[..., pl.Expr]:
    if rule.fast is None:
        raise ValueError(f"{rule.code} has no vectorised form")
    return rule.fast


def _bind_items(binding: Binding, rule: Rule) -> None:
    for index, item in binding.columns.items.items():
        if rule.concerns is None or not rule.concerns(item):
            continue
        column, context = f"c{index}", binding.context
        cells = binding.columns.expression if rule.by_row else pl.col(column)
        accepts = _vectorised(rule)(cells, item, context)
        binding.bound.append(Bound(rule, item, column, is_provisional(rule, context.pack, item), accepts))


def _bind_rows(binding: Binding, rule: Rule) -> None:
    missing = tuple(item for item in rule.needs if item not in binding.columns.by_item)
    if missing:
        binding.absent[rule.code] = missing
        return
    accepts = _vectorised(rule)(binding.columns.of_item, binding.context)
    binding.bound.append(Bound(rule, None, "", is_provisional(rule, binding.context.pack), accepts))
