"""Deadlines as the Civil Code counts them (期限の計算の試験)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core.business_days import is_business_day
from municipal.procedures.catalogue import Deadline, Text
from municipal.procedures.deadlines import due_on

SAID = Text("期限", "期限", "deadline", "기한")


def rule(days: int = 0, months: int = 0, **more: Any) -> Deadline:
    usual: dict[str, Any] = {"from_field": "x", "is_before": False, "first_day_counts": False, "rolls": False,
                             "text": SAID, "status": "seen"}  # fmt: skip
    return Deadline(days=days, months=months, **(usual | more))


@pytest.mark.parametrize(
    ("deadline", "day", "last"),
    [
        (rule(14), date(2026, 11, 1), date(2026, 11, 15)),
        (rule(14, first_day_counts=True), date(2026, 11, 1), date(2026, 11, 14)),
        (rule(14, rolls=True), date(2026, 11, 1), date(2026, 11, 16)),
        (rule(15, rolls=True), date(2026, 11, 25), date(2026, 12, 10)),
        # Over the turn of the year the office is closed from 29 December to 3 January.
        (rule(7, rolls=True), date(2026, 12, 23), date(2027, 1, 4)),
        (rule(months=1), date(2026, 1, 30), date(2026, 2, 28)),
        (rule(months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (rule(months=1), date(2026, 2, 28), date(2026, 3, 31)),
        (rule(months=3), date(2026, 11, 29), date(2027, 2, 28)),
        (rule(months=3), date(2026, 11, 15), date(2027, 2, 15)),
        (rule(months=24), date(2026, 11, 15), date(2028, 11, 15)),
        (rule(months=24), date(2024, 2, 28), date(2026, 2, 28)),
        (rule(months=1, first_day_counts=True), date(2026, 11, 1), date(2026, 11, 30)),
        (rule(months=1, first_day_counts=True), date(2026, 12, 31), date(2027, 1, 30)),
        (rule(14, is_before=True), date(2026, 11, 30), date(2026, 11, 16)),
        (rule(7, is_before=True, rolls=True), date(2026, 11, 30), date(2026, 11, 20)),
        (rule(months=1, is_before=True), date(2026, 3, 31), date(2026, 2, 28)),
        (rule(months=13, is_before=True), date(2026, 1, 15), date(2024, 12, 15)),
    ],
)  # fmt: skip
def test_the_last_day_is_the_law_s(deadline: Deadline, day: date, last: date) -> None:
    assert due_on(deadline, day) == last


def test_a_day_on_which_this_office_is_closed_moves_the_deadline() -> None:
    assert due_on(rule(14, rolls=True), date(2026, 11, 2), closed=[date(2026, 11, 16)]) == date(2026, 11, 17)


DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@given(DAYS, st.integers(1, 400), st.booleans())
def test_a_deadline_that_moves_ends_on_an_open_day_and_on_the_right_side(day: date, days: int, is_before: bool) -> None:
    fixed = due_on(rule(days, is_before=is_before), day)
    moved = due_on(rule(days, is_before=is_before, rolls=True), day)
    assert is_business_day(moved)
    assert (moved <= fixed) if is_before else (moved >= fixed)


@given(DAYS, st.integers(1, 36), st.booleans())
def test_later_events_are_never_due_earlier(day: date, months: int, is_before: bool) -> None:
    later = due_on(rule(months=months, is_before=is_before), day + timedelta(days=1))
    assert later >= due_on(rule(months=months, is_before=is_before), day)
