"""Refunds and applications with interest, before and after a year is closed (還付加算金の試験)."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments.arrears import over_payments_of, refund_interest_of
from municipal.payments.arrivals import arrivals, standing_payments
from municipal.payments.balances import Standing, books
from municipal.payments.models import Account, Transfer, YearClosing
from municipal.payments.operations import (
    apply,
    refund,
    reverse,
    revise,
)

from .behind import NOON, TODAY, late, paid, standing
from .booking import CLERK, payer


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def test_what_was_reduced_after_payment_is_refunded_with_interest(town: int) -> None:
    charge = late(500_000)
    paid(charge, 500_000, "2026-02-10", "A1")
    revise(actor=CLERK, assessment=charge.assessment, total_yen=259_500, reason="住宅用地の特例の適用漏れ")
    # By hand in test_refund_interest: 240,500 from 11 February to 20 November make 2,400.
    posting = refund(actor=CLERK, charge=charge, yen=240_500)
    said = {(one.debit, one.credit): one.yen for one in posting.transfers.all()}
    assert said == {("overpaid", "cash"): 240_500, ("refund_interest", "cash"): 2_400}
    assert standing(charge) == Standing(charged=259_500, applied=259_500, refunded=240_500)
    found = books()
    assert (found.broken(), found.balances["refund_interest"]) == ([], 2_400)
    reverse(actor=CLERK, posting=posting, booked_on=TODAY, reason="口座相違")
    assert books().balances["refund_interest"] == 0
    assert [one.yen for one in over_payments_of(charge)] == [240_500]


def test_another_cause_begins_later_and_one_that_is_none_is_refused(town: int) -> None:
    charge = late(500_000)
    paid(charge, 500_000, "2026-02-10", "A1")
    revise(actor=CLERK, assessment=charge.assessment, total_yen=259_500, reason="更正の請求")
    assert refund_interest_of(charge, 240_500, cause="claimed").yen == 0
    with pytest.raises(Refused), transaction.atomic():
        refund(actor=CLERK, charge=charge, yen=240_500, cause="somehow")
    # Part of it: 100,000 for 283 days are 1,007 -> 1,000.
    assert refund_interest_of(charge, 100_000).yen == 1_000


def test_paid_twice_the_interest_begins_after_a_month_and_a_private_claim_has_none(town: int) -> None:
    owner = payer()
    for fee, yen in (("905", 2_700), ("913", 0)):
        charge = late(300_000, fee=fee, owner=owner)
        paid(charge, 300_000, "2026-02-10", f"{fee}1")
        paid(charge, 300_000, "2026-02-10", f"{fee}2")
        # From 11 March to 20 November, 255 days at 1.3 %: 300,000 * 13 * 255 / 365,000 = 2,724.
        assert refund_interest_of(charge, 300_000).yen == yen


def test_the_newest_payments_become_too_much_first_and_the_oldest_are_given_back_first(town: int) -> None:
    charge = late(30_000)
    for at, day in enumerate(("2026-03-02", "2026-04-01", "2026-05-01")):
        paid(charge, 10_000, day, f"A{at}")
    revise(actor=CLERK, assessment=charge.assessment, total_yen=15_000, reason="減額")
    pieces = [(one.yen, one.paid_on) for one in over_payments_of(charge)]
    assert pieces == [(5_000, date(2026, 4, 1)), (10_000, date(2026, 5, 1))]
    refund(actor=CLERK, charge=charge, yen=6_000)
    assert [(one.yen, one.paid_on) for one in over_payments_of(charge)] == [(9_000, date(2026, 5, 1))]
    left = standing_payments(arrivals([charge.pk])[charge.pk])
    assert [(one.yen, one.paid_on) for one in left] == [(10_000, date(2026, 3, 2)), (5_000, date(2026, 4, 1))]


def test_an_over_payment_that_pays_another_debt_pays_its_interest_out(town: int) -> None:
    charge = late(500_000)
    paid(charge, 500_000, "2026-02-10", "A1")
    revise(actor=CLERK, assessment=charge.assessment, total_yen=259_500, reason="減額")
    other = late(240_500, owner=charge.assessment.payer, reference="2")
    posting = apply(actor=CLERK, of=charge, to=other, yen=240_500)
    assert posting.transfers.get(debit=Account.REFUND_INTEREST).yen == 2_400
    assert standing(other).outstanding == 0
    assert books().broken() == []


def test_after_the_year_is_closed_what_is_given_back_of_it_is_expenditure(town: int) -> None:
    charge = late(100_000, levy_year=2025, fiscal_year=2025, due_on=[date(2025, 6, 30)])
    paid(charge, 60_000, "2025-06-30", "A1")
    paid(charge, 20_000, "2026-08-03", "A2")
    YearClosing.objects.create(fiscal_year=2025, figures={}, closed_at=clock.now())
    made = revise(actor=CLERK, assessment=charge.assessment, total_yen=50_000, reason="減額")
    # 50,000 less: 20,000 were owed; of 30,000 that were paid, 20,000 came this year and 10,000 in the closed one.
    moved = {
        (one.debit, one.credit): one.yen
        for one in Transfer.objects.filter(posting__source=f"assessment:{made.pk}")
    }  # fmt: skip
    assert moved == {
        ("revenue", "receivable"): 40_000, ("refund_expenditure", "receivable"): 10_000,
        ("receivable", "overpaid"): 30_000,
    }  # fmt: skip
    posting = refund(actor=CLERK, charge=charge, yen=30_000)
    assert posting.fiscal_year == 2026
    assert standing(charge) == Standing(charged=50_000, applied=50_000, refunded=30_000)
    found = books()
    assert (found.broken(), found.balances["refund_expenditure"]) == ([], 10_000)
