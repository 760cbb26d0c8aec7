"""What a row refers to is there (参照先の存在)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Pack
from municipal.conformance.rules import Context, Kept, Row, set_rule
from municipal.conformance.rules.key import heading


def referring(pack: Pack) -> dict[str, dict[str, Kept]]:
    """The items of all references, in both tables: they have the same names there (参照に使う項目)."""
    wanted: dict[str, dict[str, Kept]] = {}
    for name, reference in references_among(pack, pack.tables):
        for table in (name, reference["table"]):
            wanted.setdefault(table, {}).update(dict.fromkeys(reference["items"], Kept.KEY))
    return wanted


def references_among(pack: Pack, tables: Collection[str]) -> list[tuple[str, Mapping[str, Any]]]:
    """The references of these tables to one another, each with the table that it stands in (表の間の参照)."""
    return [
        (name, reference)
        for name, shape in pack.tables.items()
        for reference in shape.references
        if name in tables and reference["table"] in tables
    ]


def both_are_there(pack: Pack, tables: Collection[str]) -> bool:
    """Whether some table is there together with one that it refers to (両方の表があるか)."""
    return bool(references_among(pack, tables))


@set_rule("KEY-0002", clause="pack.toml#references", severity=Severity.ERROR, collects=referring, speaks=both_are_there)
def what_a_row_refers_to_is_there(tables: Mapping[str, list[Row]], context: Context) -> Iterator[tuple[Row, Fault]]:
    """A row that names a row of another table finds it there (参照先の存在).

    It is judged only if the other table is part of the hand-over, over all its files together. An empty cell refers to
    nothing and is right here. If many rows are found, the other file is usually of another day or was cut.
    """
    for name, reference in references_among(context.pack, tables):
        items = reference["items"]
        known = {tuple(row[item] for item in items) for row in tables[reference["table"]]}
        for row in tables[name]:
            key = tuple(row[item] for item in items)
            if "" not in key and key not in known:
                yield row, Fault(heading(context.pack, name, items[0]), facts=_facts(context, reference))


@what_a_row_refers_to_is_there.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    found = []
    for name, reference in references_among(context.pack, frames):
        items = reference["items"]
        lost = frames[name].drop_nulls(items).join(frames[reference["table"]], on=items, how="anti")
        column = pl.lit(heading(context.pack, name, items[0])).alias("column")
        facts = [pl.lit(value).alias(key) for key, value in _facts(context, reference).items()]
        found.append(lost.select("_file", "_row", column, *facts))
    return pl.concat(found)


def _facts(context: Context, reference: Mapping[str, Any]) -> dict[str, str]:
    other = context.pack.tables[reference["table"]]
    return {"table_ja": other.title_ja, "table_en": other.title_en}
