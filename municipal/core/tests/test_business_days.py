"""Open days of a municipal office and deadlines (開庁日)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core.business_days import add_business_days, deadline, is_business_day, next_business_day

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    "closed",
    [
        "2026-10-31",  # Saturday
        "2026-11-01",  # Sunday
        "2026-11-03",  # Culture Day
        "2026-11-23",  # Labour Thanksgiving Day
        "2026-05-06",  # substitute for Constitution Day on a Sunday
        "2026-09-22",  # between two holidays
        "2026-03-20",  # spring equinox
        "2019-05-01",  # accession, one year only
        "2019-04-30",  # between two holidays of that year
        "2026-12-29",
        "2026-12-30",
        "2026-12-31",
        "2027-01-01",
        "2024-01-02",
        "2024-01-03",
    ],
)
def test_the_office_is_closed(closed: str) -> None:
    assert not is_business_day(day(closed))


@pytest.mark.parametrize(
    "opened",
    ["2026-11-02", "2026-11-24", "2026-12-28", "2024-01-04", "2027-01-04", "2020-05-01", "2026-10-30", "2020-10-12"],
)
def test_the_office_is_open(opened: str) -> None:
    assert is_business_day(day(opened))


def test_the_holidays_reach_as_far_as_the_documentation_says() -> None:
    assert not is_business_day(date(2099, 11, 3))
    assert not is_business_day(date(1949, 5, 5))


def test_a_municipality_closes_on_days_of_its_own() -> None:
    own = {day("2026-11-02"), day("2026-11-04")}
    assert not is_business_day(day("2026-11-02"), own)
    assert next_business_day(day("2026-10-31"), own) == day("2026-11-05")
    assert add_business_days(day("2026-10-30"), 1, own) == day("2026-11-05")
    assert deadline(day("2026-10-17"), 14, own) == day("2026-11-05")


@pytest.mark.parametrize(
    ("start", "next_open"),
    [
        ("2026-10-30", "2026-10-30"),
        ("2026-10-31", "2026-11-02"),
        ("2026-11-01", "2026-11-02"),
        ("2026-05-02", "2026-05-07"),
        ("2026-12-29", "2027-01-04"),
    ],
)
def test_the_next_open_day_is_the_day_itself_when_open(start: str, next_open: str) -> None:
    assert next_business_day(day(start)) == day(next_open)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-10-30", 0, "2026-10-30"),
        ("2026-10-31", 0, "2026-11-02"),
        ("2026-10-30", 1, "2026-11-02"),
        ("2026-10-31", 1, "2026-11-02"),
        ("2026-10-30", 2, "2026-11-04"),
        ("2026-12-28", 1, "2027-01-04"),
        ("2026-09-18", 1, "2026-09-24"),
    ],
)
def test_open_days_are_counted_from_the_day_after(start: str, count: int, end: str) -> None:
    assert add_business_days(day(start), count) == day(end)


def test_business_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_business_days(day("2026-11-24"), -1)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-10", 14, "2026-11-24"),
        ("2026-10-17", 14, "2026-11-02"),  # the 31st is a Saturday
        ("2026-10-18", 14, "2026-11-02"),  # the 1st is a Sunday
        ("2026-10-20", 14, "2026-11-04"),  # the 3rd is Culture Day
        ("2026-11-09", 14, "2026-11-24"),  # the 23rd is a holiday
        ("2026-12-15", 14, "2027-01-04"),  # 29 December
        ("2026-12-14", 14, "2026-12-28"),
        ("2024-02-15", 14, "2024-02-29"),
        ("2026-11-24", 0, "2026-11-24"),
    ],
)
def test_a_deadline_leaves_out_the_first_day_and_moves_to_an_open_day(start: str, days: int, end: str) -> None:
    assert deadline(day(start), days) == day(end)


@given(DAYS, st.integers(1, 30))
def test_every_counted_day_is_open_and_none_is_left_out(start: date, count: int) -> None:
    end = add_business_days(start, count)
    between = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert is_business_day(end)
    assert sum(map(is_business_day, between)) == count


@given(DAYS, st.integers(0, 60))
def test_a_deadline_never_comes_early_and_never_more_than_ten_days_late(start: date, days: int) -> None:
    late = deadline(start, days) - (start + timedelta(days=days))
    assert timedelta(0) <= late <= timedelta(days=10)
    assert is_business_day(deadline(start, days))
