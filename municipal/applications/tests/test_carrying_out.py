"""An approved case is carried out in the register, wholly or not at all (決定の実施の試験; issue: section 4)."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from municipal.applications.models import Case, CaseOutcome
from municipal.applications.operations import take_step
from municipal.applications.operations.carrying_out import (
    enter_for,
    note_by_hand,
    try_again,
)
from municipal.applications.outcomes import Done, carriers, carries
from municipal.applications.outcomes.entering import notice_for
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents.models import Draft
from municipal.residents.operations import enter, withdraw
from municipal.residents.tests.acting import CHIEF as REGISTER_CHIEF
from municipal.residents.tests.acting import act, member, newcomer_said

from .acting import CLERK, stepped
from .carrying import a_family, about, approved, moving_out, somebody

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
