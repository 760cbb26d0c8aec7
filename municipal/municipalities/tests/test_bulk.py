"""Many rows at once go through the wall like one (一括登録の試験)."""

import pytest
from django.db import IntegrityError

from conftest import OTHER_TOWN, TOWN
from municipal.municipalities import wall
from municipal.municipalities.bulk import among, load, take_ids
from municipal.residents.models import Household


def test_rows_arrive_in_the_municipality_that_is_open(committed_db: str) -> None:
    with wall.within(TOWN):
        ids = take_ids(Household, 3)
        assert load(Household, ("id", "number"), [(key, f"{key}") for key in ids]) == 3
    with wall.within(OTHER_TOWN):
        assert Household.objects.count() == 0
    with wall.within(TOWN):
        assert sorted(Household.objects.values_list("pk", flat=True)) == ids


def test_ids_taken_are_never_given_again(committed_db: str) -> None:
    with wall.within(TOWN):
        ids = take_ids(Household, 5)
        load(Household, ("id", "number"), [(key, f"{key}") for key in ids])
        assert Household.objects.create(number="99").pk > max(ids)
        assert len(set(ids)) == 5


def test_a_row_that_breaks_a_constraint_stops_the_whole_load(committed_db: str) -> None:
    with pytest.raises(IntegrityError, match="household_number_is_given_once"), wall.within(TOWN):
        first, second = take_ids(Household, 2)
        load(Household, ("id", "number"), [(first, "1"), (second, "1")])
    with wall.within(TOWN):
        assert Household.objects.count() == 0


def test_nothing_is_loaded_outside_the_wall() -> None:
    with pytest.raises(wall.NoMunicipality):
        load(Household, ("id", "number"), [(1, "1")])


def test_loading_twice_in_one_transaction_works(town: int) -> None:
    for number in ("1", "2"):
        load(Household, ("id", "number"), [(take_ids(Household, 1)[0], number)])
    assert Household.objects.count() == 2


def test_many_values_are_asked_for_in_one_parameter_and_none_finds_nothing(town: int) -> None:
    load(Household, ("number",), [("1",), ("2",), ("3",)])
    ids = list(Household.objects.filter(number__in=["1", "3"]).values_list("pk", flat=True))
    assert set(Household.objects.filter(number__in=among(["1", "3", "9"], "text")).values_list("pk", flat=True)) == set(
        ids
    )
    assert Household.objects.filter(pk__in=among(set(ids))).count() == 2
    assert not Household.objects.filter(number__in=among([], "text")).exists()
    assert not Household.objects.filter(pk__in=among([])).exists()
