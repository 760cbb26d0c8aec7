"""Interest that the town owes, reckoned by hand (還付加算金の試験)."""

from datetime import date

import pytest

from municipal.core.refusals import Refused
from municipal.payments.rules.refund_interest import MISTAKE, OWN_DECISION, Piece, begins_on, causes, refund_interest

PAID = date(2026, 2, 10)


def piece(yen: int, cause: str = OWN_DECISION, paid_on: date = PAID, over_on: date = date(2026, 9, 1)) -> Piece:
    return Piece(yen, paid_on, over_on, cause)


@pytest.mark.parametrize(
    ("cause", "paid", "begins"),
    [
        # The town's own decision: the day after the payment.
        (OWN_DECISION, "2026-02-10", "2026-02-11"),
        # A mistake: one month from the day after the payment has passed on 10 March; the day after that.
        (MISTAKE, "2026-02-10", "2026-03-11"),
        (MISTAKE, "2026-01-31", "2026-03-01"),
        (MISTAKE, "2025-12-31", "2026-02-01"),
        # At the payer's request: one month after the decision of 1 September, if that is later than the payment.
        ("claimed", "2026-02-10", "2026-10-02"),
        ("income_tax", "2026-10-20", "2026-10-21"),
    ],
)
def test_interest_begins_on_a_day_that_depends_on_the_cause(cause: str, paid: str, begins: str) -> None:
    assert begins_on(piece(1, cause, date.fromisoformat(paid))) == date.fromisoformat(begins)


def test_a_reduction_bears_interest_from_the_day_after_the_payment() -> None:
    # 240,500 -> 240,000; 11 February to 20 November 2026 are 283 days at 1.3 %:
    # 240,000 * 13 * 283 / 365,000 = 2,419.06 -> 2,419 -> 2,400.
    found = refund_interest([piece(240_500)], date(2026, 11, 20))
    assert [(one.days, one.rate, one.yen) for one in found.segments] == [(283, 13, 2_419)]
    assert found.yen == 2_400


def test_the_rate_changes_with_the_calendar_year() -> None:
    # 500,000 paid on 30 June 2025; 1 July to 31 December 2025 are 184 days at 0.9 %: 500,000 * 9 * 184 / 365,000 =
    # 2,268.4 -> 2,268; 1 January to 15 January 2026 are 15 days at 1.3 %: 267.1 -> 267; together 2,535 -> 2,500.
    found = refund_interest([piece(500_000, paid_on=date(2025, 6, 30))], date(2026, 1, 15))
    assert [(one.days, one.rate, one.yen) for one in found.segments] == [(184, 9, 2_268), (15, 13, 267)]
    assert found.yen == 2_500


def test_pieces_count_from_their_own_day_and_make_one_base_together() -> None:
    # 100,600 from 11 February (to 10 March: 28 days at 100,000: 99.7 -> 99), then with 150,700 paid by mistake on
    # 10 February from 11 March: 251,300 -> 251,000, 255 days to 20 November: 2,279.6 -> 2,279. 2,378 -> 2,300.
    found = refund_interest([piece(100_600), piece(150_700, MISTAKE)], date(2026, 11, 20))
    assert [(one.base, one.days, one.yen) for one in found.segments] == [(100_000, 28, 99), (251_000, 255, 2_279)]
    assert found.yen == 2_300


@pytest.mark.parametrize("yen", [0, 1_999])
def test_below_2000_yen_there_is_none(yen: int) -> None:
    assert refund_interest([piece(yen)], date(2026, 11, 20)) == refund_interest([], date(2026, 11, 20))


def test_less_than_1000_yen_of_interest_is_not_paid() -> None:
    assert refund_interest([piece(90_000)], date(2026, 11, 20)).yen == 0


def test_before_its_first_day_there_is_none() -> None:
    found = refund_interest([piece(9_000_000, MISTAKE)], date(2026, 3, 10))
    assert (found.yen, found.segments) == (0, ())


def test_a_cause_that_is_none_and_a_year_without_a_rate_are_refused() -> None:
    with pytest.raises(Refused):
        refund_interest([piece(10_000, "somehow")], date(2026, 11, 20))
    with pytest.raises(Refused, match="割合"):
        refund_interest([piece(10_000)], date(2027, 1, 1))


def test_what_was_not_seen_is_marked() -> None:
    assert {one.code for one in causes().values() if one.status == "provisional"} == {"claimed", "income_tax"}
