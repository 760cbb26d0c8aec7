"""Interest when somebody pays in parts, of every class of claim (一部納付の延滞金の試験)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from municipal.core.codes import STANDARDS, rows
from municipal.core.refusals import Refused
from municipal.payments.fees import claim_classes
from municipal.payments.rules.accrual import rates_of, schemes
from municipal.payments.rules.allocation import COSTS_FIRST
from municipal.payments.rules.late_interest import LateInterest, Payment, interest_until, late_interest

TAX, CIVIL = schemes()["late_interest"], schemes()["civil"]
DUE, DAYS = date(2026, 6, 30), some.dates(date(2025, 1, 1), date(2026, 12, 31))


def made(found: LateInterest) -> list[str]:
    return [f"{one.days}@{one.rate} of {one.base}={one.yen}" for one in found.segments]


def test_a_part_payment_lowers_the_base_from_the_day_after_it() -> None:
    # 100,000 due 30 June 2026. 31 days to 31 July at 2.8 %: 100,000 * 28 * 31 / 365,000 = 237.8 -> 237.
    # 1 to 20 August, 20 days at 9.1 %: 100,000 * 91 * 20 / 365,000 = 498.6 -> 498; then 40,500 are paid.
    # 59,500 -> 59,000 for 21 August to 19 October, 60 days at 9.1 %: 59,000 * 91 * 60 / 365,000 = 882.5 -> 882.
    # 237 + 498 + 882 = 1,617 -> 1,600.
    found = interest_until(date(2026, 10, 19), 100_000, DUE, [Payment(date(2026, 8, 20), 40_500)], TAX)
    assert made(found) == ["31@28 of 100000=237", "20@91 of 100000=498", "60@91 of 59000=882"]
    assert found.yen == 1_600


def test_what_is_paid_by_the_due_day_bears_no_interest_and_below_2000_yen_nothing_does() -> None:
    early = [Payment(date(2026, 6, 1), 60_000)]
    assert interest_until(date(2026, 10, 19), 100_000, DUE, early, TAX) == late_interest(
        40_000, DUE, date(2026, 10, 19)
    )
    rest = interest_until(date(2026, 12, 31), 50_000, DUE, [Payment(date(2026, 7, 10), 48_001)], TAX)
    assert made(rest) == ["10@28 of 50000=38"]
    assert rest.yen == 0


def test_a_payment_that_leaves_the_base_as_it_is_does_not_cut_the_days() -> None:
    # 10,900 and 10,100 have one base: cut in two, 62 days would lose a yen.
    whole = interest_until(date(2026, 7, 25), 10_900, DUE, [Payment(date(2026, 7, 10), 800)], TAX)
    assert made(whole) == ["25@28 of 10000=19"]


def test_a_payment_that_was_taken_back_never_counted() -> None:
    back = [Payment(date(2026, 8, 20), 40_500), Payment(date(2026, 8, 20), -40_500)]
    assert interest_until(date(2026, 10, 19), 100_000, DUE, back, TAX).yen == late_interest(
        100_000, DUE, date(2026, 10, 19)
    ).yen  # fmt: skip


def test_what_was_paid_too_early_and_given_back_is_owed_from_that_day() -> None:
    # Paid, reduced and paid back, then raised again: 20,000 stand open from 1 October on.
    found = interest_until(
        date(2026, 10, 31), 50_000, DUE, [Payment(date(2026, 6, 30), 50_000), Payment(date(2026, 9, 30), -20_000)], TAX
    )
    assert made(found) == ["31@91 of 20000=154"]


def test_a_private_claim_pays_its_interest_first_and_to_the_yen() -> None:
    # 100,000 at 3 %: 1 July to 18 October are 110 days: 904.1 -> 904. Of 20,000 paid then 904 pay interest and 19,096
    # the principal: 80,904 for 19 October to 27 November, 40 days: 80,904 * 30 * 40 / 365,000 = 265.9 -> 265.
    found = interest_until(
        date(2026, 11, 27), 100_000, DUE, [Payment(date(2026, 10, 18), 20_000)], CIVIL, order=COSTS_FIRST
    )
    assert made(found) == ["110@30 of 100000=904", "40@30 of 80904=265"]
    assert (found.yen, found.paid_yen) == (1_169, 904)


def test_a_payment_smaller_than_the_interest_pays_nothing_of_the_principal() -> None:
    found = interest_until(
        date(2026, 11, 27), 100_000, DUE, [Payment(date(2026, 10, 18), 500)], CIVIL, order=COSTS_FIRST
    )
    assert (found.paid_yen, [one.base for one in found.segments]) == (500, [100_000])


def test_the_legal_rate_stays_that_of_the_first_day_and_needs_no_later_year() -> None:
    found = interest_until(date(2032, 6, 30), 10_000, date(2026, 6, 30), [], CIVIL)
    assert made(found) == ["2192@30 of 10000=1801"]
    with pytest.raises(Refused, match="割合"):
        interest_until(date(2026, 6, 30), 10_000, date(2019, 6, 30), [], CIVIL)


def test_the_band_as_a_whole_is_cut_once_whatever_the_base() -> None:
    paid = [Payment(date(2026, 8, 20), 40_500)]
    # Band B: (100,000 * 20 + 59,000 * 60) * 91 / 365,000 = 1,381.2; 237 + 1,381 = 1,618.
    by_band = interest_until(date(2026, 10, 19), 100_000, DUE, paid, TAX, floor_per="band")
    assert by_band.yen == 1_600
    assert sum(one.yen for one in by_band.segments) == 1_617


@given(
    some.integers(0, 10**7), DAYS, DAYS,
    some.lists(some.builds(Payment, DAYS, some.integers(1, 10**6)), max_size=4),
)  # fmt: skip
def test_paying_never_makes_the_interest_larger(
    principal: int, due: date, until: date, payments: list[Payment]
) -> None:
    whole = interest_until(until, principal, due, [], TAX)
    parts = interest_until(until, principal, due, payments, TAX)
    # Cutting to the yen once more may only lose.
    assert 0 <= parts.yen <= whole.yen


@given(some.integers(1, 10**6), some.lists(some.builds(Payment, DAYS, some.integers(1, 10**5)), max_size=4), DAYS)
def test_of_a_private_claim_interest_and_principal_together_are_what_was_paid(
    principal: int, payments: list[Payment], until: date
) -> None:
    found = interest_until(until, principal, date(2024, 12, 31), payments, CIVIL, order=COSTS_FIRST)
    assert 0 <= found.paid_yen <= found.yen
    assert found.paid_yen <= sum(one.yen for one in payments if one.paid_on <= until)


def test_every_class_of_claim_has_a_scheme_or_none_and_every_scheme_its_rates() -> None:
    assert {one.interest for one in claim_classes().values()} <= {*schemes(), "none"}
    for scheme in schemes().values():
        assert rates_of(scheme.rates)[2026].later > 0
    said = list(rows(STANDARDS / "fees" / "1" / "interest_schemes.csv"))
    assert {row["status"] for row in said} <= {"cited", "provisional"}
