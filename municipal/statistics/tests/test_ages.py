"""The age at which people are counted, beside the law's way of reaching it (年齢の試験)."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from municipal.core.ages import age_on, attains_on, school_year_of
from municipal.core.dates import RegisterDate
from municipal.statistics.ages import class_of, classes, in_classes, in_generations, name_of
from municipal.statistics.stocks import AGE

HERE = Path(__file__).parent / "examples"


def rows(name: str) -> list[tuple[str, ...]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in list(csv.reader(file))[1:]]


@pytest.mark.django_db
@pytest.mark.parametrize(("born_on", "day", "age"), rows("ages.csv"))
def test_statistics_count_the_age_of_the_day(born_on: str, day: str, age: str) -> None:
    statement = f"SELECT {AGE} FROM (SELECT %(born_on)s::text AS born_on) AS record"
    with connection.cursor() as cursor:
        cursor.execute(statement, {"day": date.fromisoformat(day), "born_on": born_on})
        (found,) = cursor.fetchone()
    assert found == (None if age == "不詳" else int(age))


@pytest.mark.parametrize(("born_on", "day", "age"), [row for row in rows("ages.csv") if row[2] != "不詳"])
def test_the_law_reaches_it_at_the_end_of_the_day_before(born_on: str, day: str, age: str) -> None:
    birth, on = RegisterDate.parse(born_on), date.fromisoformat(day)
    assert age_on(birth, on) == int(age)
    if birth.date is not None and int(age):
        assert attains_on(birth.date, int(age)) < on
        assert on <= attains_on(birth.date, int(age) + 1) + timedelta(days=1)


@pytest.mark.parametrize(("born_on", "year"), rows("school_years.csv"))
def test_a_school_year_begins_on_the_second_of_april(born_on: str, year: str) -> None:
    assert school_year_of(RegisterDate.parse(born_on)) == (int(year) if year else None)


@pytest.mark.parametrize(
    ("age", "first"), [(0, 0), (4, 0), (5, 5), (84, 80), (85, 85), (86, 85), (120, 85), (None, None), (-1, None)]
)
def test_classes_are_of_five_years_and_the_last_is_open(age: Any, first: Any) -> None:
    assert class_of(age, last=85) == first


def test_classes_have_names_and_lose_nobody() -> None:
    by_age = {0: 1, 4: 2, 5: 3, 64: 4, 65: 5, 99: 6, None: 7}
    found = in_classes(by_age, last=85)
    assert found.total() == sum(by_age.values())
    assert (found[0], found[5], found[85], found[None]) == (3, 3, 6, 7)
    assert len(classes(85)) == 18
    assert [name_of(first, last=85) for first in (0, 85, None)] == ["0-4歳", "85歳以上", "年齢不詳"]
    assert list(in_generations(by_age).values()) == [6, 4, 11]
