"""Nothing that is published names somebody, and no difference gives away what was left out (秘匿の試験)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.statistics.small_cells import LEAST_OF_A_NATIONALITY, Size, gathered, rare, without_ages

BIG = Size(400, 150)


@pytest.mark.parametrize(
    ("sizes", "rest"),
    [
        ({"松町": BIG, "竹町": BIG}, set()),
        ({"松町": BIG, "竹町": Size(19, 9)}, {"竹町", "松町"}),
        ({"松町": BIG, "竹町": Size(50, 20), "梅町": Size(19, 9)}, {"梅町", "竹町"}),
        ({"松町": BIG, "竹町": Size(10, 6), "梅町": Size(12, 4)}, {"竹町", "梅町"}),
        ({"松町": BIG, "竹町": Size(20, 4)}, {"竹町", "松町"}),
        ({"松町": BIG, "竹町": Size(60, 20), None: Size(1, 1)}, {None, "竹町"}),
        ({"松町": BIG, "竹町": Size(60, 20), None: Size(30, 10)}, {None}),
        ({"松町": Size(3, 1)}, {"松町"}), ({}, set()),
    ],
)  # fmt: skip
def test_small_areas_and_people_without_one_stand_together(sizes: Any, rest: Any) -> None:
    assert gathered(sizes) == rest


SIZES = st.builds(Size, st.integers(0, 500), st.integers(0, 200))


@given(st.dictionaries(st.one_of(st.none(), st.text("松竹梅桜", min_size=1, max_size=3)), SIZES, max_size=12))
def test_every_line_is_large_enough_or_the_whole_town_is_one_line(sizes: Any) -> None:
    rest = gathered(sizes)
    assert None not in sizes or None in rest
    assert not any(sizes[area].is_small for area in sizes if area not in rest)
    joined = Size(sum(sizes[area].people for area in rest), sum(sizes[area].homes for area in rest))
    assert not rest or not joined.is_small or rest == set(sizes)


@given(st.dictionaries(st.text("松竹梅", min_size=1, max_size=3), st.integers(0, 900), max_size=9))
def test_a_gap_in_the_ages_is_never_alone(people: dict[str, int]) -> None:
    hidden = without_ages(people)
    assert {area for area, count in people.items() if count < 300} <= hidden
    assert len(hidden) != 1 or len(people) == 1


@given(st.dictionaries(st.text("韓中米仏", min_size=1, max_size=3), st.integers(1, 30), max_size=9))
def test_a_rare_nationality_is_never_alone(counts: dict[str, int]) -> None:
    together = rare(counts)
    assert all(counts[name] >= LEAST_OF_A_NATIONALITY for name in set(counts) - together)
    gathered_count = sum(counts[name] for name in together)
    assert not together or gathered_count >= LEAST_OF_A_NATIONALITY or together == set(counts)
