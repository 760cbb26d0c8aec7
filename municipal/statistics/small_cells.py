"""What is small enough to name somebody is not published by itself (秘匿).

Decided so (docs/decisions): what leaves the office has no town area of fewer than 20 people or 5 households; those, and
protected people, stand together in one line その他の地域, which takes in the next smallest area until it is large
enough itself. So every line can be published, the lines add up to the town, and no difference gives a hidden line away.
Classes of age are published for areas of 300 people and more; with one such gap alone the next smallest area gets one
too, or the gap could be reckoned.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEAST_PEOPLE, LEAST_HOMES, LEAST_FOR_AGES = 20, 5, 300
LEAST_OF_A_NATIONALITY = 5
REST = "その他の地域"
OTHERS = "その他の国籍"


@dataclass(frozen=True)
class Size:
    """How many people and households an area has (町字の規模)."""

    people: int
    homes: int

    @property
    def is_small(self) -> bool:
        """Whether it could name somebody."""
        return self.people < LEAST_PEOPLE or self.homes < LEAST_HOMES


def gathered(sizes: Mapping[str | None, Size]) -> set[str | None]:
    """Which areas stand together in その他の地域; None stands for people who are placed nowhere (まとめる町字).

    Empty where nothing is small. Where the town itself is too small, everything is gathered.
    """
    rest = {area for area, size in sizes.items() if area is None or size.is_small}
    large = sorted(((size.people, area or "") for area, size in sizes.items() if area not in rest))
    while rest and _joined(sizes, rest).is_small and large:
        rest.add(large.pop(0)[1])
    return rest


def _joined(sizes: Mapping[str | None, Size], areas: set[str | None]) -> Size:
    return Size(sum(sizes[area].people for area in areas), sum(sizes[area].homes for area in areas))


def without_ages(people: Mapping[str, int]) -> set[str]:
    """Which of the published lines say no classes of age (年齢別を示さない行)."""
    hidden = {area for area, count in people.items() if count < LEAST_FOR_AGES}
    if len(hidden) == 1 and len(people) > 1:
        hidden.add(min((count, area) for area, count in people.items() if area not in hidden)[1])
    return hidden


def rare(counts: Mapping[str, int]) -> set[str]:
    """Which nationalities stand together in その他の国籍 (まとめる国籍)."""
    found = {name for name, count in counts.items() if count < LEAST_OF_A_NATIONALITY}
    common = sorted((count, name) for name, count in counts.items() if name not in found)
    while found and sum(counts[name] for name in found) < LEAST_OF_A_NATIONALITY and common:
        found.add(common.pop(0)[1])
    return found
