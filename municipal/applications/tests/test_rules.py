"""What holds of answers, steps, keys and attachments (申請の規則の試験)."""

from io import BytesIO

import pytest
from PIL import Image

from municipal.applications.keys import code_digest, code_of, new_token, token_digest
from municipal.applications.rules.answers import asked, faulty, pruned, said
from municipal.applications.rules.attachments import LARGEST, kind_of, name_of
from municipal.applications.rules.steps import final_states, from_here, is_over, moves, outward, step_of, steps
from municipal.core.refusals import Refused
from municipal.procedures.catalogue import Condition, Entry, Field, Text, by_id, shipped

from .filling import picture

FEW = Text("問", "とい", "Question", "질문")


def entry(code: str) -> Entry:
    return by_id(shipped())[code]


def question(name: str, kind: str = "text", *, when: Condition | None = None, fields: tuple[Field, ...] = ()) -> Field:
    return Field(name, kind, FEW, None, True, "what", condition=when, fields=fields)


def test_a_question_is_asked_only_after_the_answer_that_leads_to_it() -> None:
    fields = [question("works", "yes_no"), question("where", when=Condition("works", ("yes",)))]
    assert [one.name for one in asked(fields, {})] == ["works"]
    assert [one.name for one in asked(fields, {"works": False})] == ["works"]
    assert [one.name for one in asked(fields, {"works": True})] == ["works", "where"]
    # The number one is no yes, though Python holds the two for equal.
    assert [one.name for one in asked(fields, {"works": 1})] == ["works"]


def test_one_of_several_ticks_is_enough_to_ask() -> None:
    fields = [question("taxes", "choices"), question("plate", when=Condition("taxes", ("vehicle",)))]
    assert len(asked(fields, {"taxes": ["resident"]})) == 1
    assert len(asked(fields, {"taxes": ["resident", "vehicle"]})) == 2


def test_answers_to_what_is_not_asked_any_more_are_dropped_down_the_chain_and_in_rows() -> None:
    inner = (question("lives", "choice"), question("who", when=Condition("lives", ("apart",))))
    fields = [
        question("a", "yes_no"), question("b", "yes_no", when=Condition("a", ("yes",))),
        question("c", when=Condition("b", ("yes",))), question("rows", "group", fields=inner),
    ]  # fmt: skip
    kept = pruned(fields, {"a": False, "b": True, "c": "x", "rows": [{"lives": "here", "who": "y"}], "z": 1})
    assert kept == {"a": False, "rows": [{"lives": "here"}]}


def test_what_is_missing_and_what_was_never_asked_are_named() -> None:
    status = entry("nursery-status")
    assert faulty(status, {}) == ["is_unchanged"]
    assert faulty(status, {"is_unchanged": False}) == ["change"]
    assert faulty(status, {"is_unchanged": True, "change": "job"}) == ["change"]
    assert faulty(status, {"is_unchanged": True}) == []
    assert faulty(status, {"is_unchanged": True, "note": "<script>"}) == ["note"]
    assert faulty(status, {"is_unchanged": "はい"}) == ["is_unchanged"]
    assert faulty(entry("pension-category"), {"left_on": "2026-02-30"}) == ["left_on"]


def test_answers_are_read_in_the_words_of_their_language() -> None:
    unchanged = entry("nursery-status").asks[0]
    assert said(unchanged, True, {}, "ja") == ["はい"]
    assert said(unchanged, False, {}, "ko") == ["아니요"]
    people = {"baby-0": {"name": "甲野　花", "born_on": "2026-11-01"}}
    assert said(question("baby", "people"), ["baby-0"], people, "ja") == ["甲野　花　令和8年11月1日生"]
    assert said(question("n", "number"), 1234567, {}, "ja") == ["1,234,567"]
    assert said(question("d", "date"), None, {}, "ja") == []


def test_every_state_is_told_to_the_applicant_and_reaches_an_end() -> None:
    for workflow in {one.workflow for one in steps()}:
        states = {one.state for one in steps() if one.workflow == workflow}
        states |= {one.to for one in steps() if one.workflow == workflow}
        assert {(workflow, state) for state in states} <= set(outward())
        for state in states:
            reached, front = {state}, {state}
            while front:
                front = {one.to for state in front for one in from_here(workflow, state)} - reached
                reached |= front
            assert any(is_over(workflow, one) for one in reached), (workflow, state)
            assert is_over(workflow, state) == (state in final_states())


def test_a_step_that_the_table_does_not_have_is_none() -> None:
    assert step_of("standard", "submitted", "approve") is None
    assert step_of("nowhere", "submitted", "accept") is None
    assert "standard:submitted:approved" not in moves()
    assert not any(":draft:" in one for one in moves())


def test_the_code_of_a_case_is_the_same_each_time_and_is_read_leniently() -> None:
    token = new_token()
    code = code_of(token)
    assert code == code_of(token)
    assert code != code_of(new_token())
    assert len(code.replace("-", "")) == 12
    assert code_digest(code) == code_digest(f" {code.lower().replace('-', ' ')} ")
    assert code_digest(code) != token_digest(token)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "attachment_empty"),
        (b"x" * (LARGEST + 1), "attachment_too_large"),
        (b"MZ\x90\x00 a program", "attachment_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "attachment_kind"),
        (b"GIF89a\x01\x00\x01\x00", "attachment_kind"),
        (b"\xff\xd8\xff\xe0 half a picture", "attachment_broken"),
        (picture(64)[:-40], "attachment_broken"),
        (b"%PDF-1.7 cut off", "attachment_broken"),
        (b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (x) >> %%EOF", "attachment_active"),
        (b"%PDF-1.7 /Encrypt 5 0 R %%EOF", "attachment_active"),
    ],
)
def test_hostile_and_broken_files_are_refused_with_one_sentence(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        kind_of(content)
    assert refused.value.code == code


def test_a_picture_of_too_many_points_is_refused_before_it_fills_the_memory() -> None:
    file = BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    with pytest.raises(Refused) as refused:
        kind_of(file.getvalue())
    assert refused.value.code == "attachment_too_large"


def test_sound_files_are_known_by_their_content_whatever_they_are_called() -> None:
    assert kind_of(picture()) == "PNG"
    assert kind_of(b"%PDF-1.4\n1 0 obj <<>> endobj\n%%EOF\n") == "PDF"
    assert name_of("../../etc/写真<1>.exe", "PNG") == "写真1.png"
    assert name_of("", "PDF") == "file.pdf"
    assert name_of("C:\\Users\\x\\証明 書.PDF", "PDF") == "証明 書.pdf"
