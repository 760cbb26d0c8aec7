"""Entries and removals ex officio, disappearance, records made anew (職権記載・職権消除・失踪・改製の試験)."""

from dataclasses import replace
from typing import Any

import pytest

from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.models import ResidentEvent
from municipal.residents.operations import preview
from municipal.residents.tests.acting import (
    PLACE,
    act,
    day,
    family,
    member,
    newcomer_said,
    newest,
    notice,
    people_of,
)

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
OFFICE, REGISTER = "ex_officio", "family_register"


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    """A couple with two children, moved in on 11 May."""
    return people_of(act("move_in", people=family()))


def refused(name: str, **said: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(name, **said)
    return caught.value.code


@pytest.mark.clause(f"{V1}#4.2.0.1/m1", f"{V1}#4.2.1.1/m1", f"{V1}#4.2.1.1/m2", f"{V1}#4.2.1.1/m5")
def test_somebody_without_a_record_is_entered_ex_officio_from_an_unknown_place(town: int, may: None) -> None:
    one = newcomer_said(last_registered_address="見本県見本市本通２番地")
    (row,) = people_of(
        act("entry_ex_officio", people=(one,), place=PLACE, came_from={"city": "不明"}, basis=OFFICE, notified_on=None)
    )
    assert (row.reason, row.entry_reason, row.status) == ("entry_ex_officio", "entry_ex_officio", "1")
    assert (row.address_before_city, row.last_registered_address) == ("不明", "見本県見本市本通２番地")
    assert (row.notified_on, row.notice_on, row.applied_on) == (None, None, None)
    assert row.event.basis == OFFICE


@pytest.mark.clause(f"{V1}#4.2.1.1/m3")
def test_where_there_was_no_place_before_it_stays_empty(town: int, may: None) -> None:
    (row,) = people_of(act("entry_ex_officio", people=(newcomer_said(),), place=PLACE, came_from={}, basis=OFFICE))
    assert [name for name in vars(row) if name.startswith("address_before_") and getattr(row, name)] == []


@pytest.mark.clause(f"{V1}#4.2.0.2/m1")
@pytest.mark.parametrize("name", ["move_in", "move_out", "move_within", "household_split", "householder_change"])
def test_every_notified_act_can_be_done_ex_officio_without_a_day_of_notice(home: list[Any], name: str) -> None:
    people: tuple[Any, ...] = (member(home[1]),)
    if name == "move_in":
        people = (newcomer_said(serial=40),)
    elif name in ("move_within", "household_split"):
        people = (member(home[1], relationship="世帯主"),)
    said = {"place": PLACE} if name in ("move_in", "move_within", "move_out") else {}
    event = act(name, people=people, basis=OFFICE, notified_on=None, event_on=day(2026, 5, 18), **said)
    rows = people_of(event)
    assert event.basis == OFFICE
    assert {row.notified_on for row in rows} == {None}


@pytest.mark.clause(f"{V1}#4.2.0.1/m1", f"{V1}#4.0.2/m4", f"{V1}#1.1.5/m1")
def test_whoever_left_without_a_notice_is_removed_and_can_come_back(home: list[Any]) -> None:
    act("removal_ex_officio", people=tuple(map(member, home)), event_on=day(2026, 5, 18), basis=OFFICE)
    rows = [newest(one) for one in home]
    assert {(row.status, row.removal_reason, row.removed_on.shown()) for row in rows} == {
        ("9", "deletion_ex_officio", "令和8年5月18日")
    }
    again = member(home[0], relationship="世帯主")
    act("entry_ex_officio", people=(again,), place=PLACE, event_on=day(2026, 5, 19), basis=OFFICE)
    back = newest(home[0])
    assert (back.status, back.removed_on, back.addressee.number) == ("1", None, home[0].addressee.number)


@pytest.mark.clause(f"{V1}#4.0.4/m1")
def test_when_the_head_is_removed_the_last_one_leads(town: int, may: None) -> None:
    rows = people_of(act("move_in", people=family()[:2]))
    act("removal_ex_officio", people=(member(rows[0]),), event_on=day(2026, 5, 18), basis=OFFICE)
    assert (newest(rows[1]).relationship, newest(rows[1]).head_name) == ("世帯主", "甲野　花子")


def test_a_removal_before_what_is_recorded_or_twice_is_refused(home: list[Any]) -> None:
    gone = (member(home[3]),)
    assert refused("removal_ex_officio", people=gone, event_on=day(2026, 5, 10), basis=OFFICE) == "later_act_recorded"
    act("removal_ex_officio", people=gone, event_on=day(2026, 5, 18), basis=OFFICE)
    assert refused("removal_ex_officio", people=gone, event_on=day(2026, 5, 19), basis=OFFICE) == "not_a_resident"


@pytest.mark.clause(f"{V1}#1.1.8/m1")
@pytest.mark.parametrize("said", ["令和8年5月頃", "年月日不詳", "令和8年2月30日"])
def test_a_removal_needs_a_day_of_the_calendar_but_a_disappearance_does_not(home: list[Any], said: str) -> None:
    doubtful = RegisterDate.entered(said)
    wanted = {"people": (member(home[3]),), "event_on": doubtful}
    assert refused("removal_ex_officio", basis=OFFICE, **wanted) == "event_day"
    act("disappearance", basis=REGISTER, **wanted)
    assert newest(home[3]).removed_on == doubtful


@pytest.mark.clause(f"{V1}#4.2.2.2/m1", f"{V1}#1.1.8/m2", f"{V1}#4.2.0.4/m1")
def test_who_was_declared_missing_is_removed_and_entered_again_when_that_is_annulled(home: list[Any]) -> None:
    act("disappearance", people=(member(home[1]),), event_on=RegisterDate.entered("令和8年5月頃"), basis="municipality")
    row = newest(home[1])
    assert (row.status, row.reason, row.removal_reason) == ("9", "deletion_ex_officio", "deletion_ex_officio")
    assert row.notice_on.isoformat() == "2026-05-20"
    said = (member(home[1], relationship="妻"),)
    act(
        "disappearance_annulled", people=said, joins=home[0].household.number, event_on=day(2026, 5, 20), basis=REGISTER
    )
    back = newest(home[1])
    assert (back.status, back.relationship, back.head_name, back.removed_on) == ("1", "妻", "甲野　太郎", None)
    assert back.became_resident_on == home[1].became_resident_on
    assert back.household_id == home[0].household_id


def test_only_a_declaration_can_be_annulled_and_only_the_family_register_declares(home: list[Any]) -> None:
    one = (member(home[1]),)
    assert refused("disappearance", people=one, basis=OFFICE) == "wrong_basis"
    assert refused("disappearance_annulled", people=one, basis=REGISTER) == "not_missing"
    assert refused("disappearance_annulled", people=(), basis=REGISTER) == "nobody"
    act("removal_ex_officio", people=one, event_on=day(2026, 5, 18), basis=OFFICE)
    assert refused("disappearance_annulled", people=one, event_on=day(2026, 5, 19), basis=REGISTER) == "not_missing"


@pytest.mark.clause(f"{V1}#1.1.4/m2", f"{V1}#1.1.4/m3", f"{V1}#1.1.4/m4", f"{V1}#1.1.5/m1")
def test_a_record_is_made_anew_by_hand_only_and_keeps_the_former(home: list[Any]) -> None:
    for place in range(30):
        act("minor_correction", people=(member(home[0], alias=f"別名{place}"),), basis=OFFICE)
    assert {row.revision for row in inquiry.history(home[0].addressee)} == {0}
    event = act("remaking", people=(member(home[0]),), event_on=day(2026, 5, 20), basis=OFFICE)
    row = newest(home[0])
    assert (row.reason, row.revision, row.revised_on, row.status) == ("entry_by_rewriting", 1, day(2026, 5, 20), "1")
    former = inquiry.former_records(home[0].addressee)
    assert [(one.revision, one.rows, one.revised_on) for one in former] == [(0, 31, day(2026, 5, 20))]
    act("restoration", people=(member(home[0]),), event_on=day(2026, 5, 20), basis=OFFICE)
    assert newest(home[0]).reason == "entry_by_restoration"
    assert [one.revision for one in inquiry.former_records(home[0].addressee)] == [1, 0]
    assert ResidentEvent.objects.get(pk=event.pk).act == "remaking"


def test_two_heads_on_one_day_are_told_at_the_entry_not_only_at_the_decision(home: list[Any]) -> None:
    """The head's leaving and the next one's leading are dated crosswise: neither act is wrong alone."""
    act("household_split", people=(member(home[2], relationship="世帯主"),), event_on=day(2026, 5, 19))
    son = newest(home[2])
    act("move_out", people=(member(son),), event_on=day(2026, 5, 20), place={"city": "見本市", "block": "本通"})
    joined = notice("move_in", people=(newcomer_said(serial=50),), joins=home[0].household.number)
    with pytest.raises(Refused) as caught:
        preview(joined)
    assert caught.value.code == "second_head"
    act("removal_ex_officio", people=(member(home[0]),), event_on=day(2026, 5, 20), basis=OFFICE)
    early = replace(joined, event_on=day(2026, 5, 15))
    with pytest.raises(Refused) as caught:
        preview(early)
    assert caught.value.code == "one_head_at_a_time"
    preview(replace(joined, event_on=day(2026, 5, 20)))
