"""Calling an address up on the entry form: postal code, initials, step by step, no script (住所の呼出し)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from municipal.core.clauses import implements
from municipal.places.finding import Step, block, buildings_at, lookup, parts_of, steps
from municipal.places.models import Block

FILLED = ("postal_code", "prefecture", "city", "block")
WHOLE = 11
"""Digits of an address code that names a block."""


@dataclass(frozen=True)
class Called:
    """What came of it: fields to fill, choices to offer, and for which group of fields (呼出しの結果)."""

    group: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[tuple[str, Step], ...] = ()
    buildings: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether nothing was found."""
        return bool(self.group) and not self.fields and not self.choices


NOTHING = Called()


@implements(
    "resident-record/1.0#1.3.3/m9", "resident-record/1.0#1.3.3/m10", "resident-record/1.0#1.3.3/m11",
    "resident-record/1.0#4.0.6/m2", "resident-record/1.0#4.0.7/m1", "resident-record/1.0#4.1.3.0.2/m2",
)  # fmt: skip
def called(do: str, said: Mapping[str, Any], own_code: str) -> Called:
    """What a pressed button of the aid means: ``call:place``, ``step:place:99001``, ``take:place:99001010001``.

    The group is a group of address fields, or the name of one field that takes the place as a whole (the domicile, for
    which former names are offered too).
    """
    what, _, rest = do.partition(":")
    group, _, code = rest.partition(":")
    is_whole = group.endswith("-domicile")
    if what == "call":
        typed = str(said.get(f"{group}-call", "")).strip()[:60]
        found = lookup(typed, own_code) if typed else []
        if len(found) == 1:
            return _taken(group, found[0], is_whole=is_whole)
        choices = [_take(group, one.code, str(one)) for one in found] if typed else _stepped(group, "", is_whole)
        return Called(group, choices=tuple(choices))
    if what == "step":
        return Called(group, choices=tuple(_stepped(group, code, is_whole)))
    if what == "take" and (one := block(code, with_former=is_whole)):
        return _taken(group, one, is_whole=is_whole)
    return Called(group)


def _take(group: str, code: str, name: str) -> tuple[str, Step]:
    return f"take:{group}:{code}", Step(code, name)


def _stepped(group: str, chosen: str, with_former: bool) -> list[tuple[str, Step]]:
    found = steps(chosen, with_former=with_former)
    return [
        _take(group, one.code, one.name) if len(one.code) == WHOLE else (f"step:{group}:{one.code}", one)
        for one in found
    ]


def _taken(group: str, found: Block, *, is_whole: bool) -> Called:
    if is_whole:
        return Called(group, {group: str(found)})
    parts = parts_of(found)
    buildings = tuple(one.name for one in buildings_at(found.code))
    return Called(group, {f"{group}-{part}": parts[part] for part in FILLED}, buildings=buildings)
