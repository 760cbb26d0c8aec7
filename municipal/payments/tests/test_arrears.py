"""Interest as a debt of its own, demands, claims that are given up, refunds with interest (滞納整理の試験)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.payments.arrears import debts, over_payments_of, refund_interest_of
from municipal.payments.arrivals import arrivals, standing_payments
from municipal.payments.balances import Standing, books, of_charges
from municipal.payments.models import Account, Assessment, Charge, Demand, Posting, Transfer, WriteOff, YearClosing
from municipal.payments.operations import (
    apply,
    assess,
    charge_interest,
    demand,
    order_demands,
    order_interest,
    refund,
    reissue_slip,
    reverse,
    revise,
    write_off,
)
from municipal.payments.overdue import owing, to_be_demanded
from municipal.payments.rules import limitation

from .booking import CLERK, assessed, charged, payer, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
TODAY = NOON.date()
DUE = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def late(yen: int = 100_000, **said: Any) -> Charge:
    """A charge that was due on 30 June."""
    return charged(**{"total_yen": yen, "due_on": [DUE]} | said)[0]


def paid(charge: Charge, yen: int, on: str, reference: str) -> Posting:
    """Money that a store took on that day."""
    slip = charge.slips.order_by("-pk").first() or slip_of(charge)
    taken(report(slip.number, yen, paid_on=on, reference=reference))
    return Posting.objects.order_by("-pk")[0]


def standing(charge: Charge) -> Standing:
    return of_charges([charge.pk])[charge.pk]


def interest_of(charge: Charge) -> Charge:
    return Charge.objects.get(assessment__accessory_of=charge, assessment__fee="990")


# Interest


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


# Demands


def test_what_is_overdue_is_demanded_once_with_a_slip_and_the_time_runs_anew(town: int) -> None:
    charge = late()
    old = slip_of(charge)
    (made,) = demand(actor=CLERK, charges=[charge])
    assert (made.issued_on, made.pay_by, made.yen) == (TODAY, date(2026, 11, 30), 100_000)
    # 237 and 112 days at 9.1 %: 2,792.3 -> 2,792; 3,029 -> 3,000.
    assert made.interest_yen == 3_000
    assert (made.slip.supersedes, made.slip.yen, made.slip.pay_until) == (old, 100_000, date(2026, 11, 30))
    (debt,) = debts([charge], TODAY)
    assert (debt.term.begins_on, debt.term.last_day) == (date(2026, 12, 1), date(2031, 11, 30))
    with pytest.raises(Refused), transaction.atomic():
        demand(actor=CLERK, charges=[charge])
    taken(report(old.number, 100_000))
    assert standing(charge).outstanding == 0


def test_nothing_is_demanded_that_is_not_due_is_paid_or_never_is(town: int) -> None:
    owner = payer()
    coming = charged(owner=owner, total_yen=10_000, due_on=[date(2026, 11, 20)])[0]
    done = late(owner=owner, reference="2")
    paid(done, 100_000, "2026-10-19", "A1")
    charge_interest(actor=CLERK, charge=done)
    assert not to_be_demanded(date(2027, 3, 31), fee="990").exists()
    for charge in (coming, done, interest_of(done)):
        with pytest.raises(Refused, match="督促する調定がありません"), transaction.atomic():
            demand(actor=CLERK, charges=[charge])
    assert list(owing(due_before=TODAY)) == []


def test_a_claim_that_is_gone_is_not_demanded_unless_a_payment_kept_it_alive(town: int) -> None:
    old: dict[str, Any] = {"due_on": [date(2024, 11, 19)], "levy_year": 2024, "fiscal_year": 2024, "fee": "902"}
    owner = payer()
    gone, kept = late(owner=owner, reference="1", **old), late(owner=owner, reference="2", **old)
    last_day = late(owner=owner, reference="3", **old | {"due_on": [date(2024, 11, 20)]})
    private = late(owner=owner, reference="4", **old | {"fee": "913", "due_on": [date(2019, 6, 28)]})
    paid(kept, 1_000, "2026-01-05", "A1")
    assert list(to_be_demanded(date(2026, 11, 19))) == [last_day, private]
    with pytest.raises(Refused, match="時効が完成"), transaction.atomic():
        demand(actor=CLERK, charges=[last_day, gone])
    assert len(demand(actor=CLERK, charges=[kept, last_day, private])) == 3


def test_a_fee_of_a_demand_is_charged_where_the_ordinance_has_one(town: int, monkeypatch: pytest.MonkeyPatch) -> None:
    costing = limitation.DemandRule("tax", 100, 10, 10, "provisional")
    monkeypatch.setattr("municipal.payments.operations.demands.demand_rules", lambda: {"tax": costing})
    charge = late()
    demand(actor=CLERK, charges=[charge])
    fee = Charge.objects.get(assessment__accessory_of=charge)
    assert (fee.assessment.fee, fee.yen, fee.due_on) == ("991", 100, date(2026, 11, 30))


@pytest.mark.parametrize(("day", "fee"), [(TODAY, ""), (date(2026, 6, 29), ""), (DUE, "904"), (DUE, "999")])
def test_a_run_with_nothing_to_demand_is_refused(town: int, day: date, fee: str) -> None:
    late()
    with pytest.raises(Refused), transaction.atomic():
        order_demands(actor=CLERK, due_through=day, fee=fee)


def test_a_run_demands_in_steps_and_names_what_it_leaves_out(committed_db: None) -> None:
    with wall.within(TOWN):
        owner = payer()
        charges = [late(owner=owner, reference=str(number)) for number in range(3)]
        slip = slip_of(charges[1])
        for _ in range(9):
            slip = reissue_slip(actor=CLERK, slip=slip)
        made = order_demands(actor=CLERK, due_through=DUE)
    jobs.run(TOWN, made.pk)
    with wall.within(TOWN):
        made.refresh_from_db()
        assert (made.state, made.done, made.errors) == ("done", 3, 1)
        demanded = set(Demand.objects.filter(job=made).values_list("charge", flat=True))
        assert demanded == {charges[0].pk, charges[2].pk}
        bad = made.error_rows.get()
        assert (bad.row, "9回" in bad.sentence) == (2, True)


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


# Giving up


def test_a_limitation_that_has_come_is_written_off_with_its_reason(town: int) -> None:
    charge = late(due_on=[date(2021, 6, 30)], levy_year=2021, fiscal_year=2021)
    posting = write_off(actor=CLERK, charge=charge, reason="limitation", basis="令和8年度不納欠損調書")
    kept = WriteOff.objects.get()
    assert (kept.charge, kept.posting, kept.reason) == (charge, posting, "limitation")
    assert standing(charge) == Standing(charged=100_000, written_off=100_000)


def test_a_part_payment_or_a_demand_keeps_a_claim_alive(town: int) -> None:
    charge = late(due_on=[date(2021, 6, 30)], levy_year=2021, fiscal_year=2021)
    paid(charge, 1_000, "2024-03-01", "A1")
    with pytest.raises(Refused, match="2029-03-01"), transaction.atomic():
        write_off(actor=CLERK, charge=charge, reason="limitation")


@pytest.mark.parametrize(("fee", "reason"), [("905", "時効"), ("905", "limitation_invoked"), ("913", "stay_at_once")])
def test_a_reason_that_does_not_fit_the_claim_is_refused(town: int, fee: str, reason: str) -> None:
    with pytest.raises(Refused) as refused, transaction.atomic():
        write_off(actor=CLERK, charge=late(fee=fee), reason=reason)
    assert refused.value.field == "reason"


def test_interest_is_given_up_for_the_reasons_of_its_principal(town: int) -> None:
    charge = late(fee="913")
    charge_interest(actor=CLERK, charge=charge)
    own = interest_of(charge)
    with pytest.raises(Refused), transaction.atomic():
        write_off(actor=CLERK, charge=own, reason="stay_at_once")
    write_off(actor=CLERK, charge=own, reason="waived_by_ordinance")
    assert standing(own).outstanding == 0


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [Demand, WriteOff])
def test_no_demand_and_no_reason_is_changed_or_removed(town: int, model: type, statement: str) -> None:
    demand(actor=CLERK, charges=[late()])
    write_off(actor=CLERK, charge=late(reference="2", owner=payer("2")), reason="stay_at_once")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table))  # type: ignore[attr-defined]


# Refunds


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
