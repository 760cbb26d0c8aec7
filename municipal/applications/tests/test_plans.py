"""From answers to procedures with reason, day and order (手続の計画の試験; issue 7, section 1)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import pypdfium2
import pytest

from municipal.applications.bundling.events import life_events
from municipal.applications.bundling.paper import write_plan
from municipal.applications.bundling.parts import Known, Part, slots
from municipal.applications.bundling.planning import Item, Plan, highest, plan
from municipal.applications.bundling.questions import Given, given
from municipal.applications.bundling.sharing import babies, shared_out
from municipal.applications.rules.answers import faulty
from municipal.core import clock
from municipal.procedures.catalogue import Entry, by_id, entry_of, shipped

NOON = datetime(2026, 11, 29, 12, tzinfo=clock.TOKYO)
CATALOGUE = by_id(shipped())
OUT = {"way": "out", "on": "2026-12-20", "has_national_health_insurance": "yes", "has_child": "no", "has_pupil": "no",
       "has_seal": "yes", "uses_water": "no", "has_moped": "no", "has_car": "no"}  # fmt: skip
BORN = {"stage": "born", "on": "2026-11-25", "babies_born": "2", "has_child_allowance": "no", "is_public_servant": "no",
        "baby_joins_nhi": "yes", "wants_nursery": "no"}  # fmt: skip
DEAD = {"on": "2024-02-29", "learned_on": "2024-02-29", "insurance": "nhi", "was_head_of_household": "yes",
        "has_care_insurance": "yes", "has_child_allowance": "no", "has_pension": "yes", "has_seal": "no",
        "has_property": "yes", "has_estate": "no", "has_debts": "yes", "had_water_contract": "no", "has_dog": "no",
        "has_car": "no"}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with clock.stopped_at(NOON):
        yield


def said(event: str, answers: Mapping[str, str], **changes: str) -> Given:
    return given(life_events()[event], {name: [text] for name, text in {**answers, **changes}.items()}, None)


def planned(event: str, answers: Mapping[str, str], **changes: str) -> Plan:
    found = said(event, answers, **changes)
    assert (found.open, found.wrong) == ((), {})
    return plan(life_events()[event], found, shipped())


def item(found: Plan, procedure: str) -> Item:
    return next(one for one in found.items if one.entry.id == procedure)


@pytest.mark.parametrize(
    "typed", ["2028-01-01", "9999-12-31", "1868-01-01", "2026-02-30", "x", "\0", "１", "99999-1-1"]
)
def test_a_day_that_is_none_or_too_far_is_one_clear_sentence(typed: str) -> None:
    found = said("moving", OUT, on=typed)
    assert "on" in found.wrong
    assert [one.id for one in found.open] == ["on"]


def test_a_birth_or_death_of_tomorrow_is_refused() -> None:
    tomorrow = (NOON.date() + timedelta(days=1)).isoformat()
    assert said("birth", BORN, on=tomorrow).wrong["on"].code == "too_far"
    assert said("death", DEAD, on=tomorrow).wrong["on"].code == "too_far"
    assert not said("birth", BORN, on=NOON.date().isoformat()).wrong


def test_answers_that_are_none_and_questions_that_nobody_asks_count_for_nothing() -> None:
    found = said("moving", OUT, way="sideways", no_such_question="yes")
    assert "way" in found.wrong
    assert "no_such_question" not in found.values
    found = said("moving", OUT, has_child_allowance="yes")
    assert "has_child_allowance" not in found.values, "nobody without a child is asked"


def test_what_comes_first_stands_first_and_every_item_has_a_reason() -> None:
    found = planned("moving", OUT)
    order = [one.entry.id for one in found.items]
    for one in found.items:
        assert one.reasons
        assert all(order.index(first) < order.index(one.entry.id) for first in one.after)
    reasons = item(found, "nhi-loss").reasons
    assert [(one.source, one.about.ja, one.answer and one.answer.ja) for one in reasons][1] == (
        "answer", "国民健康保険", "はい"
    )  # fmt: skip


def test_procedures_that_wait_for_each_other_raise_and_never_hang() -> None:
    circle = [
        replace(entry, after=("nhi-loss",)) if entry.id == "move-out" else entry for entry in shipped()
    ]  # fmt: skip
    with pytest.raises(ValueError, match="move-out"):
        plan(life_events()["moving"], said("moving", OUT), circle)


def test_what_the_town_does_not_offer_is_left_out() -> None:
    fewer = [entry for entry in shipped() if entry.id != "nhi-loss"]
    assert "nhi-loss" not in plan(life_events()["moving"], said("moving", OUT), fewer).ids()


def test_deadlines_are_days_of_the_law() -> None:
    """Moving out: ten days after; insurance: fourteen, and 3 January is closed (地方自治法 article 4-2)."""
    found = planned("moving", OUT)
    assert item(found, "move-out").due == date(2026, 12, 30)
    assert item(found, "nhi-loss").due == date(2027, 1, 4)


def test_a_death_on_29_february_counts_by_the_calendar() -> None:
    """Three months from 1 March end on 31 May; thirty-six months on 28 February, a Sunday, so 1 March (民法143条)."""
    found = planned("death", DEAD)
    assert item(found, "inheritance-renunciation").due == date(2024, 5, 31)
    assert item(found, "inheritance-registration").due == date(2027, 3, 1)
    assert item(found, "death").due == date(2024, 3, 6), "the day one learns of it counts (戸籍法43条)"


def test_a_far_past_counts_too_and_a_day_beyond_the_calendar_has_no_date() -> None:
    assert item(planned("birth", BORN, on="1927-01-01"), "birth").due == date(1927, 1, 14)
    from municipal.applications.bundling.planning import _due

    assert _due(CATALOGUE["inheritance-registration"], date(9998, 1, 1)) is None


def test_who_does_not_know_is_told_what_may_apply() -> None:
    found = planned("moving", OUT, has_national_health_insurance="unknown", has_seal="unknown")
    assert not item(found, "nhi-loss").is_certain
    assert not item(found, "seal-cancel").is_certain
    assert "seal-cancel" not in planned("moving", OUT, has_seal="no").ids()


def test_what_happens_by_itself_and_what_others_do_are_named_and_not_handed_in() -> None:
    found = planned("death", DEAD)
    assert {"death-record", "care-end"} <= {one.entry.id for one in found.of_kind("ex_officio")}
    assert "pension-unpaid" in {one.entry.id for one in found.of_kind("elsewhere")}
    assert all(one.entry.elsewhere for one in found.of_kind("elsewhere"))
    assert "seal-cancel" not in found.ids(), "the deceased had none"


def test_the_strictest_procedure_decides_the_assurance() -> None:
    assert highest([CATALOGUE["water-stop"]]) == "none"
    assert highest([CATALOGUE["water-stop"], CATALOGUE["move-within"]]) == "card"
    assert highest([CATALOGUE["move-within"], CATALOGUE["nhi-loss"]]) == "signature"
    assert highest([]) == "none"


def twins() -> tuple[list[Part], Known, dict[str, object]]:
    found = planned("birth", BORN)
    parts: list[Part] = []
    for one in found.of_kind("online"):
        assert one.rule is not None
        parts += [
            Part(len(parts) + copy, one.entry, one.rule, copy, one.copies) for copy in range(1, one.copies + 1)
        ]  # fmt: skip
    answers: dict[str, object] = {
        "child": [{"given_name": "一", "given_name_kana": "ハジメ", "sex": "male"}],
        "child_2": [{"given_name": "二葉", "given_name_kana": "フタバ", "sex": "female"}],
        "birth": [{"born_at": "10時", "place": "見本病院"}], "birth_2": [{"born_at": "11時", "place": "見本病院"}],
        "parents": ["m1", "m2"], "notifier": "father", "claimant": "m1", "guardian": "m1",
        "spouse": [{"lives": "here"}], "lives_apart": False, "account": {"registered": True},
        "wants_direct_debit": False, "method": "direct", "weight": 2500, "weight_2": 2400,
    }  # fmt: skip
    born = babies(parts, answers, found.given.values)
    people = {"m1": {"name": "甲野　一郎"}, "m2": {"name": "甲野　花子"}} | born
    return parts, Known(found.given.values, "000-0000", people, tuple(born)), answers


def test_twins_are_two_notices_of_birth_with_what_is_theirs_asked_twice_and_the_rest_once() -> None:
    parts, known, _answers = twins()
    assert [part.entry.id for part in parts].count("birth") == 2
    asked = [slot.key for slot in slots(parts, known)]
    assert {"child", "child_2", "birth", "birth_2", "weight", "weight_2"} <= set(asked)
    assert len(asked) == len(set(asked))
    assert asked.count("parents") == asked.count("account") == 1
    assert "parents_2" not in asked
    assert "baby" not in asked


def test_every_form_of_the_twins_is_complete_and_says_who_is_who() -> None:
    """What was said once is in each form as its own schema wants it."""
    parts, known, answers = twins()
    chosen = [part.entry.id for part in parts]
    said_by: dict[tuple[str, int], dict[str, object]] = {}
    for part in parts:
        whole, people = shared_out(part, answers, known, chosen)
        assert faulty(part.entry, whole) == [], (part.entry.id, whole)
        assert set(people) <= set(known.people)
        said_by[part.entry.id, part.copy] = whole
    assert said_by["birth", 2]["child"] == answers["child_2"]
    assert said_by["birth", 1]["birth"] == [{"born_on": "2026-11-25", "born_at": "10時", "place": "見本病院"}]
    assert said_by["birth-contact", 2]["baby"] == ["baby2"]
    assert said_by["birth-contact", 1]["contact"] == "000-0000"
    assert said_by["nhi-join", 1]["joining"] == [
        {"member": ["baby1"], "cause": "born"}, {"member": ["baby2"], "cause": "born"},
    ]  # fmt: skip


def test_people_nobody_named_and_answers_of_a_wrong_form_get_into_no_application() -> None:
    parts, known, answers = twins()
    hostile = {**answers, "parents": ["somebody", {"x": 1}], "claimant": ["m1", []], "child": "x", "account": None}
    for part in parts:
        whole, people = shared_out(part, hostile, known, [])
        assert "somebody" not in str(whole)
        assert set(people) <= set(known.people)


def test_an_entry_that_a_town_rewrote_is_planned_as_it_is_now() -> None:
    """A town's own version may drop the deadline."""
    own: Entry = entry_of({**CATALOGUE["move-out"].content, "deadline": None})
    found = plan(life_events()["moving"], said("moving", OUT), [own])
    assert [one.entry.id for one in found.items] == ["move-out"]
    assert found.items[0].due is None


@pytest.mark.usefixtures("town")
def test_the_guide_sheet_marks_what_nobody_has_read_in_the_law() -> None:
    file = BytesIO()
    write_plan(file, planned("moving", OUT), "ja")
    page = pypdfium2.PdfDocument(file.getvalue())[0].get_textpage().get_text_range()
    assert "令和9年1月4日（未確認）" in page, "the period of the insurance"
    assert "令和8年12月30日（" not in page, "that of the move was read"
