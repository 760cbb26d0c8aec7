"""Whether a pack that somebody wrote can be used at all, said before anything is judged (仕様パックの点検)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from municipal.conformance import conditions, packs
from municipal.conformance.packs import Item, Pack, TableShape, UnreadablePack
from municipal.conformance.rules import all_rules

_BROKEN = (TypeError, ValueError, KeyError, AttributeError, OSError)


def sound(name: str) -> Pack:
    """The pack of this name or in this folder; raises UnreadablePack with file and reason (点検済みのパック).

    Everything it holds is read once: what is wrong with a pack must not come to light in the middle of a run.
    """
    try:
        pack = packs.find(name)
        problem = next(problems(pack), "")
    except _BROKEN as error:
        raise UnreadablePack(f"{Path(name)}: {type(error).__name__}: {error}") from error
    if problem:
        raise UnreadablePack(f"{pack.folder}/{problem}")
    return pack


def problems(pack: Pack) -> Iterator[str]:
    """What makes it unusable, each with its file; raises UnreadablePack and what bad cells raise (パックの問題)."""
    yield from filter(None, map(_unreadable, pack.items))
    for shape in pack.tables.values():
        for table, item_name in _named(shape):
            if item_name not in {item.item for item in pack.items_of(table)}:
                yield f"pack.toml: tables.{shape.name}: {table} に {item_name} がありません / there is no such item"
    codes = pack.codes if pack.items else {}  # a pack of plain lists has columns of its own
    known = {*all_rules(), *codes, *pack.messages}
    known |= {line["id"] for line in pack.rows("ambiguities.csv")} | {line["code"] for line in pack.rows("rules.csv")}
    for requirement in pack.requirements:
        for check in sorted(set(requirement.checks) - known):
            yield f"requirements.csv: {requirement.clause}: 規則 {check} はありません / there is no rule {check}"


def _unreadable(item: Item) -> str:
    try:
        if item.condition:
            conditions.parse(item.condition)
    except ValueError as error:
        return f"items.csv: {item.name_ja}: 条件を読めません / the condition cannot be read: {error}"
    return ""


def _named(shape: TableShape) -> Iterator[tuple[str, str]]:
    """The items that a table names in its key and its references, each with its table (参照される項目)."""
    yield from ((shape.name, item) for item in shape.key)
    for reference in shape.references:
        yield from ((shape.name, item) for item in reference["items"])
        yield from ((reference["table"], item) for item in reference["items"])
