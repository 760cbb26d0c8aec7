"""Rules about single cells, for every item of every pack (項目の規則)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from municipal.conformance.packs import Item


def is_filled(cell: Callable[[str], str], item: Item) -> bool:
    """Whether an item says something: a value or, of a date that may be unknown, that it is not known (記入の有無)."""
    if cell(item.name_ja) != "" or not item.may_be_unknown:
        return cell(item.name_ja) != ""
    return cell(f"{item.name_ja}_不詳フラグ") == "1" or cell(f"{item.name_ja}_不詳表記") != ""


def filled(cell: Callable[[str], pl.Expr], item: Item) -> pl.Expr:
    """The same as ``is_filled`` for a column (記入の有無)."""
    value = cell(item.name_ja) != ""
    if not item.may_be_unknown:
        return value
    return value | (cell(f"{item.name_ja}_不詳フラグ") == "1") | (cell(f"{item.name_ja}_不詳表記") != "")
