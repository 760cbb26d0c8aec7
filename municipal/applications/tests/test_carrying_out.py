"""An approved case is carried out in the register, wholly or not at all (決定の実施の試験; issue: section 4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from municipal.applications.models import Case, CaseOutcome
from municipal.applications.operations import take_step
from municipal.applications.operations.carrying_out import (
    OFFICE,
    enter_for,
    entry_decided,
    expire_visits,
    note_by_hand,
    try_again,
    visits_are_over,
)
from municipal.applications.outcomes import Done, carriers, carries
from municipal.applications.outcomes.entering import notice_for
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import Draft, ResidentEvent, ResidentRecord
from municipal.residents.operations import decide, enter, return_draft, withdraw
from municipal.residents.tests.acting import CHIEF as REGISTER_CHIEF
from municipal.residents.tests.acting import act, member, newcomer_said, newest

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


# Faults first.


def test_a_fault_between_entry_and_step_leaves_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    case = stepped(moving_out(a_family()), "accept", "pass_form")

    def broken(actor: Any, found: Case) -> Done:
        carriers_move_out(actor, found)
        raise ZeroDivisionError

    carriers_move_out = carriers["register:move_out"]
    monkeypatch.setitem(carriers, "register:move_out", broken)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take_step(actor=CLERK, case=case.pk, seen=seen(case), action="approve")
    case.refresh_from_db()
    assert (case.state, Draft.objects.count(), CaseOutcome.objects.count()) == ("substance_check", 1, 0)
    monkeypatch.undo()
    assert stepped(case, "approve").state == "approved"


def test_what_was_entered_before_a_refusal_is_taken_back_and_the_sentence_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = stepped(moving_out(a_family()), "accept", "pass_form")
    real = carriers["register:move_out"]

    def half(actor: Any, found: Case) -> Done:
        real(actor, found)
        raise Refused("途中で止まりました（%(number)s）。", code="half", number=7)

    monkeypatch.setitem(carriers, "register:move_out", half)
    case, drafts = stepped(case, "approve"), Draft.objects.exclude(event__act="move_in")
    outcome = case.outcomes.get()
    assert (case.state, outcome.kind, drafts.count()) == ("approved", "obstacle", 0)
    assert outcome.sentence % outcome.values == "途中で止まりました（7）。"


def test_a_constraint_that_only_speaks_at_the_end_speaks_of_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    case = stepped(moving_out(a_family()), "accept", "pass_form")

    def broken(actor: Any, found: Case) -> Done:
        raise IntegrityError("nothing that has a sentence")

    monkeypatch.setitem(carriers, "register:move_out", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        take_step(actor=CLERK, case=case.pk, seen=seen(case), action="approve")
    assert Case.objects.get(pk=case.pk).state == "substance_check"


def test_a_case_has_one_outcome_however_often_it_is_carried_out() -> None:
    case = approved(moving_out(a_family()))
    assert kinds(case) == ["entry"]
    assert code_of(try_again, actor=CLERK, case=case.pk, seen=seen(case)) == "carried_out"
    assert code_of(take_step, actor=CLERK, case=case.pk, seen=seen(case), action="carry_out") == "entry_waits"
    assert code_of(note_by_hand, actor=CLERK, case=case.pk, seen=seen(case), note="1") == "entry_waits"
    assert code_of(enter_for, actor=CLERK, case=case.pk, notice=notice_for(case)) == "not_enterable"
    assert kinds(case) == ["entry"]


def test_the_database_keeps_one_chain_and_changes_nothing() -> None:
    case = approved(moving_out(a_family()))
    first = case.outcomes.get()
    said: dict[str, Any] = {"case": case, "made_at": clock.now(), "actor_kind": "staff", "actor_id": 1}
    for wrong in (
        {"kind": "by_hand", "replaces": None},
        {"kind": "entry", "replaces": first, "reference": first.reference},
        {"kind": "obstacle", "replaces": first},
        {"kind": "by_hand", "replaces": first, "sentence": "理由"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseOutcome.objects.create(**said, **wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseOutcome.objects.filter(pk=first.pk).update(note="別")
    with pytest.raises(DatabaseError), transaction.atomic():
        first.delete()


def test_nothing_is_done_with_a_case_that_is_not_approved_or_seen_as_it_stands() -> None:
    case = stepped(moving_out(a_family()), "accept", "pass_form")
    assert code_of(try_again, actor=CLERK, case=case.pk, seen=seen(case)) == "not_approved"
    assert code_of(note_by_hand, actor=CLERK, case=case.pk, seen=seen(case), note="1") == "not_approved"
    assert code_of(try_again, actor=CLERK, case=case.pk, seen=1) == "case_changed"
    assert code_of(enter_for, actor=CLERK, case=case.pk, notice=notice_for(case)) == "not_enterable"
    assert code_of(enter_for, actor=CLERK, case=case.pk + 1, notice=notice_for(case)) == "not_approved"


def test_two_functions_never_carry_out_the_same() -> None:
    with pytest.raises(ValueError, match="register:move_out"):
        carries("register:move_out")(lambda actor, case: None)


# What cannot be carried out.


def test_nobody_is_entered_who_was_not_identified() -> None:
    people = a_family()
    case = approved(about("move-out", None, moving_out(people).answers, *people))
    assert (case.state, kinds(case), case.outcomes.get().sentence[:6]) == ("approved", ["obstacle"], "申請した人が")


@pytest.mark.parametrize(
    "wrong", [{"name": "甲野　次郎", "born_on": "1985-04-01"}, {"name": "甲野　太郎", "born_on": "1985-04-02"}, {}]
)
def test_a_name_that_is_no_members_stops_and_is_tried_again(wrong: dict[str, str]) -> None:
    head = somebody()
    answers = moving_out([head]).answers
    case = approved(about("move-out", head, answers, named={"m0": wrong}))
    assert kinds(case) == ["obstacle"]
    Case.objects.filter(pk=case.pk).update(people={"m0": {"name": "甲野太郎", "born_on": "1985-04-01"}})
    try_again(actor=CLERK, case=case.pk, seen=seen(case))
    assert kinds(case) == ["obstacle", "entry"]


def test_two_who_could_be_meant_are_nobody() -> None:
    people = a_family()
    answers = moving_out(people[:1]).answers
    other = act("move_in", joins=people[0].household.number, people=(newcomer_said(serial=9, relationship="縁故者"),))
    case = approved(about("move-out", people[0], answers, named={"m0": {"name": "甲野　太郎"}}))
    assert other.act == "move_in"
    assert kinds(case) == ["obstacle"]


def test_somebody_who_moved_meanwhile_is_not_moved_again() -> None:
    head = somebody()
    case = stepped(moving_out([head]), "accept", "pass_form")
    act("move_out", people=(member(head),), place={"prefecture": "見本県", "city": "見本市"})
    case = stepped(case, "approve")
    assert (case.state, kinds(case)) == ("approved", ["obstacle"])
    assert try_again(actor=CLERK, case=case.pk, seen=seen(case)).state == "approved"
    assert kinds(case) == ["obstacle", "obstacle"]


def test_an_open_entry_about_the_same_people_stands_in_the_way_until_it_is_gone() -> None:
    people = a_family()
    case = stepped(moving_out(people), "accept", "pass_form")
    other = enter(actor=REGISTER_CHIEF, notice=notice_for(moving_out(people)))
    case = stepped(case, "approve")
    assert kinds(case) == ["obstacle"]
    withdraw(actor=REGISTER_CHIEF, draft=other.pk)
    try_again(actor=CLERK, case=case.pk, seen=seen(case))
    assert kinds(case) == ["obstacle", "entry"]


@pytest.mark.parametrize("typed", ["どこか遠く", "模擬町本通", "東京", "　"])
def test_an_address_that_names_no_municipality_is_not_guessed(typed: str) -> None:
    case = approved(moving_out([somebody()], new_address=typed)) if typed.strip() else None
    assert case is None or kinds(case) == ["obstacle"]


def test_done_by_hand_is_noted_with_where_it_was_done() -> None:
    case = approved(moving_out([somebody()], new_address="未定"))
    assert code_of(take_step, actor=CLERK, case=case.pk, seen=seen(case), action="carry_out") == "not_carried_out"
    assert code_of(note_by_hand, actor=CLERK, case=case.pk, seen=seen(case), note="  ") == "note_missing"
    with pytest.raises(Refused):
        note_by_hand(actor=CLERK, case=case.pk, seen=seen(case), note="番" * 201)
    assert note_by_hand(actor=CLERK, case=case.pk, seen=seen(case), note="仮登録 12").state == "done"
    assert (kinds(case), case.outcomes.latest("pk").note) == (["obstacle", "by_hand"], "仮登録 12")


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
