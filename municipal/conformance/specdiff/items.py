"""Differences between data items (データ項目の差分)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from municipal.conformance import conditions
from municipal.conformance.packs import TYPES, Item, Pack
from municipal.conformance.specdiff.changes import Change, Kind, both, matched


def of_items(old: Pack, new: Pack) -> Iterator[Change]:
    """An item is the same by its id, else by its name or field name in its table, else by its name (項目の差分)."""
    keys: Sequence[Callable[[Item], Hashable]] = (
        lambda item: (item.table, item.item),
        lambda item: (item.table, item.name_ja),
        lambda item: (item.table, item.aliases) if item.aliases else None,
        lambda item: item.name_ja,
    )
    pairs, gone, come = matched(old.items, new.items, keys)
    words = _prose(old), _prose(new)
    for before, after in pairs:
        if before.item != after.item:
            yield Change(Kind.RENUMBERED, "item", after.name_ja, "item", before.item, after.item)
        if before.name_ja != after.name_ja:
            yield Change(Kind.REWORDED, "item", after.name_ja, "name_ja", before.name_ja, after.name_ja)
        yield from _wording(after.name_ja, words[0].get(before.item, {}), words[1].get(after.item, {}))
        yield from _limits(old, before, new, after)
        yield from _demand(before, after)
    yield from (Change(Kind.REMOVED, "item", item.name_ja) for item in gone)
    for item in come:
        yield Change(Kind.ADDED, "item", item.name_ja)
        if item.presence == "required" or item.column == "must" or _condition(item):
            yield Change(Kind.TIGHTENED, "item", item.name_ja, "presence", "", item.presence)


def _prose(pack: Pack) -> dict[str, dict[str, str]]:
    """What imported packs keep in words: the condition and the description of every item."""
    words: dict[str, dict[str, str]] = {}
    for row in pack.rows("conditions.csv"):
        of = words.setdefault(row["item"], {})
        of["condition"] = f"{of.get('condition', '')} {row['text']}".strip()
    for row in pack.rows("cells.csv"):
        if row["meaning"] in {"definition", "description", "remark"}:
            of = words.setdefault(row["item"], {})
            lines = (line for line in row["text"].splitlines() if not line.strip().startswith("※※"))
            of["description"] = f"{of.get('description', '')} {' '.join(lines)}".strip()
    return words


def _wording(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for field in ("condition", "description"):
        was, now = before.get(field, ""), after.get(field, "")
        if was and now and was != now:
            yield Change(Kind.REWORDED, "item", name, field, was, now)


_WITHIN: Mapping[str, frozenset[str]] = {
    "XN": frozenset(TYPES) - {"XN"},
    "X": frozenset(TYPES) - {"XN", "X", "N", "BLOB"},
    "NUM": frozenset({"9", "9V", "S9", "YEAR", "FLAG"}),
    "S9": frozenset({"9", "YEAR", "FLAG"}),
    "9V": frozenset({"9", "YEAR", "FLAG"}),
    "9": frozenset({"YEAR", "FLAG"}),
}
"""Types whose values are all values of the type, too (データ型の包含)."""


def _limits(old: Pack, before: Item, new: Pack, after: Item) -> Iterator[Change]:
    """What a value may be: type, length, codes, number; and whether the column may be left out."""
    name = after.name_ja
    left, right = _values(old, before), _values(new, after)
    unknown = before.may_be_unknown, after.may_be_unknown
    for field, was, now, tightens, loosens in (
        ("type", before.type, after.type, not _holds(after.type, before.type), not _holds(before.type, after.type)),
        ("codes", _listed(left), _listed(right), not _within(left, right), not _within(right, left)),
        ("number", before.number, after.number, after.number != "", before.number != ""),
        ("column", before.column, after.column, after.column == "must", before.column == "must"),
        ("may_be_unknown", _yes(unknown[0]), _yes(unknown[1]), unknown[0], unknown[1]),
    ):
        if was != now:
            yield from both("item", name, field, was, now, tightens=tightens, loosens=loosens)
    for field in ("max_length", "decimals"):
        was_at_most, is_at_most = getattr(before, field), getattr(after, field)
        if was_at_most != is_at_most:
            is_less = was_at_most is None or (is_at_most is not None and is_at_most < was_at_most)
            said = ["" if most is None else str(most) for most in (was_at_most, is_at_most)]
            yield from both("item", name, field, said[0], said[1], tightens=is_less, loosens=not is_less)


def _holds(wide: str, narrow: str) -> bool:
    return wide == narrow or narrow in _WITHIN.get(wide, ())


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""


def _values(pack: Pack, item: Item) -> frozenset[str] | None:
    """The codes that an item takes, None for any; a list kept elsewhere is like nothing but itself."""
    if not item.codes:
        return None
    return frozenset(value.code for value in pack.codes.get(item.codes, ())) or frozenset({f"[{item.codes}]"})


def _within(inner: frozenset[str] | None, outer: frozenset[str] | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)


def _listed(codes: frozenset[str] | None) -> str:
    return "|".join(sorted(codes or ()))


_STRENGTH = {"optional": 0, "conditional": 1, "required": 2}


def _demand(before: Item, after: Item) -> Iterator[Change]:
    """When a value must be there."""
    was, now = (f"{item.presence} {_condition(item)}".strip() for item in (before, after))
    if was == now:
        return
    if before.presence != after.presence:
        tightens = _STRENGTH[after.presence] > _STRENGTH[before.presence]
        loosens = not tightens
    else:
        tightens = _holds_somewhere(_condition(after), but_not=_condition(before))
        loosens = _holds_somewhere(_condition(before), but_not=_condition(after))
    yield from both("item", after.name_ja, "presence", was, now, tightens=tightens, loosens=loosens)


def _condition(item: Item) -> str:
    return item.condition if item.presence == "conditional" else ""


_MOST_ROWS = 50_000


def _holds_somewhere(condition: str, *, but_not: str) -> bool:
    """Whether a row can fulfil one condition and not the other: all rows that they can tell apart are tried.

    A condition in words only demands nothing of a file. With too many rows to try the answer is yes.
    """
    if not condition or not but_not:
        return bool(condition)
    one, other = conditions.parse(condition), conditions.parse(but_not)
    cells: dict[str, set[str]] = {}
    for term in itertools.chain.from_iterable(one.alternatives + other.alternatives):
        cells.setdefault(term.heading, {"", "\0"}).update(term.values)
    if math.prod(map(len, cells.values())) > _MOST_ROWS:
        return True
    rows = (dict(zip(cells, row, strict=True)) for row in itertools.product(*cells.values()))
    return any(one.holds(row.__getitem__) and not other.holds(row.__getitem__) for row in rows)
