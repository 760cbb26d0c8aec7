"""Two documents about the same items, held against each other (文書間の矛盾)."""

from __future__ import annotations

from collections.abc import Iterator

from municipal.conformance.speclint.spec import Contradiction, Definition, Spec, likeness
from municipal.conformance.workbooks.cells import conditions_in
from municipal.conformance.workbooks.sheets import plain

_ALIKE = 0.8
_SHARED_NAMES = 3
_MOST_NAMES = 20


def are_about_the_same(one: Spec, other: Spec) -> bool:
    """Whether two packs share a third of the names of either, so that what is missing tells something (同じ対象か)."""
    shared = len(one.by_name.keys() & other.by_name.keys())
    return shared >= _SHARED_NAMES and shared * 3 >= max(len(one.by_name), len(other.by_name))


def compare(one: Spec, other: Spec) -> Iterator[Contradiction]:
    """All that one document says otherwise than the other (文書間の矛盾)."""
    found: list[Contradiction] = []
    for name in one.by_name.keys() & other.by_name.keys():
        found += _facts(one, one.by_name[name], other, other.by_name[name])
    left = [d for d in one.definitions if d.name not in other.by_name]
    right = [d for d in other.definitions if d.name not in one.by_name]
    renamed = _renamed(left, right)
    for mine, theirs in renamed:
        found.append(_renaming(mine, theirs))
        found += _facts(one, mine, other, theirs)
    yield from found
    yield from _missing(one, other, [d for d in right if d not in [theirs for _, theirs in renamed]])
    yield from _missing(other, one, [d for d in left if d not in [mine for mine, _ in renamed]])
    if found and (one.pack.version, _day(one)) != (other.pack.version, _day(other)):
        yield Contradiction(
            "SPEC-0209",
            f"版が異なる文書です（{one.pack.name} {_day(one)}、{other.pack.name} {_day(other)}）。",
            f"Documents of different editions: {one.pack.name} {_day(one)}, {other.pack.name} {_day(other)}.",
            (one.pack.name, other.pack.name),
        )


def _day(spec: Spec) -> str:
    return str(spec.pack.source.get("modified_on", "-"))


def _facts(one: Spec, mine: Definition, other: Spec, theirs: Definition) -> Iterator[Contradiction]:
    places = (mine.place, theirs.place)
    name = mine.name if mine.name == theirs.name else f"{mine.name} / {theirs.name}"
    for code, what_ja, what_en, left, right in (
        ("SPEC-0201", "桁数", "length", mine.item.max_length, theirs.item.max_length),
        ("SPEC-0202", "データ型", "type", mine.item.type, theirs.item.type),
        ("SPEC-0203", "必須・条件付き必須・任意", "presence", mine.item.presence, theirs.item.presence),
        ("SPEC-0204", "条件", "condition", _condition(mine), _condition(theirs)),
    ):
        if left != right and (code != "SPEC-0204" or (left and right)):
            yield Contradiction(
                code,
                f"「{name}」の{what_ja}が異なります（{left} と {right}）。",
                f"The {what_en} of {name} differs: {left} and {right}.",
                places,
            )
    left_values, right_values = (
        {code: plain(said) for code, said in spec.values.get(d.item.codes, {}).items()}
        for spec, d in ((one, mine), (other, theirs))
    )
    if left_values and right_values and left_values != right_values:
        yield Contradiction(
            "SPEC-0205",
            f"「{name}」のコードの意味が異なります（{_said(left_values)} と {_said(right_values)}）。",
            f"The codes of {name} mean different things: {_said(left_values)} and {_said(right_values)}.",
            places,
        )


def _said(values: dict[str, str]) -> str:
    return "、".join(f"{code} {name}" for code, name in values.items())


def _condition(d: Definition) -> str:
    """The condition without the word for output: a file is put out, a request is sent."""
    return " ".join(plain(text).replace("出力必須", "必須") for text in conditions_in(d.prose))


def _renamed(left: list[Definition], right: list[Definition]) -> list[tuple[Definition, Definition]]:
    """Items that only one side has and that are the same by field name or by description, the likest first."""
    scored = [
        (_sameness(mine, theirs), -place, -among, mine, theirs)
        for place, mine in enumerate(left)
        for among, theirs in enumerate(right)
    ]
    pairs: list[tuple[Definition, Definition]] = []
    for score, _, _, mine, theirs in sorted(scored, key=lambda entry: entry[:3], reverse=True):
        if score >= _ALIKE and not any(mine is a or theirs is b for a, b in pairs):
            pairs.append((mine, theirs))
    return pairs


def _sameness(mine: Definition, theirs: Definition) -> float:
    """Field names decide; otherwise the descriptions, as they are or without what the names differ by."""
    if set(mine.item.aliases) & set(theirs.item.aliases):
        return 2.0
    if mine.name.split("_")[:-1] != theirs.name.split("_")[:-1]:
        return 0.0
    start = _shared(mine.name, theirs.name)
    end = _shared(mine.name[start:][::-1], theirs.name[start:][::-1])
    texts = [d.definition.replace(d.name[start : len(d.name) - end] or "\0", "") for d in (mine, theirs)]
    return max(likeness(mine.definition, theirs.definition), likeness(*texts))


def _shared(one: str, other: str) -> int:
    """With how many characters both begin."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _renaming(mine: Definition, theirs: Definition) -> Contradiction:
    return Contradiction(
        "SPEC-0206",
        f"同じ項目と思われるものの名称が異なります（「{mine.name}」と「{theirs.name}」）。",
        f"What seems to be one item has two names: {mine.name} and {theirs.name}.",
        (mine.place, theirs.place),
    )


def _missing(where: Spec, other: Spec, missing: list[Definition]) -> Iterator[Contradiction]:
    if missing:
        names = "、".join(d.name for d in missing[:_MOST_NAMES]) + ("…" if len(missing) > _MOST_NAMES else "")
        yield Contradiction(
            "SPEC-0207",
            f"{other.pack.name} の{len(missing)}項目が {where.pack.name} にありません（{names}）。",
            f"{len(missing)} items of {other.pack.name} are not in {where.pack.name}: {names}.",
            tuple(d.place for d in missing),
        )
