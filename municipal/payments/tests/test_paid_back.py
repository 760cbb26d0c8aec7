"""No refund goes out twice, by the provider and by the bank (二重の還付の防止の試験; docs/decisions/0027)."""

from collections.abc import Iterator
from datetime import date

import pytest

from municipal.banking.operations import order_refunds
from municipal.banking.refunds import decided
from municipal.banking.tests.bank import town_known_to_its_bank
from municipal.checkout.operations import request_refund
from municipal.checkout.rules.states import Kind
from municipal.checkout.tests.acting import NOON, a_slip, begun, hook
from municipal.checkout.tests.test_refunds import overpaid
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments.balances import books
from municipal.payments.models import Posting
from municipal.payments.operations import refund
from municipal.payments.paid_back import for_the_bank

from .booking import CLERK


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def online(town: int) -> Posting:
    """A refund of 18,000 yen that the provider was asked for."""
    payment = overpaid(a_slip())
    return request_refund(actor=CLERK, payment=payment.public, yen=10_000, refund_amount_available=18_000).posting


def test_what_the_provider_pays_back_is_not_offered_to_the_bank(online: Posting) -> None:
    charge = online.transfers.filter(charge__isnull=False)[0].charge
    assert charge is not None
    by_bank = refund(actor=CLERK, charge=charge, yen=8_000)
    assert for_the_bank([online.pk, by_bank.pk]) == [by_bank.pk]
    assert [one.posting for one in decided()] == [by_bank]


def test_whoever_orders_it_from_the_bank_is_refused_and_nothing_moves(online: Posting) -> None:
    town_known_to_its_bank()
    with pytest.raises(Refused) as said:
        order_refunds(actor=CLERK, postings=[online], pay_on=date(2026, 11, 24))
    assert said.value.code == "conflict"
    assert "支払サービス" in said.value.sentence
    assert books().broken() == []


def test_a_refund_that_the_provider_could_not_make_is_over_again(online: Posting) -> None:
    made = online.online_refunds.get()
    hook(made.payment, Kind.REFUND_FAILED, refund=str(made.public), yen=made.yen)
    assert online.reversals.exists()
    assert decided() == []


def test_nothing_asked_is_nothing_answered(town: int) -> None:
    assert for_the_bank([]) == []
    assert begun(a_slip()).refunds.count() == 0
