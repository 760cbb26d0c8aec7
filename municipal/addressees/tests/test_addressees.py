"""Numbers, protections and the one way an address gets out (宛名の試験)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from conftest import TOWN
from municipal.addressees.measures import standing_of
from municipal.addressees.models import Addressee, Protection
from municipal.addressees.operations import ADDRESSEE_NUMBERS, give_number, lift_protection, protect
from municipal.addressees.outputs import (
    WITHHELD,
    Purpose,
    address_for,
    outputs,
    prints_addresses,
    written,
)
from municipal.core.actors import System
from municipal.core.numbers import is_own_number
from municipal.core.refusals import Refused
from municipal.municipalities import wall

PARTS = {
    "address_prefecture": "架空県", "address_city": "架空市", "address_block": "松町", "address_lot": "１番地",
    "address_building": "コーポ月見１０１", "address_postal_code": "0000101",
}  # fmt: skip
CLERK = System()


@pytest.fixture
def somebody(town: int) -> Addressee:
    return Addressee.objects.create(number="17", kind="resident", name="甲野　花子")


def guard(addressee: Addressee, ends_on: date | None = date(2026, 3, 31)) -> Protection:
    return protect(actor=CLERK, addressee=addressee, starts_on=date(2025, 4, 1), ends_on=ends_on, is_own=True)


@pytest.mark.clause("resident-record/1.0#1.1.13/m2")
def test_numbers_are_serials_with_a_check_digit_and_never_given_twice(town: int) -> None:
    given = [give_number(ADDRESSEE_NUMBERS) for _ in range(30)]
    assert len(set(given)) == 30
    assert given == sorted(given)
    assert all(is_own_number(number) for number in given)


def test_two_clerks_at_once_get_two_numbers(committed_db: str) -> None:
    def take(_: int) -> str:
        with wall.within(TOWN):
            number = give_number(ADDRESSEE_NUMBERS)
        connections.close_all()
        return number

    with wall.within(TOWN):
        give_number(ADDRESSEE_NUMBERS)
    with ThreadPoolExecutor(8) as clerks:
        assert len(set(clerks.map(take, range(24)))) == 24


def test_a_number_given_before_cannot_be_used_again(somebody: Addressee) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="addressee_number_is_given_once"), transaction.atomic():
        Addressee.objects.create(number=somebody.number, kind="corporation", name="架空商事")


@pytest.mark.clause("resident-record/1.0#3.1/m8")
def test_a_protection_does_not_end_by_itself(somebody: Addressee) -> None:
    guard(somebody, ends_on=date(2025, 4, 2))
    assert set(standing_of([somebody.pk])) == {somebody.pk}
    lift_protection(actor=CLERK, addressee=somebody, lifted_on=date(2026, 4, 1))
    assert standing_of([somebody.pk]) == {}


def test_a_second_protection_is_refused_with_a_sentence(somebody: Addressee) -> None:
    guard(somebody)
    with pytest.raises(Refused, match="すでに登録"):
        guard(somebody)


def test_a_protection_that_ends_before_it_starts_is_refused(somebody: Addressee) -> None:
    with pytest.raises(Refused, match="開始日以降"):
        guard(somebody, ends_on=date(2024, 1, 1))


def test_lifting_what_is_not_there_is_refused(somebody: Addressee) -> None:
    with pytest.raises(Refused, match="解除できる支援措置がありません"):
        lift_protection(actor=CLERK, addressee=somebody, lifted_on=date(2026, 4, 1))


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.CASE}))
def test_a_protected_address_is_given_for_no_purpose_but_the_case_itself(
    purpose: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outputs, f"test.{purpose}", purpose)
    assert address_for(purpose, PARTS, "address", is_protected=True) == WITHHELD
    shown = address_for(purpose, PARTS, "address", is_protected=False)
    assert (shown.text, shown.postal_code) == ("架空県架空市松町１番地　コーポ月見１０１", "0000101")


def test_a_purpose_without_a_registered_output_gets_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.addressees.outputs.outputs", {})
    with pytest.raises(LookupError, match="prints_addresses"):
        address_for(Purpose.SCREEN, PARTS, "address", is_protected=False)


def test_registering_an_output_leaves_it_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.addressees.outputs.outputs", {})

    @prints_addresses("test.screen", Purpose.SCREEN)
    def screen() -> str:
        return "shown"

    assert screen() == "shown"
    assert address_for(Purpose.SCREEN, PARTS, "address", is_protected=False).text


def test_an_address_outside_japan_names_the_country() -> None:
    abroad = {"planned_country": "アメリカ合衆国", "planned_abroad": "1 Made-up Street"}
    assert written(abroad, "planned") == "アメリカ合衆国 1 Made-up Street"
    assert written({}, "planned") == ""
