"""Moves, births, new heads and reservations in the register (異動の実施の試験; issue: sections 4 and 6)."""

from datetime import timedelta
from typing import Any

import pytest

from municipal.applications.models import Case
from municipal.applications.operations import take_step
from municipal.applications.operations.carrying_out import (
    OFFICE,
    enter_for,
    entry_decided,
    expire_visits,
    try_again,
    visits_are_over,
)
from municipal.applications.outcomes.entering import notice_for
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import Draft, ResidentEvent, ResidentRecord
from municipal.residents.operations import decide, return_draft, withdraw
from municipal.residents.tests.acting import CHIEF as REGISTER_CHIEF
from municipal.residents.tests.acting import act, member, newest

from .acting import CHIEF, CLERK, stepped
from .carrying import a_family, about, approved, delivered, draft_of, moving_out, somebody

pytestmark = pytest.mark.usefixtures("town", "may")


@pytest.fixture
def may() -> Any:
    from municipal.residents.tests.acting import ACTS_ON

    with clock.stopped_at(ACTS_ON):
        yield


def code_of(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as found:
        act(**said)
    return found.value.code


def seen(case: Case) -> int:
    return case.events.count()


def kinds(case: Case) -> list[str]:
    return list(case.outcomes.order_by("pk").values_list("kind", flat=True))


# What is carried out.


def test_a_move_out_is_entered_provisionally_and_is_done_when_another_person_confirms() -> None:
    people = a_family()
    case = approved(moving_out(people))
    draft, rows = draft_of(case), ResidentRecord.objects.count()
    assert (case.state, draft.act, draft.entered_by_id) == ("approved", "move_out", CLERK.actor_id)
    assert draft.notice["place"]["city"] == "模擬町"
    assert draft.notice["place"]["building"] == "見本荘１０１"
    assert ResidentRecord.objects.count() == rows
    assert code_of(decide, actor=CLERK, draft=draft.pk) == "own_entry"
    event = decide(actor=REGISTER_CHIEF, draft=draft.pk)
    delivered()
    case.refresh_from_db()
    assert (case.state, newest(people[0]).move_out_planned_on.isoformat()) == ("done", "2026-06-10")
    before = seen(case)
    assert entry_decided(actor=OFFICE, event=event.pk) is None
    assert seen(case) == before


def test_a_returned_entry_waits_and_a_withdrawn_one_is_made_again() -> None:
    case = approved(moving_out(a_family()))
    draft = draft_of(case)
    return_draft(actor=REGISTER_CHIEF, draft=draft.pk, because="日付を確かめる。")
    assert code_of(try_again, actor=CLERK, case=case.pk, seen=seen(case)) == "carried_out"
    withdraw(actor=REGISTER_CHIEF, draft=draft.pk)
    assert try_again(actor=CLERK, case=case.pk, seen=seen(case)).state == "approved"
    assert kinds(case) == ["entry", "entry"]
    decide(actor=REGISTER_CHIEF, draft=case.outcomes.latest("pk").reference or 0)
    delivered()
    assert Case.objects.get(pk=case.pk).state == "done"


def test_a_move_out_that_is_cancelled_later_leaves_the_case_decided_as_it_was() -> None:
    people = a_family()
    case = approved(moving_out(people))
    event = decide(actor=REGISTER_CHIEF, draft=draft_of(case).pk)
    delivered()
    act("cancellation", cancels=event.pk, event_on=RegisterDate(2026, 5, 20), basis="application")
    delivered()
    assert Case.objects.get(pk=case.pk).state == "done"
    assert newest(people[0]).move_out_planned_on is None


def test_an_event_that_no_case_waits_for_finishes_none() -> None:
    head = somebody()
    event = act("move_out", people=(member(head),), place={"prefecture": "見本県", "city": "見本市"})
    delivered()
    assert entry_decided(actor=OFFICE, event=event.pk) is None


def test_a_new_head_and_a_household_of_two_that_divides() -> None:
    people = a_family()
    said = {"name": people[1].name, "born_on": str(people[1].born_on)}
    answers = {"change": "head", "changed_on": "2026-05-18", "new_head": said}
    case = approved(about("household-change", people[0], answers))
    assert kinds(case) == ["prepared"]
    notice = notice_for(case).confirming("relationships_rewritten")
    decide(actor=REGISTER_CHIEF, draft=enter_for(actor=CLERK, case=case.pk, notice=notice).pk)
    delivered()
    assert (Case.objects.get(pk=case.pk).state, newest(people[1]).relationship) == ("done", "世帯主")
    for change in ("split", "merge", "move"):
        other = approved(about("household-change", people[0], answers | {"change": change}))
        assert kinds(other) == ["obstacle"], change


def test_a_child_is_born_into_the_household_of_whoever_applied() -> None:
    people = a_family()
    answers = {
        "child": [{"given_name": "三郎", "given_name_kana": "サブロウ", "sex": "male"}],
        "birth": [{"born_on": "2026-05-18", "born_at": "10時", "place": "架空市民病院"}],
        "parents": ["m0", "m1"], "notifier": "father",
    }  # fmt: skip
    case = approved(about("birth", people[0], answers, *people[:2]))
    assert case.state == "approved"
    notice = draft_of(case).notice
    assert (notice["act"], notice["people"][0]["items"]["name"]) == ("birth", "甲野　三郎")
    other = approved(about("birth", people[0], answers | {"parents": ["m1"]}, *people[:2]))
    assert kinds(other) == ["obstacle"]


# Reservations.


def moving_in() -> Case:
    answers = {"moved_on": "2026-05-18", "notifier": "self"}
    return about("move-in", None, answers, name="乙野　五郎", born_on="1990-01-01")


def test_a_reservation_without_a_visit_leaves_the_register_as_it_is_and_expires() -> None:
    before = ResidentEvent.objects.count(), Draft.objects.count()
    case = stepped(moving_in(), "accept", "pass_form", "reserve")
    assert case.state == "waiting_visit"
    assert not visits_are_over()
    assert code_of(take_step, actor=CLERK, case=case.pk, seen=seen(case), action="expire") == "still_reserved"
    with clock.stopped_at(clock.now() + timedelta(days=90)):
        assert visits_are_over()
        assert expire_visits(actor=OFFICE) == 1
        assert expire_visits(actor=OFFICE) == 0
    case.refresh_from_db()
    assert (case.state, case.outcomes.count()) == ("expired", 0)
    assert (ResidentEvent.objects.count(), Draft.objects.count()) == before


def test_at_the_visit_the_form_is_prepared_and_what_the_clerk_enters_belongs_to_the_case() -> None:
    case = approved(moving_in())
    assert (case.state, kinds(case), Draft.objects.count()) == ("approved", ["prepared"], 0)
    assert code_of(take_step, actor=CLERK, case=case.pk, seen=seen(case), action="carry_out") == "not_carried_out"
    notice = notice_for(case)
    assert (notice.act, notice.people[0].items["name"]) == ("move_in", "乙野　五郎")
    head = somebody()
    wrong = notice_for(moving_out([head]))
    assert code_of(enter_for, actor=CLERK, case=case.pk, notice=wrong) == "other_act"
    assert Draft.objects.filter(act="move_out").count() == 0


def test_a_move_within_is_entered_by_the_clerk_from_the_case() -> None:
    people = a_family()
    answers = {"new_address": "架空県架空市竹町８番地", "moved_on": "2026-05-18", "movers": ["m0", "m1", "m2", "m3"]}
    case = approved(about("move-within", people[0], answers, *people))
    assert kinds(case) == ["prepared"]
    made = enter_for(actor=CLERK, case=case.pk, notice=notice_for(case))
    decide(actor=REGISTER_CHIEF, draft=made.pk)
    delivered()
    assert (Case.objects.get(pk=case.pk).state, newest(people[3]).address_block) == ("done", "竹町")


def test_the_chief_who_decided_by_two_is_the_one_who_entered() -> None:
    people = a_family()
    answers = {
        "child": [{"given_name": "三郎", "given_name_kana": "サブロウ", "sex": "male"}],
        "birth": [{"born_on": "2026-05-18", "born_at": "10時", "place": "架空市民病院"}],
        "parents": ["m0", "m1"], "notifier": "father",
    }  # fmt: skip
    case = approved(about("birth", people[0], answers, *people[:2]))
    assert draft_of(case).entered_by_id == CHIEF.actor_id
    assert code_of(decide, actor=CHIEF, draft=draft_of(case).pk) == "own_entry"
