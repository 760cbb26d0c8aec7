"""Which pack and which table a file belongs to, by its name and its headings (ファイルの見分け)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import PurePosixPath

from municipal.conformance.packs import Item, Pack
from municipal.conformance.reading.headings import normal

ENOUGH = 0.3
"""The share of a file's headings that a table must know, so that the file is taken for it."""

ENOUGH_IF_NAMED = 0.2
"""The same for a file whose name is one of the table's."""

_NAMED = 0.4
_MANY, _SEVERAL = 5, 2


def plain(heading: str) -> str:
    """A heading as it is compared: width, case and white space do not matter (見出しの比較形)."""
    return normal(heading).casefold()


@cache
def items_by_heading(pack: Pack, table: str) -> Mapping[str, Item]:
    """The items of a table by every heading they are known under (見出し別の項目)."""
    found: dict[str, Item] = {}
    for item in pack.items_of(table):
        for heading in (item.name_ja, *item.aliases):
            found.setdefault(plain(heading), item)
    for item in pack.items_of(table):
        found[plain(item.name_ja)] = item
    return found


def known_headings(packs: Iterable[Pack]) -> frozenset[str]:
    """All headings of the packs as published; by them the heading row of a file is found (既知の見出し)."""
    return frozenset(heading for pack in packs for item in pack.items for heading in (item.name_ja, *item.aliases))


@cache
def marks(pack: Pack, table: str) -> frozenset[str]:
    """The headings that tell a table from lists of other things, in ``plain`` form (目印の見出し).

    ``marks`` of the table in pack.toml: headings, and names of items for all headings of those. Names, addresses and
    coordinates stand in every list of places and tell nothing.
    """
    told = pack.tables[table].facts.get("marks", ())
    of_items = {
        heading for heading, item in items_by_heading(pack, table).items() if item.item in told and item.item.isascii()
    }
    return frozenset({plain(mark) for mark in told} | of_items)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a file fits a table (一致度).

    ``known`` of the file's ``columns`` are headings of the table, ``marked`` of those tell it from others and
    ``is_covered`` says that half of the columns that must be there are.
    """

    pack: Pack
    table: str
    known: int
    columns: int
    is_named: bool
    marked: int
    is_covered: bool

    @property
    def share(self) -> float:
        """The known part of the headings, 0 to 1 (既知の見出しの割合)."""
        return self.known / self.columns if self.columns else 0.0

    @property
    def rank(self) -> tuple[float, int]:
        """Greater fits better (順位)."""
        return self.share + (_NAMED if self.is_named else 0.0), self.known

    @property
    def is_enough(self) -> bool:
        """Whether the file may be taken for the table (見分けられるか).

        By a third of its headings, more than one, and those that mark the table; or by its name and a fifth of them,
        or several. A file without headings goes by its name where the pack demands a heading, so that the lack of it
        is told.
        """
        shape = self.pack.tables[self.table].facts
        if not self.columns:
            return self.is_named and self.pack.facts.get("file", {}).get("header") == "required"
        is_marked = "marks" not in shape or self.marked >= shape.get("least_marks", 1)
        if self.is_named and (is_marked or not shape.get("always_marked")):
            return self.share >= ENOUGH_IF_NAMED or self.known >= (_MANY if "marks" in shape else _SEVERAL)
        return self.share >= ENOUGH and is_marked and (self.known > 1 or self.columns <= 2)


def likeness(name: str, columns: Sequence[str], pack: Pack, table: str) -> Likeness:
    """Compare the name and the headings of a file with a table (一致度の計算)."""
    headings = {plain(column) for column in columns if column}
    items = items_by_heading(pack, table)
    known = {items[heading].item for heading in headings if heading in items}
    marked = {items[heading].item for heading in headings & marks(pack, table) if heading in items}
    must = [item.item for item in pack.items_of(table) if item.column == "must"]
    stem = PurePosixPath(name.split("#")[0]).name.casefold()
    return Likeness(
        pack=pack,
        table=table,
        known=len(known),
        columns=len(headings),
        is_named=any(fnmatch(stem, pattern.casefold()) for pattern in pack.tables[table].files),
        marked=len(marked),
        is_covered=2 * len(known.intersection(must)) >= len(must),
    )


def recognise(files: Sequence[tuple[str, Sequence[str]]], packs: Sequence[Pack]) -> list[Likeness | None]:
    """For every file (name, headings) the table it fits best, or None (ファイルの見分け).

    Files of one hand-over belong together: where two packs fit, the one that fits more headings of all files wins.
    """
    every = [
        [found for pack in packs for table in pack.tables if (found := likeness(name, columns, pack, table)).is_enough]
        for name, columns in files
    ]
    votes: dict[str, float] = {}
    for candidates in every:
        for pack in {candidate.pack.name for candidate in candidates}:
            best = max(candidate.rank[0] * candidate.known for candidate in candidates if candidate.pack.name == pack)
            votes[pack] = votes.get(pack, 0.0) + best

    def fit(found: Likeness) -> tuple[float, bool, float, int]:
        return round(found.rank[0], 3), found.is_covered, votes[found.pack.name], found.known

    return [max(candidates, key=fit, default=None) for candidates in every]
