"""A quarter of each long walk, another one with another seed (長い試験の一部実行の試験)."""

import pytest

from .walks import SHARE, chosen

VARIANTS = [f"test_a[{number}]" for number in range(58)]


def test_a_run_takes_its_quarter_and_the_same_seed_takes_the_same() -> None:
    taken = chosen(VARIANTS, 7)
    assert len(taken) == 15
    assert taken == chosen(list(reversed(VARIANTS)), 7)


def test_runs_with_other_seeds_come_by_everything() -> None:
    assert set().union(*(chosen(VARIANTS, seed) for seed in range(10 * SHARE))) == set(VARIANTS)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_of_a_short_walk_one_step_is_taken(count: int) -> None:
    assert len(chosen(VARIANTS[:count], 1)) == 1
