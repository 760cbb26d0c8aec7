"""What a row refers to is there (参照先の存在)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from municipal.conformance.findings import Fault, Severity
from municipal.conformance.packs import Pack
from municipal.conformance.rules import Context, Kept, Row, set_rule


def referring(pack: Pack) -> dict[str, dict[str, Kept]]:
    """The items of all references and of the keys they point to (参照に使う項目)."""
    wanted: dict[str, dict[str, Kept]] = {}
    for name, shape in pack.tables.items():
        for reference in shape.references:
            wanted.setdefault(name, {}).update(dict.fromkeys(reference["items"], Kept.KEY))
            there = reference.get("keys", reference["items"])
            wanted.setdefault(reference["table"], {}).update(dict.fromkeys(there, Kept.KEY))
    return wanted


def both_are_there(pack: Pack, tables: Collection[str]) -> bool:
    """Whether some table is there together with one that it refers to (両方の表があるか)."""
    return any(
        name in tables and reference["table"] in tables
        for name, shape in pack.tables.items()
        for reference in shape.references
    )


@set_rule("KEY-0002", clause="pack.toml#references", severity=Severity.ERROR, collects=referring, speaks=both_are_there)
def what_a_row_refers_to_is_there(tables: Mapping[str, list[Row]], context: Context) -> Iterator[tuple[Row, Fault]]:
    """A row that names a row of another table finds it there (参照先の存在).

    It is judged only if the other table is part of the hand-over, over all its files together. An empty cell refers to
    nothing and is right here. If many rows are found, the other file is usually of another day or was cut.
    """
    for name, shape in context.pack.tables.items():
        for reference in shape.references:
            if name not in tables or reference["table"] not in tables:
                continue
            there = reference.get("keys", reference["items"])
            known = {tuple(row[item] for item in there) for row in tables[reference["table"]]}
            for row in tables[name]:
                key = tuple(row[item] for item in reference["items"])
                if "" not in key and key not in known:
                    heading = _heading(context.pack, name, reference["items"][0])
                    yield row, Fault(heading, facts=_facts(context, reference))


@what_a_row_refers_to_is_there.over
def _(frames: Mapping[str, pl.DataFrame], context: Context) -> pl.DataFrame:
    found = [pl.DataFrame(schema={"_file": pl.UInt16, "_row": pl.UInt32, "column": pl.String})]
    for name, shape in context.pack.tables.items():
        for reference in shape.references:
            if name not in frames or reference["table"] not in frames:
                continue
            here, there = list(reference["items"]), list(reference.get("keys", reference["items"]))
            other = frames[reference["table"]]
            lost = frames[name].drop_nulls(here).join(other, left_on=here, right_on=there, how="anti")
            column = pl.lit(_heading(context.pack, name, here[0])).alias("column")
            facts = [pl.lit(value).alias(key) for key, value in _facts(context, reference).items()]
            found.append(lost.select("_file", "_row", column, *facts))
    return pl.concat(found, how="diagonal").sort("_file", "_row")


def _facts(context: Context, reference: Mapping[str, str]) -> dict[str, str]:
    other = context.pack.tables[reference["table"]]
    return {"table_ja": other.title_ja, "table_en": other.title_en}


def _heading(pack: Pack, table: str, name: str) -> str:
    return next((item.name_ja for item in pack.items_of(table) if item.item == name), name)
