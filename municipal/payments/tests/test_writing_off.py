"""Claims that are given up, and why they may be (不納欠損の試験)."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments.balances import Standing
from municipal.payments.models import Demand, WriteOff
from municipal.payments.operations import (
    charge_interest,
    demand,
    write_off,
)

from .behind import NOON, interest_of, late, paid, standing
from .booking import CLERK, payer


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


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
