"""A made-up town whose bank's pages can be tried at once (研修用の口座の試験)."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from conftest import TOWN
from municipal.addressees.models import Addressee, LifeState
from municipal.banking.debits import ready
from municipal.banking.demo import furnish
from municipal.banking.models import Mandate
from municipal.banking.refunds import overpaid
from municipal.municipalities import wall
from municipal.payments.operations import revise
from municipal.payments.tests.booking import CLERK, charged, report, slip_of, taken

from .bank import DUE


@pytest.fixture
def charges(two_towns: str) -> None:
    with wall.within(TOWN):
        for number, who in enumerate(Addressee.objects.order_by("pk")[:8]):
            charged(owner=who, reference=str(number), total_yen=30_000, due_on=[DUE])
        for number, who in enumerate(Addressee.objects.exclude(life_state=LifeState.DEAD).order_by("pk")[:3]):
            over = charged(owner=who, fee="904", reference=str(number), total_yen=900, due_on=[date(2026, 6, 1)])[0]
            taken(report(slip_of(over).number, 900, reference=str(number)))
            revise(actor=CLERK, assessment=over.assessment, total_yen=0, reason="廃車")


def test_there_is_something_to_ask_for_and_somebody_without_an_account(charges: None) -> None:
    assert furnish(TOWN) > 0
    with wall.within(TOWN):
        assert [one.fee for one in ready(DUE, DUE)] == ["905"]
        assert {one.account is None for one in overpaid()} == {True, False}
        assert not Mandate.objects.filter(payer__life_state=LifeState.DEAD).exists()


def test_a_second_time_changes_nothing(charges: None) -> None:
    out = io.StringIO()
    for _ in range(2):
        call_command("bank_samples", town=str(TOWN), stdout=out)
    assert len(set(out.getvalue().splitlines())) == 1


@pytest.mark.parametrize("town", ["372013", "x"])
def test_a_real_town_gets_no_made_up_account(two_towns: str, town: str) -> None:
    with pytest.raises(CommandError, match="架空の町"):
        call_command("bank_samples", town=town, stdout=io.StringIO())
