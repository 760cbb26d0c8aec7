"""Whose address is withheld, and who belongs to a household (照会の試験)."""

from datetime import date

import pytest

from municipal.addressees.operations import lift_protection, protect
from municipal.core.actors import System
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.secrecy import secrets
from municipal.residents.tests.people import enter, newcomer

DAY = date(2025, 4, 1)
CLERK = System()


@pytest.fixture
def couple(town: int) -> tuple[ResidentRecord, ResidentRecord]:
    head = newcomer(valid_from=DAY)
    wife = newcomer(valid_from=DAY, household=head.household, is_head=False, relationship="妻", member_order=2)
    return head, wife


def guard(record: ResidentRecord) -> None:
    protect(actor=CLERK, addressee=record.addressee, starts_on=DAY, ends_on=None, is_own=True)


@pytest.mark.clause("resident-record/1.0#3.1/m2")
def test_who_lives_with_a_protected_person_is_covered(couple: tuple[ResidentRecord, ResidentRecord]) -> None:
    head, wife = couple
    guard(wife)
    assert inquiry.withheld() == {head.addressee_id, wife.addressee_id}
    assert [row["is_protected"] for row in inquiry.rows([head.addressee_id, wife.addressee_id])] == [True, True]
    person = inquiry.person(head.addressee.number)
    assert person is not None
    assert person.is_protected


def test_who_has_moved_out_of_the_household_is_not_covered(couple: tuple[ResidentRecord, ResidentRecord]) -> None:
    wife = couple[1]
    guard(wife)
    elsewhere = newcomer(valid_from=DAY)
    enter(wife, date(2026, 1, 1), household_id=elsewhere.household_id, relationship="同居人", reason="move_within")
    assert inquiry.withheld() == {wife.addressee_id, elsewhere.addressee_id}


def test_a_lifted_protection_withholds_nothing(couple: tuple[ResidentRecord, ResidentRecord]) -> None:
    guard(couple[0])
    lift_protection(actor=CLERK, addressee=couple[0].addressee, lifted_on=DAY)
    assert inquiry.withheld() == set()


@pytest.mark.clause("resident-record/1.0#3.3/m1")
def test_members_stand_in_stored_order_and_the_removed_last(couple: tuple[ResidentRecord, ResidentRecord]) -> None:
    head, wife = couple
    child = newcomer(valid_from=DAY, household=head.household, is_head=False, relationship="子", member_order=3)
    enter(head, date(2026, 1, 1), status="3", reason="death")
    found = [row["addressee_id"] for row in inquiry.members(head.household)]
    assert found == [wife.addressee_id, child.addressee_id, head.addressee_id]


def test_pages_follow_the_numbers(couple: tuple[ResidentRecord, ResidentRecord]) -> None:
    first = inquiry.page(after="", size=1)
    second = inquiry.page(after=first[0]["addressee__number"], size=5)
    numbers = [row["addressee__number"] for row in first + second]
    assert numbers == sorted(numbers)
    assert len(numbers) == 2


@pytest.mark.clause("resident-record/1.0#3.1/m2", "resident-record/1.0#3.4/m1")
def test_of_a_former_member_only_the_protected_place_is_withheld(couple: tuple[ResidentRecord, ResidentRecord]) -> None:
    head, wife = couple
    guard(wife)
    elsewhere = newcomer(valid_from=DAY)
    place = {f"address_{part}": getattr(head, f"address_{part}") for part in ("city", "block", "lot")}
    before = {name.replace("address_", "address_within_before_"): value for name, value in place.items()}
    moved = enter(
        head, date(2026, 1, 1), household_id=elsewhere.household_id, reason="move_within",
        relationship="同居人", address_block="竹町", address_lot="９番地", **before,
    )  # fmt: skip
    known = secrets()
    assert known.covered == {wife.addressee_id}
    assert not known.hides(moved.addressee_id, vars(moved), "address")
    assert known.hides(moved.addressee_id, vars(moved), "address_within_before")
    assert known.hides(head.addressee_id, vars(head), "address")
    hidden = known.fields_of(moved.addressee_id, vars(moved))
    assert {"address_within_before_lot", "remarks"} <= hidden
    assert not {"address_lot", "address_block", "building_code", "domicile"} & hidden - {"domicile"}
    assert known.fields_of(elsewhere.addressee_id, vars(elsewhere)) == frozenset()
    assert [row["is_protected"] for row in inquiry.rows([moved.addressee_id, wife.addressee_id])] == [False, True]


def test_where_the_family_register_is_the_protected_place_it_is_withheld_too(
    couple: tuple[ResidentRecord, ResidentRecord],
) -> None:
    head, wife = couple
    guard(wife)
    assert "domicile" in secrets().fields_of(head.addressee_id, vars(head) | {"domicile": "架空県架空市松町１番地"})
    assert "domicile" not in secrets().fields_of(head.addressee_id, vars(head) | {"domicile": "見本県見本市本通"})
