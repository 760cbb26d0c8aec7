"""The wall between municipalities, tried on a database that really commits (自治体間の壁の試験)."""

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality


def ask() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kijun_current_municipality()")
        return int(cursor.fetchone()[0])


def test_a_transaction_sees_the_municipality_it_was_opened_for(committed_db: str) -> None:
    with wall.within(TOWN):
        assert ask() == TOWN
        assert wall.current() == TOWN


def test_never_set_and_ended_settings_raise_the_same_named_error(committed_db: str) -> None:
    with pytest.raises(DatabaseError) as never, transaction.atomic():
        ask()
    with wall.within(TOWN):
        ask()
    with pytest.raises(DatabaseError) as ended, transaction.atomic():
        ask()
    assert wall.is_no_municipality(never.value)
    assert wall.is_no_municipality(ended.value)


def test_outside_the_wall_python_says_so_too() -> None:
    with pytest.raises(wall.NoMunicipality):
        wall.current()


def test_another_municipality_cannot_be_opened_inside_one(committed_db: str) -> None:
    with wall.within(TOWN), pytest.raises(wall.NoMunicipality), wall.within(OTHER_TOWN):
        pass


def test_what_must_be_last_runs_once_and_only_before_a_commit(committed_db: str) -> None:
    seen: list[int] = []

    def act() -> None:
        seen.append(ask())

    with wall.within(TOWN):
        wall.before_commit(act)
        with wall.within(TOWN):
            wall.before_commit(act)
        assert seen == []
    assert seen == [TOWN]
    with pytest.raises(ZeroDivisionError), wall.within(TOWN):
        wall.before_commit(act)
        raise ZeroDivisionError
    assert seen == [TOWN]


def test_the_application_cannot_found_a_town(committed_db: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        Municipality.objects.create(id=990035, name="三")


def test_both_towns_are_founded(town: int) -> None:
    assert [found.code for found in Municipality.objects.all()] == ["990019", "990027"]
