"""A pack as a specification to be examined: its items with everything that was written about them (検査対象の仕様)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from municipal.conformance.packs import Item, Pack
from municipal.conformance.workbooks.sheets import plain


@dataclass(frozen=True, slots=True, order=True)
class Contradiction:
    """Something in a specification that cannot be right, or not everywhere (仕様の矛盾).

    ``places`` say where, one text each: pack, sheet and row, name. One place alone contradicts itself or its table.
    """

    code: str
    ja: str
    en: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """One item and the cells of its row in the workbook by meaning, none if the pack was not imported (項目の定義)."""

    pack: str
    item: Item
    texts: Mapping[str, str] = field(default_factory=dict)
    stored: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The Japanese name (項目名)."""
        return self.item.name_ja

    @property
    def place(self) -> str:
        """Where it stands (場所)."""
        return f"{self.pack} {self.item.source} {self.name}".replace("  ", " ")

    @property
    def definition(self) -> str:
        """What the item is: 項目定義, in API specifications 項目説明 (項目定義)."""
        return self.texts.get("definition") or ("" if "presence" in self.texts else self.texts.get("description", ""))

    @property
    def prose(self) -> str:
        """All that is written about the item (説明の全文)."""
        return "\n".join(self.texts.get(meaning, "") for meaning in ("definition", "description", "remark"))


@dataclass(frozen=True)
class Spec:
    """A pack and the definitions in it (仕様)."""

    pack: Pack

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Its items in their order (項目の一覧)."""
        texts: dict[str, dict[str, str]] = {}
        stored: dict[str, dict[str, str]] = {}
        for row in self.pack.rows("cells.csv"):
            texts.setdefault(row["item"], {})[row["meaning"]] = row["text"]
            stored.setdefault(row["item"], {})[row["meaning"]] = row["stored"] or row["text"]
        return tuple(
            Definition(self.pack.name, item, texts.get(item.item, {}), stored.get(item.item, {}))
            for item in self.pack.items
        )

    @cached_property
    def by_name(self) -> Mapping[str, Definition]:
        """Its items by Japanese name (名称別の項目)."""
        return {definition.name: definition for definition in self.definitions}

    @cached_property
    def values(self) -> Mapping[str, Mapping[str, str]]:
        """Its code lists: list to code to name (コード値)."""
        return {name: {value.code: value.name_ja for value in values} for name, values in self.pack.codes.items()}

    def tables(self) -> Iterator[list[Definition]]:
        """Its items table by table (表ごとの項目)."""
        for table in self.pack.tables:
            yield [definition for definition in self.definitions if definition.item.table == table]


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1, without lists of values in brackets (類似度)."""
    left, right = (plain(re.sub(r"[（(]\d[：:].*", "", text, flags=re.DOTALL)) for text in (one, other))
    return difflib.SequenceMatcher(None, left, right).ratio() if left and right else 0.0


def repeated(
    definitions: Sequence[Definition], key: Callable[[Definition], str]
) -> Iterator[tuple[str, list[Definition]]]:
    """Groups of definitions that share a key; empty keys are not compared (同じ値の項目)."""
    groups: dict[str, list[Definition]] = {}
    for definition in definitions:
        groups.setdefault(key(definition), []).append(definition)
    return ((shared, group) for shared, group in groups.items() if shared and len(group) > 1)
