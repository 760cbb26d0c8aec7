"""What is demanded, once, and from when the time runs anew (督促の試験)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.payments.arrears import debts
from municipal.payments.models import Charge, Demand
from municipal.payments.operations import (
    charge_interest,
    demand,
    order_demands,
    reissue_slip,
)
from municipal.payments.overdue import owing, to_be_demanded
from municipal.payments.rules import limitation

from .behind import DUE, NOON, TODAY, interest_of, late, paid, standing
from .booking import CLERK, charged, payer, report, slip_of, taken


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


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
