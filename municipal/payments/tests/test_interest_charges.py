"""Interest as a debt of its own (延滞金の調定の試験)."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.payments.arrears import debts
from municipal.payments.balances import Standing, books
from municipal.payments.models import Assessment
from municipal.payments.operations import (
    assess,
    charge_interest,
    order_interest,
    reverse,
    revise,
    write_off,
)

from .behind import NOON, TODAY, interest_of, late, paid, standing
from .booking import CLERK, assessed, payer


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def test_interest_is_charged_once_the_principal_is_paid_and_to_the_day_it_was_paid(town: int) -> None:
    charge = late()
    paid(charge, 40_500, "2026-08-20", "A1")
    with pytest.raises(Refused, match="完納"), transaction.atomic():
        charge_interest(actor=CLERK, charge=charge)
    (debt,) = debts([charge], date(2026, 10, 19))
    assert debt.interest_to_come == 1_600
    paid(charge, 59_500, "2026-10-19", "A2")
    made = charge_interest(actor=CLERK, charge=charge)
    # By hand in test_interest_in_parts: 237 + 498 + 882 = 1,617, cut to 1,600; the month since has added nothing.
    assert (made.fee, made.total_yen, made.accessory_of, made.fiscal_year) == ("990", 1_600, charge, 2026)
    assert standing(interest_of(charge)) == Standing(charged=1_600, outstanding=1_600)
    with pytest.raises(Refused), transaction.atomic():
        charge_interest(actor=CLERK, charge=charge)
    assert books().broken() == []


def test_a_payment_that_is_taken_back_cancels_the_interest_and_a_later_one_charges_more(town: int) -> None:
    charge = late()
    posting = paid(charge, 100_000, "2026-10-19", "A1")
    made = charge_interest(actor=CLERK, charge=charge)
    # 31 days at 2.8 %: 237; 1 August to 19 October, 80 days at 9.1 %: 1,994.5 -> 1,994; 2,231 -> 2,200.
    assert made.total_yen == 2_200
    reverse(actor=CLERK, posting=posting, booked_on=TODAY, reason="不渡り")
    lowered = charge_interest(actor=CLERK, charge=charge)
    assert (lowered.total_yen, lowered.revises) == (0, made)
    assert standing(interest_of(charge)) == Standing()
    paid(charge, 100_000, "2026-11-19", "A2")
    # 237 and 111 days at 9.1 %: 2,767.4 -> 2,767; 3,004 -> 3,000.
    assert charge_interest(actor=CLERK, charge=charge).total_yen == 3_000
    assert standing(interest_of(charge)).outstanding == 3_000
    assert books().broken() == []


def test_a_reduction_after_the_payment_lowers_the_interest_that_was_paid_already(town: int) -> None:
    charge = late()
    paid(charge, 100_000, "2026-10-19", "A1")
    charge_interest(actor=CLERK, charge=charge)
    own = interest_of(charge)
    paid(own, 2_200, "2026-11-19", "B1")
    revise(actor=CLERK, assessment=charge.assessment, total_yen=50_000, reason="減額")
    charge_interest(actor=CLERK, charge=charge)
    # 50,000: 118.9 -> 118, 997.2 -> 997; 1,115 -> 1,100.
    assert standing(own) == Standing(charged=1_100, applied=1_100, overpaid=1_100)
    assert books().broken() == []


@pytest.mark.parametrize("fee", ["905", "901", "911"])
def test_of_what_was_given_up_no_interest_is_charged(town: int, fee: str) -> None:
    charge = late(fee=fee)
    reason = "waived_by_council" if fee == "911" else "stay_at_once"
    write_off(actor=CLERK, charge=charge, reason=reason, basis="令和8年決定第1号")
    with pytest.raises(Refused, match="不納欠損"), transaction.atomic():
        charge_interest(actor=CLERK, charge=charge)


def test_interest_bears_no_interest_and_is_never_assessed_by_hand(town: int) -> None:
    charge = late()
    paid(charge, 100_000, "2026-10-19", "A1")
    charge_interest(actor=CLERK, charge=charge)
    with pytest.raises(Refused, match="延滞金はかかりません"), transaction.atomic():
        charge_interest(actor=CLERK, charge=interest_of(charge))
    for said in ({"fee": "990"}, {"fee": "905", "accessory_of": charge}):
        with pytest.raises(Refused), transaction.atomic():
            assess(actor=CLERK, assessed=assessed(charge.assessment.payer, reference="9", **said))


def test_the_database_itself_wants_interest_to_name_its_charge(town: int) -> None:
    charge = late()
    with pytest.raises(DatabaseError, match="accessory_names_its_charge"), transaction.atomic():
        Assessment.objects.create(
            payer=charge.assessment.payer, fee="990", levy_year=2026, fiscal_year=2026, reference="1", total_yen=1,
            recorded_at=clock.now(),
        )  # fmt: skip


def test_a_year_without_a_rate_is_said_and_nothing_is_charged(town: int) -> None:
    charge = late()
    paid(charge, 100_000, "2026-10-19", "A1")
    with clock.stopped_at(datetime(2027, 1, 20, 12, tzinfo=clock.TOKYO)):
        other = late(reference="2", owner=charge.assessment.payer)
        (debt,) = debts([other], clock.today())
        assert (debt.interest, debt.interest_to_come, debt.owed) == (None, 0, 100_000)
        with pytest.raises(Refused, match="割合"), transaction.atomic():
            charge_interest(actor=CLERK, charge=other)
        # Paid within the years that are known: nothing is missing.
        assert charge_interest(actor=CLERK, charge=charge).total_yen == 2_200


def test_of_a_private_claim_a_payment_pays_the_interest_first_and_the_books_say_so(town: int) -> None:
    charge = late(fee="913")
    paid(charge, 20_000, "2026-10-18", "A1")
    assert standing(charge).outstanding == 80_000
    made = charge_interest(actor=CLERK, charge=charge)
    # By hand in test_interest_in_parts: 904 up to the payment; 80,904 at 3 % for 33 days to 20 November: 219.
    assert made.total_yen == 904 + 219
    assert standing(charge) == Standing(charged=100_000, applied=19_096, outstanding=80_904)
    assert standing(interest_of(charge)) == Standing(charged=1_123, applied=904, outstanding=219)
    assert books().broken() == []
    with clock.stopped_at(datetime(2026, 11, 27, 12, tzinfo=clock.TOKYO)):
        assert charge_interest(actor=CLERK, charge=charge).total_yen == 904 + 265
        assert standing(charge).outstanding == 80_904


def test_a_run_charges_the_interest_that_is_known_and_puts_right_what_changed(committed_db: None) -> None:
    with wall.within(TOWN):
        owner = payer()
        done, open_, private = (
            late(owner=owner, reference=str(at), fee=fee) for at, fee in enumerate(("905", "905", "913"))
        )
        posting = paid(done, 100_000, "2026-10-19", "A1")
        paid(open_, 10_000, "2026-10-19", "A2")
        paid(private, 100_000, "2026-10-19", "A3")
    for count, yen in ((1, 2_200), (1, 2_200), (2, 0)):
        with wall.within(TOWN):
            if count == 2:
                reverse(actor=CLERK, posting=posting, booked_on=TODAY, reason="不渡り")
            made = order_interest(actor=CLERK)
        jobs.run(TOWN, made.pk)
        with wall.within(TOWN):
            made.refresh_from_db()
            assert (made.state, made.errors) == ("done", 0)
            found = Assessment.objects.filter(fee="990").order_by("pk")
            assert (len(found), found[len(found) - 1].total_yen) == (count, yen)
