"""Acts on numbers from entry to decision, the stock of codes, and the slips (番号の異動の試験)."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from municipal.core.actors import System
from municipal.core.numbers import INDIVIDUAL_NUMBER, RESIDENT_RECORD_CODE, is_own_number
from municipal.core.refusals import Refused
from municipal.numbers.models import IndividualNumber, StockedCode
from municipal.numbers.operations import change_settings, holder_of, stock_codes, stocked
from municipal.numbers.operations.entering import opened
from municipal.numbers.sealing import Digits, as_token, from_token
from municipal.residents import notices
from municipal.residents.acts.numbers import CAUSES
from municipal.residents.models import ResidentEvent, ResidentRecord
from municipal.residents.notices import Said
from municipal.residents.operations import amend, decide, enter, preview, withdraw

from . import acting
from .acting import (
    CHIEF,
    CLERK,
    act,
    child,
    code,
    day,
    entered,
    home_of,
    member,
    newcomer_said,
    newest,
    notice,
    people_of,
)

NUMBER, OTHER, THIRD = (Digits(INDIVIDUAL_NUMBER.of(f"{serial:011}")) for serial in (11, 22, 33))


def numbered(said: Said, digits: Digits) -> Said:
    return replace(said, individual_number=as_token(digits))


def one(digits: Digits | None = None) -> Any:
    """甲野太郎, who moved in, with a number or without."""
    said = newcomer_said()
    event = act("move_in", people=(numbered(said, digits) if digits else said,))
    return ResidentRecord.objects.select_related("addressee", "household").get(event=event)


def numbers_of(row: ResidentRecord) -> list[tuple[str, date, date | None, str]]:
    known = IndividualNumber.objects.filter(addressee=row.addressee_id, recorded__endswith__isnull=True)
    return [(opened(n).value, n.valid.lower, n.valid.upper, n.cause) for n in known.order_by("valid")]


@pytest.mark.clause("resident-record/1.0#4.4/m1", "resident-record/1.0#7.1.2.1/m3")
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
    right = Digits(INDIVIDUAL_NUMBER.of("00000000044"))
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


def stocked_codes(count: int) -> list[str]:
    codes = [RESIDENT_RECORD_CODE.of(f"888{serial:07}") for serial in range(count)]
    stock_codes(actor=System(), codes=codes)
    return codes


@pytest.mark.clause("resident-record/1.0#4.3.1/m1")
def test_codes_are_stocked_once_and_only_codes(town: int) -> None:
    codes = stocked_codes(3)
    assert stock_codes(actor=System(), codes=[*codes, code(1)]) == 1
    assert stocked() == 4
    for bad in ([], ["12345678901"], ["x"], [code(2), ""]):
        with pytest.raises(Refused):
            stock_codes(actor=System(), codes=bad)
    assert stocked() == 4


@pytest.mark.clause("resident-record/1.0#4.3.1/m2")
def test_a_newborn_without_a_code_gets_one_from_the_stock_and_nobody_else_gets_it(town: int, may: None) -> None:
    row = one()
    codes = stocked_codes(2)
    first = entered("birth", confirm=False, people=(_unborn("甲野　三郎"),), joins=home_of(row).number)
    assert stocked() == 2, "an entry that may be withdrawn takes nothing out"
    other = act("move_in", people=(newcomer_said("乙野　次郎", serial=9),))
    second = entered("birth", confirm=False, people=(_unborn("乙野　四郎"),), joins=_home(other))
    given = [draft.notice["people"][0]["items"]["resident_code"] for draft in (first, second)]
    assert sorted(given) == codes
    decide(actor=CHIEF, draft=first.pk)
    assert list(StockedCode.objects.values_list("code", flat=True)) == [given[1]]
    withdraw(actor=CLERK, draft=second.pk)
    assert stocked() == 1


def _unborn(name: str) -> Said:
    said = child(name, born_on=day(2026, 5, 11))
    return replace(said, items={k: v for k, v in said.items.items() if k not in {"resident_code", "domicile"}})


def _home(event: ResidentEvent) -> str:
    return home_of(acting.people_of(event)[0]).number


def test_with_an_empty_stock_the_clerk_is_asked_for_the_code(town: int, may: None) -> None:
    row = one()
    with pytest.raises(Refused) as refused:
        entered("birth", confirm=False, people=(_unborn("甲野　三郎"),), joins=home_of(row).number)
    assert (refused.value.field, refused.value.code) == ("resident_code", "missing")
    with pytest.raises(Refused) as refused:
        entered("resident_code_change", confirm=False, people=(member(row),))
    assert refused.value.code == "no_code"


@pytest.mark.clause("resident-record/1.0#4.3.1/m3")
def test_the_code_is_drawn_at_random(town: int) -> None:
    from municipal.numbers.operations import unused_code

    codes = stocked_codes(30)
    drawn = [unused_code() for _ in range(40)]
    assert set(drawn) <= set(codes)
    # All forty the same, or in the order of the stock: less likely than that the test machine burns down.
    assert len(set(drawn)) > 5
    assert drawn != sorted(drawn, key=str)


@pytest.mark.clause("resident-record/1.0#4.3.1/m4")
def test_a_low_stock_is_alerted_at_entry_and_does_not_stop_the_decision(town: int, may: None) -> None:
    row = one()
    stocked_codes(3)
    change_settings(actor=System(), least_codes=3)
    wanted = notice("birth", people=(child(born_on=day(2026, 5, 11)),), joins=home_of(row).number)
    assert [alert.code for alert in preview(wanted).alerts] == []
    change_settings(actor=System(), least_codes=4)
    assert [alert.code for alert in preview(wanted).alerts] == ["codes_are_low"]
    with pytest.raises(Refused) as refused:
        enter(actor=CLERK, notice=wanted)
    assert refused.value.code == "unconfirmed:codes_are_low"
    change_settings(actor=System(), least_codes=0)
    draft = enter(actor=CLERK, notice=wanted)
    change_settings(actor=System(), least_codes=4)
    assert decide(actor=CHIEF, draft=draft.pk).act == "birth"


@pytest.mark.clause("resident-record/1.0#4.3.2/m1", "resident-record/1.0#4.3.1/m2")
def test_a_code_is_changed_from_the_stock_and_corrected_by_hand(town: int, may: None) -> None:
    row, codes = one(), stocked_codes(1)
    changed = act("resident_code_change", people=(member(row, resident_code=codes[0]),), event_on=day(2026, 5, 12))
    assert newest(row).resident_code == codes[0]
    assert stocked() == 0
    corrected = act(
        "resident_code_correction", people=(member(row, resident_code=code(70)),), event_on=day(2026, 5, 13)
    )
    assert newest(row).resident_code == code(70)
    assert [changed.document, corrected.document] == ["code_change_notice", "code_correction_notice"]


def test_a_change_of_code_without_a_code_takes_one_from_the_stock(town: int, may: None) -> None:
    row, codes = one(), stocked_codes(5)
    draft = enter(actor=CLERK, notice=notice("resident_code_change", people=(member(row),)))
    decide(actor=CHIEF, draft=draft.pk)
    assert newest(row).resident_code in codes
    again = enter(actor=CLERK, notice=notice("resident_code_change", people=(member(row),), event_on=day(2026, 5, 12)))
    first = again.notice["people"][0]["items"]["resident_code"]
    amended = amend(
        actor=CLERK, draft=again.pk, version=again.version,
        notice=notice("resident_code_change", people=(member(row),), event_on=day(2026, 5, 13)),
    )  # fmt: skip
    assert amended.notice["people"][0]["items"]["resident_code"] != first


@pytest.mark.parametrize("act_name", ["resident_code_change", "resident_code_correction"])
def test_a_code_that_anybody_has_or_had_is_given_to_nobody(town: int, may: None, act_name: str) -> None:
    row = one()
    act("move_in", people=(newcomer_said("乙野　次郎", serial=9),))
    act("resident_code_correction", people=(member(row, resident_code=code(70)),), event_on=day(2026, 5, 12))
    for taken in (code(1), code(70), code(9)):
        with pytest.raises(Refused) as refused:
            preview(notice(act_name, people=(member(row, resident_code=taken),), event_on=day(2026, 5, 13)))
        assert refused.value.code == "code_is_taken"
    for bad in ("12345678901", "1"):
        with pytest.raises(Refused) as refused:
            preview(notice(act_name, people=(member(row, resident_code=bad),), event_on=day(2026, 5, 13)))
        assert refused.value.code == "resident_record_code"


@pytest.mark.clause("resident-record/1.0#4.3.3/m1")
def test_whoever_gets_a_first_code_from_us_gets_the_slip_and_nobody_else(town: int, may: None) -> None:
    arrived = act("move_in", people=(newcomer_said(),))
    assert arrived.document == ""
    home = _home(arrived)
    born = act("birth", people=(child(born_on=day(2026, 5, 11)),), joins=home)
    (stocked_one,) = stocked_codes(1)
    from_abroad = act("move_in", people=(newcomer_said("乙野　次郎", resident_code=stocked_one),))
    assert [born.document, from_abroad.document] == ["code_notice", "code_notice"]


@pytest.mark.clause("resident-record/1.0#4.3.2/n1", "resident-record/1.0#4.3.1/n1")
def test_nothing_tells_when_a_code_was_given_or_changed_but_the_ordinary_history() -> None:
    """No model of codes has a time, a person or a former code, and none lists who got which."""
    from django.apps import apps

    names = {field.name for field in StockedCode._meta.get_fields()}
    assert names == {"id", "municipality", "code"}
    keeping = {
        model.__name__
        for model in apps.get_models()
        if any("code" in getattr(field, "name", "") and "住民票コード" in str(getattr(field, "verbose_name", ""))
               for field in model._meta.get_fields())
    }  # fmt: skip
    assert keeping <= {"StockedCode", "ResidentRecord", "NumberSettings"}


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
