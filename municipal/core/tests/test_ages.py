"""Ages by law: attained at the end of the day before the birthday (年齢計算)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core.ages import age_on, attains_on, school_year_of
from municipal.core.dates import RegisterDate

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def born(text: str) -> RegisterDate:
    return RegisterDate.entered(text)


@pytest.mark.parametrize(
    ("birth", "age", "day"),
    [
        ("2004-02-29", 18, "2022-02-28"),
        ("2004-02-29", 20, "2024-02-28"),
        ("2004-03-01", 18, "2022-02-28"),
        ("2004-03-01", 20, "2024-02-29"),
        ("2004-02-28", 20, "2024-02-27"),
        ("2020-04-01", 6, "2026-03-31"),
        ("2020-04-02", 6, "2026-04-01"),
        ("1961-01-01", 65, "2025-12-31"),
        ("2026-11-23", 0, "2026-11-22"),
    ],
)
def test_an_age_is_attained_at_the_end_of_the_day_before(birth: str, age: int, day: str) -> None:
    assert attains_on(date.fromisoformat(birth), age) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2008-11-23", "2026-11-22", 17),
        ("2008-11-23", "2026-11-23", 18),
        ("2004-02-29", "2022-02-28", 17),
        ("2004-02-29", "2022-03-01", 18),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2004-03-01", "2024-02-29", 19),
        ("2026-11-23", "2026-11-23", 0),
        ("M45.7.30", "2012-07-30", 100),
        ("M45.7.30", "2012-07-29", 99),
    ],
)
def test_the_new_age_is_had_from_the_birthday_on(birth: str, day: str, age: int | None) -> None:
    assert age_on(born(birth), date.fromisoformat(day)) == age


@pytest.mark.parametrize(("day", "age"), [("2026-02-28", 26), ("2026-03-01", 27), ("2024-02-29", 25)])
def test_an_impossible_birthday_counts_by_its_written_day(day: str, age: int | None) -> None:
    assert age_on(born("1999-02-29"), date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("昭和25年 月日不詳", "2026-11-23", None),
        ("昭和25年 月日不詳", "2026-12-30", None),
        ("昭和25年 月日不詳", "2026-12-31", 76),
        ("昭和25年 月日不詳", "2026-01-01", None),
        ("昭和25年5月 日不詳", "2026-11-23", 76),
        ("昭和25年5月 日不詳", "2026-05-15", None),
        ("昭和25年5月 日不詳", "2026-05-31", 76),
        ("昭和25年12月 日不詳", "2026-11-23", 75),
        ("昭和25年5月上旬", "2026-05-10", 76),
        ("昭和64年 月日不詳", "2026-11-23", 37),
        ("年月日不詳", "2026-11-23", None),
    ],
)
def test_an_unknown_part_gives_an_age_only_when_it_makes_no_difference(birth: str, day: str, age: int | None) -> None:
    assert age_on(born(birth), date.fromisoformat(day)) == age


@pytest.mark.parametrize("birth", ["2026-11-24", "2030-01-01", "令和9年 月日不詳", "令和8年12月 日不詳"])
def test_before_birth_there_is_no_age(birth: str) -> None:
    assert age_on(born(birth), date(2026, 11, 23)) is None


@pytest.mark.parametrize(
    ("birth", "year"),
    [
        ("2020-03-31", 2019),
        ("2020-04-01", 2019),
        ("2020-04-02", 2020),
        ("2020-12-31", 2020),
        ("2021-01-01", 2020),
        ("2021-04-01", 2020),
        ("2021-04-02", 2021),
        ("2020-02-29", 2019),
        ("2021-02-29", 2020),
        ("令和2年 月日不詳", None),
        ("令和2年4月 日不詳", None),
        ("令和2年3月 日不詳", 2019),
        ("令和2年5月 日不詳", 2020),
        ("令和2年秋", 2020),
        ("年月日不詳", None),
    ],
)
def test_a_child_of_the_first_of_april_belongs_to_the_earlier_school_year(birth: str, year: int | None) -> None:
    assert school_year_of(born(birth)) == year


@given(DAYS, st.integers(0, 120))
def test_the_day_after_attaining_is_the_first_day_of_the_age(birth: date, age: int) -> None:
    attained = attains_on(birth, age)
    register = RegisterDate.exact(birth)
    assert age_on(register, attained) == (age - 1 if age else None)
    # A leap birthday in a leap year: attained on 28 February, the age is had on the 29th, the next day.
    assert age_on(register, attained + timedelta(days=1)) == age


@given(DAYS)
def test_school_begins_in_the_first_april_after_six_is_attained(birth: date) -> None:
    year = school_year_of(RegisterDate.exact(birth))
    assert year is not None
    assert date(year + 6, 4, 1) <= attains_on(birth, 6) <= date(year + 7, 3, 31)
