"""The guide asks at most three questions and loses nobody (案内の試験)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.procedures.catalogue import Entry, entry_of, shipped
from municipal.procedures.guide import FEW, PURPOSES, WAYS, events, purpose_of, step

from .sample import said, sample


def entry(name: str, event: str = "moving", does: str = "register:x", **more: Any) -> Entry:
    return entry_of(sample(id=name, events=[event], decision={"does": does, "people": 1}, **more))


MANY = [entry(f"a{number}", does="register:x" if number % 2 else "certificate:y") for number in range(20)]


def test_the_first_question_is_what_happened() -> None:
    found = step([*MANY, entry("b", "birth")], {})
    assert found.question == "event"
    assert [(one.value, one.count) for one in found.choices] == [("moving", 20), ("birth", 1)]


def test_a_short_list_needs_no_further_question() -> None:
    found = step([*MANY, entry("b", "birth")], {"event": "birth"})
    assert (found.question, [one.id for one in found.entries]) == ("", ["b"])


def test_a_question_that_would_not_narrow_the_list_is_left_out() -> None:
    everything = [entry(f"a{number}") for number in range(10)]
    assert step(everything, {}).question == ""
    assert len(step(everything, {}).entries) == 10


@pytest.mark.parametrize(
    "answers", [{"event": "party"}, {"purpose": ""}, {"way": "<b>"}, {"x": "y"}, {"way": "elsewhere"}]
)
def test_an_answer_that_is_none_is_as_good_as_no_answer(answers: dict[str, str]) -> None:
    found = step(MANY, answers)
    assert (found.answers, len(found.entries)) == ({}, 20)


def test_what_is_wanted_follows_from_what_the_decision_does() -> None:
    where = {"where": said("x"), "why": said("x")}
    assert [purpose_of(one) for one in (
        entry("a"), entry("b", does="certificate:x"), entry("c", does="entitlement"), entry("d", does="letter"),
        entry("e", kind="elsewhere", elsewhere=where), entry("f", kind="ex_officio"),
    )] == ["notify", "certificate", "support", "other", "elsewhere", "automatic"]  # fmt: skip


@given(st.fixed_dictionaries({}, optional={
    "event": st.sampled_from(sorted(events())), "purpose": st.sampled_from(sorted(PURPOSES)),
    "way": st.sampled_from(sorted(WAYS)),
}))  # fmt: skip
def test_every_answer_leads_to_as_many_as_it_said(answers: dict[str, str]) -> None:
    found = step(MANY, answers)
    for one in found.choices:
        assert len(step(MANY, found.answers | {found.question: one.value}).entries) == one.count > 0


def test_every_procedure_is_reached_within_three_questions() -> None:
    entries, reached = shipped(), set[str]()
    waiting = [step(entries, {})]
    while waiting:
        found = waiting.pop()
        assert len(found.answers) <= 3
        if found.question:
            waiting += [step(entries, found.answers | {found.question: one.value}) for one in found.choices]
        else:
            reached |= {one.id for one in found.entries}
    assert reached == {one.id for one in entries}
    assert len(entries) > FEW
