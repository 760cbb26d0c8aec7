"""When a claim ends, what makes the time run anew, why a claim may be given up (時効の試験)."""

from datetime import date

import pytest

from municipal.core.refusals import Refused
from municipal.payments.fees import claim_classes
from municipal.payments.rules.limitation import (
    DEMAND,
    PAYMENT,
    Renewal,
    Term,
    demand_rules,
    reasons,
    refuse_reason,
    term,
)


@pytest.mark.parametrize(
    ("due", "years", "last"),
    [
        ("2021-06-30", 5, "2026-06-30"),
        ("2021-05-31", 5, "2026-05-31"),
        ("2024-06-30", 2, "2026-06-30"),
        # 28 February 2023 + 1 = 1 March; 28 February 2024 + 1 = 29 February, which 2029 has not.
        ("2023-02-28", 5, "2028-02-29"),
        ("2024-02-28", 5, "2029-02-28"),
        ("2021-12-31", 5, "2026-12-31"),
    ],
)
def test_the_term_begins_the_day_after_and_ends_before_its_anniversary(due: str, years: int, last: str) -> None:
    found = term(date.fromisoformat(due), years)
    assert found.last_day == date.fromisoformat(last)
    assert not found.has_ended(found.last_day)
    assert found.has_ended(date.fromordinal(found.last_day.toordinal() + 1))


def test_a_demand_of_tax_lets_the_time_run_anew_when_ten_days_have_passed() -> None:
    rule = demand_rules()["tax"]
    issued = date(2026, 7, 20)
    pay_by = rule.pay_by(issued)
    assert pay_by == date(2026, 7, 30)
    found = term(date(2026, 6, 30), 5, [Renewal(issued, rule.new_term(issued, pay_by), DEMAND)])
    assert (found.begins_on, found.last_day, found.cause) == (date(2026, 7, 31), date(2031, 7, 30), DEMAND)


def test_a_day_to_pay_by_on_which_the_office_is_closed_moves_and_of_other_claims_the_term_with_it() -> None:
    rule = demand_rules()["public"]
    issued = date(2026, 10, 21)  # ten days later is Saturday 31 October 2026
    assert rule.pay_by(issued) == date(2026, 11, 2)
    assert rule.new_term(issued, rule.pay_by(issued)) == date(2026, 11, 3)
    assert demand_rules()["tax"].new_term(issued, rule.pay_by(issued)) == date(2026, 11, 1)


def test_a_part_payment_is_an_acknowledgement_but_not_within_the_days_of_the_demand_and_not_too_late() -> None:
    due = date(2026, 6, 30)
    paid = Renewal(date(2027, 1, 15), date(2027, 1, 16), PAYMENT)
    assert term(due, 2, [paid]).last_day == date(2029, 1, 15)
    demanded = Renewal(date(2026, 7, 20), date(2026, 7, 31), DEMAND)
    within = Renewal(date(2026, 7, 25), date(2026, 7, 26), PAYMENT)
    assert term(due, 5, [within, demanded]).begins_on == date(2026, 7, 31)
    too_late = Renewal(date(2028, 7, 1), date(2028, 7, 2), PAYMENT)
    assert term(due, 2, [too_late]) == term(due, 2)


def test_only_classes_of_claim_are_demanded_that_are_there_and_an_accessory_by_itself_is_not() -> None:
    assert set(demand_rules()) == set(claim_classes()) - {"accessory"}
    for reason in reasons().values():
        assert reason.claim_classes <= set(claim_classes())


RUNNING = Term(date(2026, 7, 1), date(2031, 6, 30), "due")
ENDED = Term(date(2021, 7, 1), date(2026, 6, 30), "due")


@pytest.mark.parametrize(
    ("reason", "claim", "running"),
    [
        ("時効", "tax", ENDED),
        ("", "tax", ENDED),
        ("limitation", "tax", RUNNING),
        ("limitation", "private", ENDED),
        ("limitation_invoked", "tax", ENDED),
        ("waived_by_council", "tax", ENDED),
        ("discharged", "enforceable", RUNNING),
        ("stay_three_years", "private", RUNNING),
    ],
)
def test_a_reason_that_does_not_fit_is_refused(reason: str, claim: str, running: Term) -> None:
    with pytest.raises(Refused) as refused:
        refuse_reason(reason, claim, running, date(2026, 11, 20))
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    ("reason", "claim", "running"),
    [
        ("limitation", "tax", ENDED),
        ("limitation_invoked", "private", ENDED),
        ("stay_at_once", "enforceable", RUNNING),
        ("waived_by_ordinance", "private", RUNNING),
    ],
)
def test_a_reason_that_fits_is_taken(reason: str, claim: str, running: Term) -> None:
    refuse_reason(reason, claim, running, date(2026, 11, 20))
