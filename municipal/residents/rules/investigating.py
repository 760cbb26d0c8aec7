"""What may be looked into, and which items the mark stands beside (実態調査中の項目).

Nothing is hidden or changed by it: whoever reads an item sees that it may not be true.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

WHOLE = "whole"
ABOUT: Mapping[str, str] = {
    WHOLE: "居住の事実", "address": "住所", "household": "世帯", "family_register": "戸籍の表示", "name": "氏名",
    "born_on": "生年月日", "relationship": "続柄", "nationality": "国籍・地域",
}  # fmt: skip
"""The whole, the groups and the single items that may be looked into, with their Japanese names."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "address": ("address", "address_set_on"),
    "household": ("relationship", "head_name", "member_order"),
    "family_register": ("domicile", "register_head"),
}
"""A group stands for all of its items."""
DERIVED: Mapping[str, tuple[str, ...]] = {
    WHOLE: ("address", "relationship", "head_name", "became_resident_on", "address_set_on"),
    "name": ("name", "name_kana"),
    "relationship": ("relationship",),
    "born_on": ("born_on",),
    "nationality": ("nationality",),
}
"""Which shown items follow from what is looked into."""


@dataclass(frozen=True)
class Looking:
    """One looking into: about what, from when, and to when if it has ended (調査)."""

    about: str
    started_on: date
    ended_on: date | None = None

    def goes_on(self, day: date) -> bool:
        """Whether it goes on that day: from its first day up to, not including, the one on which it ended."""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


def marked_items(found: Iterable[Looking], day: date) -> frozenset[str]:
    """The shown items beside which the mark stands on ``day`` (調査中の印を付ける項目)."""
    items: set[str] = set()
    for one in found:
        if one.goes_on(day):
            items |= {*GROUPS.get(one.about, ()), *DERIVED.get(one.about, ())}
    return frozenset(items)


def is_whole(found: Iterable[Looking], day: date) -> bool:
    """Whether it is looked into if the person lives here at all: the page says so on top (居住の実態を調査中)."""
    return any(one.about == WHOLE and one.goes_on(day) for one in found)
