"""Acts on numbers from entry to decision, the stock of codes, and the slips (番号の異動の試験)."""

import json
from datetime import date
from typing import Any

import pytest

from municipal.core.numbers import is_own_number
from municipal.core.refusals import Refused
from municipal.numbers.models import IndividualNumber
from municipal.numbers.operations import holder_of
from municipal.numbers.operations.entering import opened
from municipal.numbers.sealing import Digits, from_token
from municipal.residents import notices
from municipal.residents.acts.numbers import CAUSES
from municipal.residents.models import ResidentEvent, ResidentRecord
from municipal.residents.notices import Said
from municipal.residents.operations import enter, preview

from . import acting
from .acting import (
    CLERK,
    act,
    day,
    entered,
    member,
    newcomer_said,
    newest,
    notice,
    number,
    numbered,
    people_of,
)

NUMBER, OTHER, THIRD = map(number, (11, 22, 33))


def one(digits: Digits | None = None) -> Any:
    """甲野太郎, who moved in, with a number or without."""
    said = newcomer_said()
    event = act("move_in", people=(numbered(said, digits) if digits else said,))
    return ResidentRecord.objects.select_related("addressee", "household").get(event=event)


def numbers_of(row: ResidentRecord) -> list[tuple[str, date, date | None, str]]:
    known = IndividualNumber.objects.filter(addressee=row.addressee_id, recorded__endswith__isnull=True)
    return [(opened(n).value, n.valid.lower, n.valid.upper, n.cause) for n in known.order_by("valid")]


@pytest.mark.clause("resident-record/1.0#4.4/m1")
def test_a_number_is_entered_changed_on_request_and_ex_officio_and_corrected(town: int, may: None) -> None:
    row = one()
    steps = [
        ("individual_number_entry", NUMBER, 12), ("individual_number_change", OTHER, 14),
        ("individual_number_change_ex_officio", THIRD, 16),
    ]  # fmt: skip
    for name, digits, of_may in steps:
        act(name, people=(numbered(member(row), digits),), event_on=day(2026, 5, of_may))
    assert numbers_of(row) == [
        (NUMBER.value, date(2026, 5, 12), date(2026, 5, 14), "designation"),
        (OTHER.value, date(2026, 5, 14), date(2026, 5, 16), "on_request"),
        (THIRD.value, date(2026, 5, 16), None, "ex_officio"),
    ]
    right = number(44)
    act("individual_number_correction", people=(numbered(member(row), right),), event_on=day(2026, 5, 18))
    assert numbers_of(row)[-1] == (right.value, date(2026, 5, 16), None, "correction")
    reasons = ResidentRecord.objects.filter(addressee=row.addressee_id).order_by("serial").values_list("reason")
    assert [reason for (reason,) in reasons] == [
        "move_in", "individual_number_entry", "individual_number_change", "individual_number_correction",
        "individual_number_correction",
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(CAUSES))
def test_an_act_on_a_number_needs_the_number_one_person_and_nothing_else(town: int, may: None, name: str) -> None:
    row = one()
    bad = [
        ((member(row),), "no_number"),
        ((numbered(member(row, sex="2"), NUMBER),), "no_number"),
        ((), "one_person"),
        ((numbered(Said("0000000000"), NUMBER),), "no_such_person"),
    ]
    for people, said in bad:
        with pytest.raises(Refused) as refused:
            preview(notice(name, people=people))
        assert refused.value.code == said


def test_a_number_that_was_known_before_is_refused_at_entry_not_at_decision(town: int, may: None) -> None:
    row = one(NUMBER)
    other = act("move_in", people=(newcomer_said("乙野　次郎", serial=9),))
    stranger = acting.people_of(other)[0]
    for person, digits, name, said in (
        (stranger, NUMBER, "individual_number_entry", "one_person_of_each_number"),
        (row, NUMBER, "individual_number_change", "same_number"),
        (row, OTHER, "individual_number_entry", "has_number"),
        (stranger, OTHER, "individual_number_change", "no_number"),
        (stranger, OTHER, "individual_number_correction", "no_number"),
    ):
        with pytest.raises(Refused) as refused:
            entered(name, people=(numbered(member(person), digits),))
        assert refused.value.code == said
        assert digits.value not in str(refused.value)


@pytest.mark.clause("resident-record/1.0#4.1.1.2/m1")
def test_somebody_whose_number_is_known_cannot_be_entered_as_new(town: int, may: None) -> None:
    row = one(NUMBER)
    twin = numbered(newcomer_said("丙野　三郎", serial=8), NUMBER)
    with pytest.raises(Refused) as refused:
        preview(notice("move_in", people=(twin,)))
    assert refused.value.code == "already_registered"
    act("move_out", people=(member(row),), event_on=day(2026, 5, 13), place=acting.ELSEWHERE)
    with pytest.raises(Refused) as refused:
        preview(notice("move_in", people=(twin,), event_on=day(2026, 5, 15)))
    assert refused.value.code == "returning_by_number"
    assert row.addressee.number in str(refused.value)
    back = numbered(Said(row.addressee.number, {"relationship": "世帯主"}), NUMBER)
    act("move_in", people=(back,), event_on=day(2026, 5, 15))
    assert newest(row).status == "1"
    assert holder_of(NUMBER) == row.addressee
    assert len(numbers_of(row)) == 1


def test_cancelling_an_act_brings_the_number_before_it_back(town: int, may: None) -> None:
    row = one(NUMBER)
    event = act("individual_number_change", people=(numbered(member(row), OTHER),), event_on=day(2026, 5, 14))
    act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20))
    assert numbers_of(row) == [(NUMBER.value, date(2026, 5, 11), None, "restored")]
    with_move_in = ResidentEvent.objects.get(act="move_in")
    act("cancellation", cancels=with_move_in.pk, event_on=day(2026, 5, 20))
    assert numbers_of(row) == [(NUMBER.value, date(2026, 5, 11), None, "restored")]


def test_a_notice_holds_its_number_sealed_wherever_it_goes(town: int, may: None) -> None:
    row = one()
    raw = notices.as_json(notice("individual_number_entry", people=(member(row),)))
    raw["people"][0]["individual_number"] = NUMBER.value
    read = notices.read(raw)
    said = (repr(read), json.dumps(notices.as_json(read)), str(preview(read)))
    assert [text for text in said if NUMBER.value in text] == []
    draft = enter(actor=CLERK, notice=read)
    draft.refresh_from_db()
    assert NUMBER.value not in json.dumps(draft.notice)
    assert from_token(draft.notice["people"][0]["individual_number"]) == NUMBER


@pytest.mark.parametrize("text", ["123", "123456789012", "sealed:x", "sealed:training:AAAA", "１" * 12, "x" * 101])
def test_a_number_that_is_none_is_refused_with_its_field_and_not_repeated(town: int, may: None, text: str) -> None:
    row = one()
    raw = notices.as_json(notice("individual_number_entry", people=(member(row),)))
    raw["people"][0]["individual_number"] = text
    with pytest.raises(Refused) as refused:
        preview(notices.read(raw))
    assert refused.value.field == "individual_number"
    assert text not in str(refused.value)


@pytest.mark.clause("resident-record/1.0#1.1.13/m1")
def test_addressee_and_household_numbers_are_given_by_themselves_and_no_notice_says_one(town: int, may: None) -> None:
    family = people_of(act("move_in", people=acting.family()))
    other = people_of(act("move_in", people=(newcomer_said("乙野　次郎", serial=9),)))
    numbers = [row.addressee.number for row in (*family, *other)]
    homes = {row.household.number for row in family}, {row.household.number for row in other}
    assert len(set(numbers)) == 5
    assert all(is_own_number(number) for number in (*numbers, *homes[0], *homes[1]))
    assert [len(home) for home in homes] == [1, 1]
    assert homes[0] != homes[1]
    with pytest.raises(Refused):
        preview(notice("move_in", people=(Said("0000099999", newcomer_said(serial=10).items),)))
