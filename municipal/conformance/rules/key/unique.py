"""A key stands in one row only (キーの一意性)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Pack
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.key import heading


def keys_of(pack: Pack) -> dict[str, dict[str, Kept]]:
    """The key items of every table that has a key (表のキー)."""
    return {name: dict.fromkeys(shape.key, Kept.KEY) for name, shape in pack.tables.items() if shape.key}


@set_rule("KEY-0001", clause="pack.toml#key", severity=Severity.ERROR, collects=keys_of)
def a_key_stands_in_one_row_only(tables: Mapping[str, list[Row]], context: Context) -> Iterator[tuple[Row, Fault]]:
    """No two rows of a table have the same key, over all files of the table together (キーの一意性).

    The first row is taken as the right one and every later row with its key is found. Rows with an empty part of the
    key are not compared: the rule on required items finds them. Two files of one hand-over count as one table, so a
    file handed over twice is found in every row.
    """
    for name, rows in tables.items():
        items = context.pack.tables[name].key
        column = heading(context.pack, name, items[-1])
        seen: dict[tuple[str, ...], Row] = {}
        for row in rows:
            key = tuple(row[item] for item in items)
            if "" in key:
                continue
            first = seen.setdefault(key, row)
            if first is not row:
                yield row, Fault(column, facts={"first": first.number})


@a_key_stands_in_one_row_only.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    found = []
    for name, frame in frames.items():
        items = list(context.pack.tables[name].key)
        # A single part is a hash already.
        key = pl.col(items[0]) if len(items) == 1 else pl.struct(items).hash()
        keyed = frame.lazy().drop_nulls(items).select("_file", "_row", key.alias("key")).collect()
        # Two steps, because keeping only what is doubled is far cheaper than numbering everything.
        doubled = keyed.filter(pl.col("key").is_duplicated())
        later = doubled.with_columns(
            first=pl.col("_row").first().over("key"), place=pl.int_range(pl.len()).over("key")
        ).filter(pl.col("place") > 0)
        column = pl.lit(heading(context.pack, name, items[-1])).alias("column")
        found.append(later.select("_file", "_row", column, "first"))
    return pl.concat(found)
