"""Cancelling acts: history grows, the former state holds again (異動の取消しの試験)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.models import ResidentEvent, ResidentRecord
from municipal.residents.operations import remove_announced
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
    people_of,
)

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
OWN = {"id", "serial", "event_id", "reason", "event_on", "notified_on", "recorded_at", "processed_on", "household_id"}


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    """A couple and two children."""
    return people_of(act("move_in", people=family()))


def cancel(event: ResidentEvent) -> ResidentEvent:
    return act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20), basis="application")


def said(row: ResidentRecord) -> dict[str, object]:
    """Everything a row says but for its own event."""
    skipped = OWN | {"applied_on", "notice_on"}
    return {f.attname: getattr(row, f.attname) for f in ResidentRecord._meta.fields if f.attname not in skipped}


@pytest.mark.clause(
    f"{V1}#4.6.0.1/m1", f"{V1}#4.6.0.1/m2", f"{V1}#4.6.0.1/m4", f"{V1}#4.6.0.1/m6", f"{V1}#4.6.0.1/m7",
    f"{V1}#4.6.0.1/m9",
)  # fmt: skip
def test_a_cancelled_death_brings_the_person_back_and_both_stand_in_the_history(home: list[Any]) -> None:
    before = said(newest(home[0]))
    death = act("death", people=(member(home[0]),), event_on=day(2026, 5, 15))
    cancel(death)
    back = newest(home[0])
    assert said(back) == before
    assert (back.status, back.household_id) == ("1", home[0].household_id)
    assert [row.reason for row in inquiry.history(home[0].addressee)] == ["move_in", "death", "cancellation_adding"]
    later = clock.now() + timedelta(minutes=1)
    assert len(inquiry.members_as_of(home[0].household, valid_on=date(2026, 5, 16), known_at=later)) == 4


@pytest.mark.clause(f"{V1}#4.6.0.1/m7")
def test_a_cancelled_birth_was_never_a_resident(home: list[Any]) -> None:
    baby = child("甲野　三郎", serial=9, born_on=day(2026, 5, 12))
    event = act("birth", people=(baby,), joins=home[0].household.number, event_on=day(2026, 5, 12))
    [row] = people_of(event)
    cancel(event)
    gone = newest(row)
    assert (gone.status, gone.reason) == ("9", "cancellation_removing")
    later = clock.now() + timedelta(minutes=1)
    assert len(inquiry.members_as_of(home[0].household, valid_on=date(2026, 5, 13), known_at=later)) == 4
    # The number is free for the right entry.
    assert act("birth", people=(baby,), joins=home[0].household.number, event_on=day(2026, 5, 12))


@pytest.mark.clause(f"{V1}#4.6.0.1/m7")
def test_a_cancelled_move_in_of_a_family_removes_all_of_it(home: list[Any]) -> None:
    cancel(ResidentEvent.objects.get())
    assert {newest(row).status for row in home} == {"9"}
    assert not inquiry.members_as_of(home[0].household, valid_on=date(2026, 5, 13), known_at=clock.now() + timedelta(1))


@pytest.mark.clause(f"{V1}#4.6.0.1/m8")
def test_a_whole_household_that_had_left_comes_back_as_a_new_one(home: list[Any]) -> None:
    left = act("move_out", people=tuple(member(row) for row in home), place=ELSEWHERE, event_on=day(2026, 5, 15))
    cancel(left)
    rows = [newest(row) for row in home]
    assert {row.status for row in rows} == {"1"}
    assert len({row.household_id for row in rows}) == 1
    assert rows[0].household_id != home[0].household_id
    assert {row.address_lot for row in rows} == {"１番地"}


@pytest.mark.clause(f"{V1}#4.6.0.1/m8")
def test_one_who_had_left_comes_back_to_the_household(home: list[Any]) -> None:
    left = act("move_out", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 5, 15))
    cancel(left)
    assert newest(home[3]).household_id == home[0].household_id


@pytest.mark.clause(f"{V1}#4.6.0.1/m8")
def test_a_cancelled_move_within_leads_back_to_address_and_household(home: list[Any]) -> None:
    before = said(home[3])
    moved = act(
        "move_within", people=(member(home[3], relationship="世帯主"),), place={**PLACE, "lot": "８番地"},
        event_on=day(2026, 5, 15),
    )  # fmt: skip
    cancel(moved)
    back = newest(home[3])
    assert (said(back), back.household_id, back.reason) == (before, home[0].household_id, "cancellation_correcting")


def test_a_cancelled_departure_takes_the_head_ex_officio_back_too(town: int, may: None) -> None:
    head, son = people_of(act("move_in", people=(newcomer_said(), child())))
    left = act("move_out", people=(member(head),), place=ELSEWHERE, event_on=day(2026, 5, 15))
    assert newest(son).relationship == "世帯主"
    cancel(left)
    assert [newest(row).relationship for row in (head, son)] == ["世帯主", "子"]


@pytest.mark.clause(f"{V1}#4.6.0.1/n2")
def test_a_move_out_is_cancelled_with_its_removal_and_the_arrival_notice(home: list[Any]) -> None:
    left = act("move_out", people=tuple(member(row) for row in home), place=ELSEWHERE, event_on=day(2026, 6, 10))
    with clock.stopped_at(datetime(2026, 6, 11, 9, tzinfo=clock.TOKYO)):
        remove_announced(actor=CHIEF)
    with clock.stopped_at(datetime(2026, 6, 15, 9, tzinfo=clock.TOKYO)):
        act("arrival_notice", people=tuple(member(row) for row in home), place=ELSEWHERE, event_on=day(2026, 6, 12),
            basis="municipality")  # fmt: skip
        cancel(left)
    rows = [newest(row) for row in home]
    assert {(row.status, row.move_out_planned_on, row.arrival_notice_on) for row in rows} == {("1", None, None)}
    assert [row.reason for row in inquiry.history(home[0].addressee)] == [
        "move_in", "move_out", "move_out", "minor_correction", "cancellation_adding",
    ]  # fmt: skip


def test_a_cancelled_announcement_changes_no_population(home: list[Any]) -> None:
    left = act("move_out", people=(member(home[0]),), place=ELSEWHERE, event_on=day(2026, 6, 10))
    cancel(left)
    assert (newest(home[0]).reason, newest(home[0]).move_out_planned_on) == ("cancellation_correcting", None)


def test_cancelling_twice_is_refused(home: list[Any]) -> None:
    death = act("death", people=(member(home[0]),), event_on=day(2026, 5, 15))
    cancelled = cancel(death)
    for event, code in ((death, "already_cancelled"), (cancelled, "is_cancellation")):
        with pytest.raises(Refused) as refused:
            entered("cancellation", cancels=event.pk, event_on=day(2026, 5, 20))
        assert refused.value.code == code


def test_an_act_that_others_rest_on_says_which_must_go_first(home: list[Any]) -> None:
    act("minor_correction", people=(member(home[0], alias="タロ"),), event_on=day(2026, 5, 18))
    with pytest.raises(Refused) as refused:
        entered("cancellation", cancels=home[0].event_id, event_on=day(2026, 5, 20))
    assert refused.value.code == "rested_on"
    assert "2026-05-20" in str(refused.value)


def test_a_cancelled_change_of_head_turns_everybody_back(home: list[Any]) -> None:
    cancel(act("householder_change", people=(member(home[1]),)))
    assert [newest(row).relationship for row in home] == ["世帯主", "妻", "子", "子"]


def test_a_cancelled_correction_of_an_error_brings_the_error_back_on_all_its_days(home: list[Any]) -> None:
    act("minor_correction", people=(member(home[1], alias="ハナ"),), event_on=day(2026, 5, 15))
    cancel(act("correction_of_error", people=(member(home[1], sex="1"),), corrects=1, event_on=day(2026, 5, 20)))
    later = clock.now() + timedelta(minutes=1)
    for valid_on, alias in ((date(2026, 5, 12), ""), (date(2026, 5, 16), "ハナ")):
        found = inquiry.as_of(home[1].addressee, valid_on=valid_on, known_at=later)
        assert found is not None
        assert (found.sex, found.alias, found.reason) == ("2", alias, "cancellation_correcting")
    assert newest(home[1]).alias == "ハナ"


def test_after_a_cancelled_act_the_one_before_it_can_be_cancelled(home: list[Any]) -> None:
    corrected = act("minor_correction", people=(member(home[0], alias="タロ"),), event_on=day(2026, 5, 18))
    cancel(act("death", people=(member(home[0]),), event_on=day(2026, 5, 19)))
    cancel(corrected)
    assert (newest(home[0]).status, newest(home[0]).alias) == ("1", "")


def test_a_wrong_arrival_notice_is_cancelled_by_itself_and_then_the_move_out(home: list[Any]) -> None:
    left = act("move_out", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 5, 15))
    arrived = act("arrival_notice", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 5, 16))
    cancel(arrived)
    assert (newest(home[3]).status, newest(home[3]).arrival_notice_on) == ("2", None)
    cancel(left)
    assert (newest(home[3]).status, newest(home[3]).household_id) == ("1", home[0].household_id)


def test_somebody_who_would_come_back_under_another_head_waits_for_that_to_be_cancelled(home: list[Any]) -> None:
    left = act("move_out", people=(member(home[0]),), place=ELSEWHERE, event_on=day(2026, 5, 15))
    others = tuple(member(row, relationship="子") for row in home[2:])
    led = act("householder_change", people=(member(home[1]),), others=others, event_on=day(2026, 5, 16))
    with pytest.raises(Refused) as refused:
        entered("cancellation", cancels=left.pk, event_on=day(2026, 5, 20))
    assert refused.value.code == "rested_on"
    cancel(led)
    cancel(left)
    assert [newest(row).relationship for row in home] == ["世帯主", "妻", "子", "子"]


@pytest.mark.clause(f"{V1}#4.6.0.1/m8")
def test_where_the_household_has_moved_on_who_comes_back_forms_a_new_one(home: list[Any]) -> None:
    left = act("move_out", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 5, 15))
    rest = tuple(member(row) for row in home[:3])
    act("move_within", people=rest, place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 16))
    cancel(left)
    back = newest(home[3])
    assert (back.address_lot, back.household_id == home[0].household_id) == ("１番地", False)


def test_cancelling_the_entry_of_a_head_asks_about_those_who_joined_later(home: list[Any]) -> None:
    event = ResidentEvent.objects.get()
    mother = newcomer_said("甲野　梅", serial=9, sex="2", relationship="母")
    [joined] = people_of(act("move_in", people=(mother,), joins=home[0].household.number))
    cancel(event)
    assert (newest(joined).relationship, newest(joined).reason) == ("世帯主", "householder_change")


def test_a_widowed_household_gets_its_only_member_back(town: int, may: None) -> None:
    [alone] = people_of(act("move_in", people=(newcomer_said(),)))
    cancel(act("death", people=(member(alone),), event_on=day(2026, 5, 15)))
    assert newest(alone).household_id == alone.household_id
