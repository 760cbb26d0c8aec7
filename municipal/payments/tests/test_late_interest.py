"""Interest against published examples (延滞金の試験)."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from municipal.core.refusals import Refused
from municipal.payments.rules.late_interest import end_of_first_month, late_interest, rates

with (Path(__file__).parent / "late_interest.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
DAYS = some.dates(date(2021, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['principal']} {row['due_on']} {row['paid_on']}")
def test_an_example_comes_out_to_the_yen(row: dict[str, str]) -> None:
    days = date.fromisoformat(row["due_on"]), date.fromisoformat(row["paid_on"])
    found = late_interest(int(row["principal"]), *days, floor_per=row["floor_per"])  # type: ignore[arg-type]
    assert [f"{one.days}@{one.rate}={one.yen}" for one in found.segments] == row["segments"].split()
    assert found.yen == int(row["yen"])


@pytest.mark.parametrize(
    ("due", "end"),
    [
        ("2021-05-31", "2021-06-30"),
        ("2026-02-02", "2026-03-02"),
        ("2026-01-31", "2026-02-28"),
        ("2024-01-30", "2024-02-29"),
        ("2026-02-28", "2026-03-31"),
        ("2025-12-31", "2026-01-31"),
        ("2025-12-25", "2026-01-25"),
    ],
)
def test_the_first_month_is_counted_by_the_calendar(due: str, end: str) -> None:
    assert end_of_first_month(date.fromisoformat(due)) == date.fromisoformat(end)


def test_cutting_once_a_band_never_gives_less_than_cutting_each_year() -> None:
    due, paid = date(2021, 5, 31), date(2026, 5, 29)
    by_year = late_interest(1_234_000, due, paid)
    assert late_interest(1_234_000, due, paid, floor_per="band").yen >= by_year.yen
    assert len(by_year.segments) == 7


@given(some.integers(0, 10**9), DAYS, some.integers(0, 800))
def test_interest_grows_with_the_days_and_is_whole_hundreds(principal: int, due: date, wait: int) -> None:
    paid = min(due + timedelta(days=wait), date(2026, 12, 30))
    one, two = late_interest(principal, due, paid), late_interest(principal, due, paid + timedelta(days=1))
    assert 0 <= one.yen <= two.yen
    assert one.yen % 100 == 0
    assert sum(segment.days for segment in one.segments) == (max((paid - due).days, 0) if principal >= 2_000 else 0)


def test_a_year_whose_rate_is_not_known_is_refused() -> None:
    with pytest.raises(Refused, match="割合"):
        late_interest(10_000, date(max(rates()), 12, 1), date(max(rates()) + 1, 1, 5))


def test_a_negative_principal_is_refused() -> None:
    with pytest.raises(Refused):
        late_interest(-1, date(2025, 1, 1), date(2025, 2, 1))
