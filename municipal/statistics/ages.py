"""Classes of age, and single years (年齢階級)."""

from collections import Counter
from collections.abc import Mapping

UNKNOWN = "年齢不詳"


def class_of(age: int | None, *, last: int) -> int | None:
    """The first age of the five-year class, of everybody from ``last`` on ``last``; None for no age (5歳階級)."""
    if age is None or age < 0:
        return None
    return min(age - age % 5, last)


def classes(last: int) -> list[int]:
    """The first ages of the classes, ``last`` being open (階級の一覧)."""
    return list(range(0, last + 1, 5))


def name_of(first: int | None, *, last: int) -> str:
    """A class in words: 5-9歳, 85歳以上 (階級の名前)."""
    if first is None:
        return UNKNOWN
    return f"{last}歳以上" if first == last else f"{first}-{first + 4}歳"


def in_classes(by_age: Mapping[int | None, int], *, last: int) -> Counter[int | None]:
    """Counts by single year gathered into classes (階級別の人数)."""
    found: Counter[int | None] = Counter()
    for age, count in by_age.items():
        found[class_of(age, last=last)] += count
    return found


GENERATIONS = {"年少人口（0-14歳）": (0, 14), "生産年齢人口（15-64歳）": (15, 64), "老年人口（65歳以上）": (65, 999)}
"""The three groups that every report has (年齢3区分)."""


def in_generations(by_age: Mapping[int | None, int]) -> dict[str, int]:
    """Counts in the three groups (年齢3区分別の人数); whoever's age is not known is in none."""
    return {
        name: sum(count for age, count in by_age.items() if age is not None and first <= age <= last)
        for name, (first, last) in GENERATIONS.items()
    }
