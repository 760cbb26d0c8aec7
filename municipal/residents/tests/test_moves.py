"""Moving in, within and out, from entry to decision (転入・転居・転出の試験)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.models import ResidentEvent
from municipal.residents.operations import preview, remove_announced
from municipal.residents.tests.acting import (
    CHIEF,
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    entered,
    family,
    member,
    newcomer_said,
    newest,
    notice,
    people_of,
)

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
THERE = {**PLACE, "block": "竹町", "lot": "８番地"}


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    """A couple and two children who moved in by one notice."""
    return people_of(act("move_in", people=family()))


@pytest.mark.clause(f"{V1}#4.1.0.1/m1", f"{V1}#4.1.1.1/m1", f"{V1}#4.1.1.1/m2", f"{V1}#4.0.2/m2")
def test_four_people_move_in_by_one_notice(home: list[Any]) -> None:
    assert [row.name for row in home] == ["甲野　太郎", "甲野　花子", "甲野　一郎", "甲野　二子"]
    assert [row.relationship for row in home] == ["世帯主", "妻", "子", "子"]
    assert {(row.household_id, row.head_name, row.reason, row.serial) for row in home} == {
        (home[0].household_id, "甲野　太郎", "move_in", 1)
    }
    assert {row.address_set_on for row in home} == {row.became_resident_on for row in home} == {day(2026, 5, 11)}
    assert {row.address_before_city for row in home} == {"見本市"}
    assert ResidentEvent.objects.get().subjects == [row.addressee_id for row in home]


@pytest.mark.clause(f"{V1}#4.1.0.1/m2")
def test_who_comes_from_abroad_has_the_reason_for_it(town: int, may: None) -> None:
    [row] = people_of(
        act("move_in", people=(newcomer_said(),), came_from={"country": "ブラジル", "abroad": "São Paulo"})
    )
    assert (row.reason, row.entry_reason, row.address_before_abroad) == (
        "move_in_from_abroad",
        "move_in_from_abroad",
        "São Paulo",
    )


@pytest.mark.clause(f"{V1}#4.0.2/m3", f"{V1}#5.2/m1")
def test_who_joins_a_household_takes_its_address_and_stands_last(home: list[Any]) -> None:
    [mother] = people_of(
        act(
            "move_in",
            people=(newcomer_said("甲野　梅", serial=9, sex="2", relationship="母"),),
            joins=home[0].household.number,
        )
    )
    assert (mother.household_id, mother.address_block, mother.head_name) == (home[0].household_id, "松町", "甲野　太郎")
    assert [row["name"] for row in inquiry.members(home[0].household)][-1] == "甲野　梅"
    assert mother.member_order == 5


@pytest.mark.clause(f"{V1}#4.0.2/m3")
def test_a_second_head_is_refused(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("move_in", people=(newcomer_said(serial=9),), joins=home[0].household.number)
    assert refused.value.code == "second_head"


@pytest.mark.clause(f"{V1}#4.1.1.2/m1")
def test_the_number_of_somebody_who_lives_here_blocks_a_new_entry(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("move_in", people=(newcomer_said("別　人", serial=2),))
    assert refused.value.code == "already_registered"
    assert home[1].addressee.number in str(refused.value)


@pytest.mark.clause(f"{V1}#4.1.1.2/m1", f"{V1}#4.1.1.2/m2", f"{V1}#4.1.1.2/m3", f"{V1}#4.1.1.2/m4")
def test_a_returning_person_keeps_the_number(home: list[Any]) -> None:
    act("move_out", people=tuple(member(row) for row in home), place=ELSEWHERE)
    again = newcomer_said("甲野　太郎", serial=1)
    with pytest.raises(Refused) as refused:
        entered("move_in", people=(again,))
    assert refused.value.code == "returning_by_number"
    by_name = newcomer_said("甲野　太郎", serial=77)
    assert [alert.code for alert in preview(notice("move_in", people=(by_name,))).alerts] == ["returning_by_name"]
    with clock.stopped_at(clock.now() + timedelta(days=60)):
        event = act("move_in", people=(member(home[0], relationship="世帯主"),), event_on=day(2026, 7, 1))
    [back] = people_of(event)
    assert (back.addressee_id, back.status, back.serial) == (home[0].addressee_id, "1", 3)
    assert (back.removed_on, back.move_out_planned_on, back.planned_destination_city) == (None, None, "")
    assert back.became_resident_on == day(2026, 7, 1)
    assert back.household_id != home[0].household_id


@pytest.mark.clause(f"{V1}#4.1.1.3/m1", f"{V1}#4.1.1.3/m2")
@pytest.mark.parametrize(
    ("told", "is_void"), [(date(2026, 5, 24), False), (date(2026, 5, 25), True), (date(2026, 6, 20), True)]
)
def test_a_move_in_by_card_is_void_from_fourteen_days_on(town: int, may: None, told: date, is_void: bool) -> None:
    said: Any = {"people": (newcomer_said(),), "planned_on": date(2026, 5, 10), "notified_on": told}
    with clock.stopped_at(datetime(2026, 6, 30, 9, tzinfo=clock.TOKYO)):
        if not is_void:
            assert people_of(act("move_in_by_card", **said))
            return
        with pytest.raises(Refused) as refused:
            entered("move_in_by_card", **said)
    assert refused.value.code == "card_too_late"


@pytest.mark.clause(f"{V1}#4.0.1/m2")
def test_a_whole_household_moves_within_and_stays_one(home: list[Any]) -> None:
    act("move_within", people=tuple(member(row) for row in home), place=THERE)
    rows = [newest(row) for row in home]
    assert {(row.household_id, row.address_lot, row.address_within_before_lot) for row in rows} == {
        (home[0].household_id, "８番地", "１番地")
    }
    assert {row.became_resident_on for row in rows} == {day(2026, 5, 11)}
    assert [row.relationship for row in rows] == ["世帯主", "妻", "子", "子"]


@pytest.mark.clause(f"{V1}#4.0.2/m1", f"{V1}#4.0.1/m2")
def test_one_of_a_household_moves_within_and_forms_one_of_their_own(home: list[Any]) -> None:
    act("move_within", people=(member(home[3], relationship="世帯主"),), place=THERE, event_on=day(2026, 5, 15))
    moved = newest(home[3])
    assert (moved.relationship, moved.head_name, moved.member_order) == ("世帯主", "甲野　二子", 1)
    assert moved.household_id != home[0].household_id
    assert (moved.address_set_on, moved.became_resident_on) == (day(2026, 5, 15), day(2026, 5, 11))
    assert [row["name"] for row in inquiry.members(home[0].household)] == ["甲野　太郎", "甲野　花子", "甲野　一郎"]


@pytest.mark.clause(f"{V1}#4.1.2.1/m1", f"{V1}#4.1.2.1/n1")
def test_a_move_to_another_building_on_the_same_lot_is_a_move_and_leaves_no_remark(home: list[Any]) -> None:
    act("move_within", people=tuple(member(row) for row in home), place={**PLACE, "building": "離れ"})
    assert {(newest(row).reason, newest(row).remarks, newest(row).address_building) for row in home} == {
        ("move_within", "", "離れ")
    }


@pytest.mark.clause(f"{V1}#4.1.3.0.1/m1", f"{V1}#1.1.5/m1", f"{V1}#1.1.5/m5")
def test_an_announced_move_out_leaves_a_resident_until_the_day(home: list[Any]) -> None:
    """The question of the peers' comparison: planned next month, today's record still shows a resident."""
    act("move_out", people=tuple(member(row) for row in home), place=ELSEWHERE, event_on=day(2026, 6, 10))
    assert {newest(row).status for row in home} == {"1"}
    assert newest(home[0]).move_out_planned_on == date(2026, 6, 10)
    assert inquiry.as_of(home[0].addressee, valid_on=date(2026, 7, 1), known_at=clock.now()).status == "1"  # type: ignore[union-attr]
    with clock.stopped_at(datetime(2026, 6, 9, 23, tzinfo=clock.TOKYO)):
        assert remove_announced(actor=CHIEF) == []
    with clock.stopped_at(datetime(2026, 6, 10, 0, 5, tzinfo=clock.TOKYO)):
        [event] = remove_announced(actor=CHIEF)
        assert remove_announced(actor=CHIEF) == []
    assert len(event.subjects) == 4
    gone = newest(home[0])
    assert (gone.status, gone.reason, gone.removal_reason, gone.removed_on) == (
        "2",
        "move_out",
        "move_out",
        day(2026, 6, 10),
    )
    assert inquiry.members_as_of(
        home[0].household, valid_on=date(2026, 6, 9), known_at=clock.now() + timedelta(days=99)
    )
    assert not inquiry.members_as_of(
        home[0].household, valid_on=date(2026, 6, 10), known_at=clock.now() + timedelta(days=99)
    )


@pytest.mark.clause(f"{V1}#4.1.3.0.1/m2", f"{V1}#4.1.3.0.3/m2")
@pytest.mark.parametrize(
    ("told", "document", "basis"),
    [
        (date(2026, 5, 25), "move_out_certificate", "notice"),
        (date(2026, 5, 26), "equivalent_certificate", "ex_officio"),
    ],
)
def test_from_the_fifteenth_day_a_move_out_is_entered_ex_officio(
    home: list[Any], told: date, document: str, basis: str
) -> None:
    with clock.stopped_at(datetime(2026, 5, 30, 9, tzinfo=clock.TOKYO)):
        event = act("move_out", people=(member(home[3]),), place=ELSEWHERE, notified_on=told)
    assert (event.document, event.basis) == (document, basis)
    assert newest(home[3]).notified_on == (told if basis == "notice" else None)


@pytest.mark.clause(f"{V1}#4.1.3.1.1/m1", f"{V1}#4.1.3.1.1/m2", f"{V1}#4.1.3.1.3/m1", f"{V1}#1.1.5/m2")
def test_the_record_is_removed_on_the_earlier_of_planned_and_reported_day(home: list[Any]) -> None:
    act("move_out", people=(member(home[0]),), place=ELSEWHERE, event_on=day(2026, 6, 10))
    with clock.stopped_at(datetime(2026, 6, 5, 9, tzinfo=clock.TOKYO)):
        event = act(
            "arrival_notice", people=(member(home[0]),), place={**ELSEWHERE, "lot": "９番地"}, event_on=day(2026, 6, 3),
            basis="municipality",
        )  # fmt: skip
    gone = newest(home[0])
    assert (gone.status, gone.removed_on) == ("2", day(2026, 6, 3))
    # What was planned and what was reported stand side by side.
    assert (gone.move_out_planned_on, gone.move_out_confirmed_on) == (date(2026, 6, 10), date(2026, 6, 3))
    assert (gone.planned_destination_lot, gone.confirmed_destination_lot) == ("２番地", "９番地")
    assert (gone.notice_on, gone.arrival_notice_on) == (date(2026, 6, 5), date(2026, 6, 5))
    assert event.follows is not None


@pytest.mark.clause(f"{V1}#4.1.3.0.2/m1", f"{V1}#4.1.3.0.2/m4")
def test_a_destination_may_be_a_city_only_or_a_place_abroad(home: list[Any]) -> None:
    act("move_out", people=(member(home[3]),), place={"city": "見本市"})
    act("move_out", people=(member(home[2]),), place={"country": "ペルー", "abroad": "Lima"})
    assert newest(home[3]).planned_destination_city == "見本市"
    assert newest(home[2]).reason == "move_out_abroad"


@pytest.mark.clause(f"{V1}#4.0.4/m1")
def test_the_last_one_left_becomes_head_ex_officio(town: int, may: None) -> None:
    head, child_row = people_of(act("move_in", people=(newcomer_said(), child())))
    act("move_out", people=(member(head),), place=ELSEWHERE)
    alone = newest(child_row)
    assert (alone.relationship, alone.head_name, alone.reason) == ("世帯主", "甲野　三郎", "householder_change")
    assert alone.notified_on is None


@pytest.mark.clause(f"{V1}#4.0.4/m3", f"{V1}#4.0.4/m4", f"{V1}#1.1.10/m1")
def test_two_who_are_left_may_stay_without_a_head_if_that_is_confirmed(home: list[Any]) -> None:
    with pytest.raises(Refused) as refused:
        entered("move_out", confirm=False, people=(member(home[0]),), place=ELSEWHERE)
    assert refused.value.code == "unconfirmed:head_leaves"
    act("move_out", people=(member(home[0]),), place=ELSEWHERE)
    assert [newest(row).serial for row in home[1:]] == [1, 1, 1]
    act(
        "householder_change",
        people=(member(home[1]),),
        others=tuple(member(row, relationship="子") for row in home[2:]),
    )
    assert [newest(row).relationship for row in home[1:]] == ["世帯主", "子", "子"]


def test_a_second_move_out_is_refused_while_one_is_announced(home: list[Any]) -> None:
    act("move_out", people=(member(home[0]),), place=ELSEWHERE, event_on=day(2026, 6, 10))
    with pytest.raises(Refused) as refused:
        entered("move_out", people=(member(home[0]),), place=ELSEWHERE, event_on=day(2026, 6, 12))
    assert refused.value.code == "move_out_announced"


@pytest.mark.clause(f"{V1}#4.0.3/m3")
def test_a_day_ahead_is_for_move_outs_only(home: list[Any]) -> None:
    tomorrow = RegisterDate.exact(clock.today() + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        entered("move_within", people=(member(home[0]),), place=THERE, event_on=tomorrow)
    assert (refused.value.field, refused.value.code) == ("event_on", "event_in_future")


def test_an_act_does_not_slip_in_before_a_later_one(home: list[Any]) -> None:
    act("move_within", people=tuple(member(row) for row in home), place=THERE, event_on=day(2026, 5, 15))
    with pytest.raises(Refused) as refused:
        entered("move_within", people=tuple(member(row) for row in home), place=PLACE, event_on=day(2026, 5, 12))
    assert refused.value.code == "later_act_recorded"


def test_the_dead_arrive_nowhere(home: list[Any]) -> None:
    act("move_out", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 6, 10))
    act("death", people=(member(home[3]),), event_on=day(2026, 5, 19))
    with pytest.raises(Refused) as refused:
        entered("arrival_notice", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 5, 15))
    assert refused.value.code == "is_dead"


def test_who_has_lived_with_a_protected_person_gives_no_address_away(home: list[Any]) -> None:
    """Who moved out holds the protected address as the one before; who left with them, where they went."""
    protect(actor=CHIEF, addressee=home[1].addressee, starts_on=date(2026, 5, 12), ends_on=None, is_own=True)
    act("move_within", people=(member(home[3], relationship="世帯主"),), place=THERE, event_on=day(2026, 5, 15))
    [stranger] = people_of(act("move_in", people=(newcomer_said("乙川　梅", serial=8),), event_on=day(2026, 5, 16)))
    assert inquiry.withheld() == {row.addressee_id for row in home}
    act("move_out", people=tuple(member(row) for row in home[:3]), place=ELSEWHERE, event_on=day(2026, 5, 18))
    assert inquiry.withheld() == {row.addressee_id for row in home}
    assert stranger.addressee_id not in inquiry.withheld()


def test_the_household_that_a_protected_person_fled_from_is_not_hidden(home: list[Any]) -> None:
    act("move_within", people=(member(home[1], relationship="世帯主"),), place=THERE, event_on=day(2026, 5, 15))
    protect(actor=CHIEF, addressee=home[1].addressee, starts_on=date(2026, 5, 16), ends_on=None, is_own=True)
    assert inquiry.withheld() == {home[1].addressee_id}
