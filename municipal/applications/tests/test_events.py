"""Life events as data: what is sound, what is refused, and that no question means two things (issue 7, section 1)."""

import json
from copy import deepcopy
from typing import Any

import pytest

from municipal.applications.bundling.checks import faults_of, meaning_of, read
from municipal.applications.bundling.events import FOLDER, life_events
from municipal.applications.bundling.figures import answered, figures, parts_of
from municipal.applications.bundling.parts import papers_of, slots
from municipal.procedures.catalogue import by_id, shipped
from municipal.procedures.shapes import LANGUAGES

CATALOGUE = by_id(shipped())


@pytest.fixture
def moving() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / "moving.json").read_text(encoding="utf-8"))
    return deepcopy(content)


def found(content: Any) -> list[str]:
    return [f"{fault.key}: {fault.value}" for fault in faults_of(content, shipped(), "moving.json")]


def test_the_shipped_events_are_the_five_of_the_brief_and_sound() -> None:
    assert list(life_events()) == ["moving", "birth", "marriage", "care", "death"]


@pytest.mark.parametrize("content", [None, [], "x", 1, {}, {"event": "moving"}])
def test_what_has_another_shape_is_named_and_never_raises(content: Any) -> None:
    assert faults_of(content, shipped()) or not isinstance(content, dict)


def test_a_question_that_waits_for_itself_or_for_a_later_one_is_refused(moving: dict[str, Any]) -> None:
    """The only loop that rules could have: two questions that wait for each other."""
    moving["questions"][0]["when"] = [{"question": "way", "is": ["out"]}]
    assert "questions[0].when: way" in found(moving)
    moving["questions"][0]["when"] = [{"question": "has_car", "is": ["yes"]}]
    assert "questions[0].when: has_car" in found(moving)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("procedure", "no-such-thing", "rules[0].procedure: no-such-thing"),
        ("when", [{"question": "nobody", "is": ["yes"]}], "rules[0].when: nobody"),
        ("when", [{"question": "way", "is": ["sideways"]}], "rules[0].when: sideways"),
        ("since", "way", "rules[0].since: way"),
        ("sets", {"no_field": "x"}, "rules[0].sets: no_field"),
        ("sets", {"contact": "$nobody"}, "rules[0].sets: $nobody"),
        ("own", ["no_field"], "rules[0].own: no_field"),
        ("each", "nobody", "rules[0]: nobody"),
    ],
)
def test_ids_that_lead_nowhere_are_named(moving: dict[str, Any], key: str, value: Any, said: str) -> None:
    moving["rules"][0][key] = value
    assert said in found(moving)


def test_a_procedure_that_is_chosen_twice_and_an_answer_that_nothing_uses_are_named(moving: dict[str, Any]) -> None:
    moving["rules"].append(moving["rules"][0])
    moving["questions"].append({**moving["questions"][-1], "id": "idle"})
    assert f"rules[{len(moving['rules']) - 1}].procedure: move-out" in found(moving)
    assert f"questions[{len(moving['questions']) - 1}]: idle" in found(moving)


def test_two_questions_of_one_name_and_two_meanings_are_refused(moving: dict[str, Any]) -> None:
    """Bulky waste asks for the place of collection with a choice, a start of water for an address: now two names."""
    moving["rules"].append({**moving["rules"][0], "procedure": "direct-debit", "sets": {}, "when": []})
    moving["rules"].append({**moving["rules"][0], "procedure": "bulky-waste", "sets": {}, "when": []})
    assert "rules: items" in found(moving)


def test_procedures_that_wait_for_each_other_are_refused(moving: dict[str, Any]) -> None:
    circle = {**CATALOGUE["move-out"].content, "after": ["nhi-loss"]}
    from municipal.procedures.catalogue import entry_of

    catalogue = [entry_of(circle) if entry.id == "move-out" else entry for entry in shipped()]
    assert any("move-out" in fault.value and fault.key == "rules" for fault in faults_of(moving, catalogue))


def test_a_broken_file_is_left_out_and_named() -> None:
    events, faults = read({"moving.json": b"{", "birth.json": (FOLDER / "birth.json").read_bytes()}, shipped())
    assert list(events) == ["birth"]
    assert [fault.file for fault in faults] == ["moving.json"]


def test_every_text_is_there_in_four_languages_and_plain_japanese_is_not_the_same_throughout() -> None:
    for path in FOLDER.glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        texts = [one["label"] for one in content["questions"]] + [one["short"] for one in content["questions"]]
        assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in texts), path.name
        assert sum(text["ja"] != text["ja-easy"] for text in texts) > len(texts) / 3, path.name


@pytest.mark.parametrize("event", list(life_events()))
def test_no_field_is_asked_twice_in_a_bundle_and_each_name_means_one_thing(event: str) -> None:
    """Each fact is asked once: the rule of the bundle, over every event."""
    parts = parts_of(life_events()[event], CATALOGUE)
    asked = slots(parts, answered(life_events()[event]))
    names = [slot.key for slot in asked]
    assert len(names) == len(set(names))
    assert len({paper.field.name for paper in papers_of(parts)}) == len(papers_of(parts))
    for slot in asked:
        meanings = {meaning_of(field) for part in slot.uses for field in part.entry.asks if field.name == slot.key}
        assert len(meanings) == 1, slot.key
    # What the event or the applicant said already is asked by no form.
    said_before = {"contact", "changed_on"} | ({"moved_out_on", "moved_on", "movers"} if event == "moving" else set())
    assert not said_before & set(names)


def test_a_bundle_asks_less_than_its_forms_one_by_one() -> None:
    counted = {one["event"]: one for one in figures(shipped())}
    assert {event: (one["questions_alone"], one["questions_in_bundle"]) for event, one in counted.items()} == {
        "moving": (71, 35), "birth": (42, 22), "marriage": (24, 11), "care": (24, 13), "death": (24, 10),
    }  # fmt: skip
    assert all(one["papers_in_bundle"] <= one["papers_alone"] for one in counted.values())


ROOTS = {
    "moving": ("move-out", "move-in", "move-within"), "birth": ("birth",), "marriage": ("marriage",),
    "care": ("care-certification",), "death": ("death",),
}  # fmt: skip
LEFT_OUT = {"pension-category": "it asks for the day on which somebody left an employer: a move is none"}


@pytest.mark.parametrize("event", list(ROOTS))
def test_what_follows_the_first_procedure_of_an_event_is_in_the_event_too(event: str) -> None:
    """What the catalogue says follows must not get lost."""
    mine = {rule.procedure for rule in life_events()[event].rules} | set(LEFT_OUT)
    for root in ROOTS[event]:
        follows = {one["id"] for one in CATALOGUE[root].content["follows"] if not one["is_ex_officio"]}
        assert follows - mine == set(), root
