"""When entitlements begin and end: golden vectors on both sides of every border (受給資格の規則の試験).

Issue 7, section 6; Child Allowance Act 8, Long-Term Care Insurance Act 36, National Health Insurance Act 7 and 8.
"""

from datetime import date

import pytest

from municipal.entitlements.kinds import kinds
from municipal.entitlements.rules import care, child_allowance, health_insurance
from municipal.entitlements.rules.months import first_of, last_of, months_on


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_every_line_of_the_table_says_words_that_are_known() -> None:
    """``standards/entitlements/README.md`` lists them."""
    assert {one.of for one in kinds().values()} == {"self", "children", "named", "all"}
    assert {one.effect for one in kinds().values()} == {"grant", "end", "change"}
    assert {one.status for one in kinds().values()} <= {"seen", "unverified"}
    starts = {one.starts for one in kinds().values() if not one.starts.startswith("answer:")}
    assert starts == {
        "", "claim", "claim_month", "next_month", "allowance_month", "moved_in", "event", "decision", "qualified",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("born", "claimed", "paid_from"),
    [
        ("2026-11-25", "2026-12-10", "2026-12-01"),  # the named case: the fifteenth day
        ("2026-11-25", "2026-12-11", "2027-01-01"),  # the day after: a month is lost
        ("2026-11-25", "2026-11-25", "2026-12-01"),
        ("2026-11-10", "2026-11-25", "2026-12-01"),  # both months the same: nothing depends on it
        ("2026-12-20", "2027-01-04", "2027-01-01"),  # the turn of the year
        ("2026-12-20", "2027-01-05", "2027-02-01"),
        ("2027-12-17", "2028-01-04", "2028-01-01"),  # day 15 is 1 January: the office opens on the 4th
        ("2027-12-17", "2028-01-05", "2028-02-01"),
        ("2028-02-14", "2028-02-29", "2028-03-01"),  # a leap day
        ("2028-02-15", "2028-03-01", "2028-03-01"),
        ("2028-02-15", "2028-03-02", "2028-04-01"),
        ("2027-02-14", "2027-03-01", "2027-03-01"),  # no leap day
        ("2027-02-14", "2027-03-02", "2027-04-01"),
        ("2026-10-31", "2026-11-16", "2026-11-01"),  # day 15 is a Sunday: Monday is in time
        ("2026-10-31", "2026-11-17", "2026-12-01"),
        ("2026-11-25", "2026-11-24", "2026-12-01"),  # claimed before: the claim alone counts
    ],
)
def test_a_child_allowance_begins_after_the_birth_or_after_the_claim(born: str, claimed: str, paid_from: str) -> None:
    assert child_allowance.starts_on(day(claimed), day(born)) == day(paid_from)


def test_a_claim_without_a_known_event_is_paid_from_the_month_after_it() -> None:
    assert child_allowance.starts_on(day("2026-12-31"), None) == day("2027-01-01")


def test_a_day_that_the_town_adds_to_its_holidays_moves_the_last_day() -> None:
    assert child_allowance.starts_on(day("2026-12-11"), day("2026-11-25"), [day("2026-12-10")]) == day("2026-12-01")


@pytest.mark.parametrize(
    ("ceased", "paid_through"),
    [
        ("2026-11-01", "2026-11-30"), ("2026-11-30", "2026-11-30"), ("2026-12-31", "2026-12-31"),
        ("2028-02-01", "2028-02-29"), ("2027-02-28", "2027-02-28"), ("2100-02-10", "2100-02-28"),
    ],
)  # fmt: skip
def test_a_child_allowance_is_paid_through_the_month_in_which_its_ground_ceases(ceased: str, paid_through: str) -> None:
    assert child_allowance.ends_on(day(ceased)) == day(paid_through)


@pytest.mark.parametrize(
    ("born", "ends"),
    [
        ("2008-04-01", "2026-03-31"), ("2008-04-02", "2027-03-31"), ("2008-03-31", "2026-03-31"),
        ("2008-12-31", "2027-03-31"), ("2008-01-01", "2026-03-31"), ("2008-02-29", "2026-03-31"),
    ],
)  # fmt: skip
def test_it_ends_on_the_31_march_after_a_child_attains_eighteen(born: str, ends: str) -> None:
    assert child_allowance.ends_by_age(day(born)) == day(ends)


@pytest.mark.parametrize(
    ("moved_in", "notified", "is_transferred"),
    [
        ("2026-11-10", "2026-11-10", True), ("2026-11-10", "2026-11-24", True), ("2026-11-10", "2026-11-25", False),
        ("2026-11-10", "2026-11-09", False),
        ("2028-02-15", "2028-02-29", True), ("2028-02-15", "2028-03-01", False),  # a leap day
        ("2026-12-16", "2027-01-04", True), ("2026-12-16", "2027-01-05", False),  # day 14 is 30 December
        ("2026-11-01", "2026-11-16", True), ("2026-11-01", "2026-11-17", False),  # day 14 is a Sunday
    ],
)  # fmt: skip
def test_a_care_certification_is_transferred_within_fourteen_days(
    moved_in: str, notified: str, is_transferred: bool
) -> None:
    assert care.is_transferred(day(moved_in), day(notified)) is is_transferred


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-12-10", "2027-06-30"), ("2027-01-01", "2027-06-30"), ("2026-12-31", "2027-06-30"),
        ("2026-08-31", "2027-02-28"), ("2027-08-15", "2028-02-29"), ("2026-07-01", "2026-12-31"),
    ],
)  # fmt: skip
def test_a_certification_lasts_the_rest_of_its_month_and_six_months(starts: str, ends: str) -> None:
    assert care.lasts_until(day(starts)) == day(ends)


def test_a_certification_of_no_month_is_none() -> None:
    with pytest.raises(ValueError, match="a month"):
        care.lasts_until(day("2026-12-10"), 0)


def test_health_insurance_begins_on_the_day_of_qualification_however_late_it_is_notified() -> None:
    assert health_insurance.joins_on(day("2026-04-01"), day("2026-11-29")) == day("2026-04-01")
    assert health_insurance.joins_on(day("2026-04-01"), day("2026-04-01")) == day("2026-04-01")
    assert health_insurance.first_month_charged(day("2026-03-31")) == day("2026-03-01")
    with pytest.raises(ValueError, match="before"):
        health_insurance.joins_on(day("2026-04-02"), day("2026-04-01"))


def test_health_insurance_ends_the_day_before_another_town_insures() -> None:
    ended = health_insurance.last_insured_on
    assert ended(day("2027-01-01"), is_insured_elsewhere_that_day=True) == day("2026-12-31")
    assert ended(day("2026-12-31"), is_insured_elsewhere_that_day=False) == day("2026-12-31")
    assert ended(day("2028-03-01"), is_insured_elsewhere_that_day=True) == day("2028-02-29")


def test_months_cross_the_year_and_leap_days() -> None:
    assert (first_of(day("2028-02-29")), last_of(day("2028-02-01"))) == (day("2028-02-01"), day("2028-02-29"))
    assert [months_on(day("2026-11-30"), count) for count in (-11, 0, 1, 2, 14)] == [
        day("2025-12-01"), day("2026-11-01"), day("2026-12-01"), day("2027-01-01"), day("2028-01-01"),
    ]  # fmt: skip
