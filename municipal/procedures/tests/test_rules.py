"""What the catalogue refuses, and that it says where (手続カタログの点検の試験)."""

import copy
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.procedures.catalogue import entry_of, table, written
from municipal.procedures.rules import among, circle_of, faults_of, parsed, read, read_texts

from .sample import choice, field, proof, said, sample


def keys(content: Any) -> list[str]:
    return [fault.key for fault in faults_of(content)]


def plain(name: str) -> dict[str, Any]:
    """A question inside a group."""
    return {key: value for key, value in field(name).items() if key not in ("fields", "page")}


def when(name: str, *answers: str) -> dict[str, Any]:
    """A question under a condition."""
    return field() | {"if": {"field": name, "is": list(answers)}}


def sentences(content: Any) -> list[str]:
    return [fault.sentence % {"value": fault.value} for fault in faults_of(content)]


def test_the_sample_is_sound() -> None:
    assert faults_of(sample(), "move-out.json") == []
    entry = entry_of(sample())
    assert (entry.id, entry.title.said("ko"), entry.title.said("fr")) == ("move-out", "転出届 (ko)", "転出届")
    assert (entry.is_complete_online, entry.deadline and entry.deadline.days) == (True, 14)


@pytest.mark.parametrize("name", list(sample()))
def test_every_key_is_needed(name: str) -> None:
    content = sample()
    del content[name]
    assert sentences(content)[0] == f"項目「{name}」がありません。"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"id": "Move Out"}, "id"), ({"id": 3}, "id"), ({"version": -1}, "version"), ({"version": True}, "version"),
        ({"version": 1.5}, "version"), ({"kind": "maybe"}, "kind"), ({"kind": None}, "kind"),
        ({"title": "転出届"}, "title"), ({"title": said("x") | {"ko": ""}}, "title.ko"),
        ({"title": said("x") | {"fr": "x"}}, "title"), ({"title": said("x") | {"en": " x"}}, "title.en"),
        ({"summary": said("x" * 1001)}, "summary.ja"), ({"title": said("a\nb")}, "title.ja"),
        ({"who": said("a\x00b")}, "who.ko"), ({"desk": said("\ud800")}, "desk.en"),
        ({"events": ["party"]}, "events[0]"), ({"events": []}, "events"),
        ({"events": "moving"}, "events"), ({"workflow": "whatever"}, "workflow"),
        ({"decision": {"does": "delete:all", "people": 1}}, "decision.does"),
        ({"decision": {"does": "letter", "people": 3}}, "decision.people"),
        ({"decision": {"does": "letter", "people": True}}, "decision.people"),
        ({"decision": None}, "decision"), ({"retention": None}, "decision"), ({"basis": []}, "basis"),
        ({"delivery": ["pigeon"]}, "delivery[0]"), ({"inventory": [{"id": "1"}]}, "inventory[0]"),
        ({"assurance": {"level": "counter", "reason": {"ja": "a", "en": "a"}}}, "assurance.level"),
        ({"elsewhere": {"where": said("x"), "why": said("x")}}, "elsewhere"), ({"kind": "elsewhere"}, "elsewhere"),
        ({"pages": [{"id": "other", "title": said("x")}]}, "asks[0].page"),
        ({"asks": []}, "pages"), ({"asks": [field(), field()]}, "asks"),
        ({"asks": [field("name")]}, "asks"), ({"asks": [field(type_="choice")]}, "asks[0].options"),
        ({"asks": [choice("x", "a", "a")]}, "asks[0].options"), ({"asks": [field(type_="group")]}, "asks[0].fields"),
        ({"asks": [field(fields=[field("inner") | {"fields": None}])]}, "asks[0].fields[0]"),
        ({"asks": [field(fields=[plain("inner")])]}, "asks[0].fields"),
        ({"asks": [field(type_="group", fields=[plain("inner"), plain("inner")])]}, "asks[0].fields"),
        ({"asks": [when("later", "a")]}, "asks[0].if"),
        ({"asks": [choice("x", "a", "b"), when("x", "c")]}, "asks[1].if"),
        ({"asks": [choice("x", "a", "b"), when("x")]}, "asks[1].if"),
        ({"asks": [when("moved_on", "a")]}, "asks[0].if"),
        ({"evidence": [proof(obtained="linkage")]}, "evidence[0].fallback"),
        ({"evidence": [proof(), proof()]}, "evidence"),
        ({"evidence": [proof(obtained="heaven")]}, "evidence[0].obtained"),
        ({"who": said("x") | {"ja-easy": "第24条の人です"}}, "who.ja-easy"),
        ({"follows": [{"id": "x"}]}, "follows[0]"), ({"after": ["X"]}, "after[0]"), ({"more": 1}, ""),
    ],
)  # fmt: skip
def test_a_fault_is_found_at_its_key(change: dict[str, Any], key: str) -> None:
    assert key in keys(sample(**change))


@pytest.mark.parametrize(("days", "months"), [(0, 0), (14, 1)])
def test_a_deadline_counts_days_or_months(days: int, months: int) -> None:
    assert keys(sample(deadline=sample()["deadline"] | {"days": days, "months": months})) == ["deadline"]


@pytest.mark.parametrize("count", [2, 9])
def test_people_say_it_in_three_to_eight_ways(count: int) -> None:
    assert "words.ko" in keys(sample(words=sample()["words"] | {"ko": [f"x{one}" for one in range(count)]}))


def test_keys_stand_in_their_order() -> None:
    content = {"version": 1} | sample()
    assert sentences(content) == ["項目は決められた順に並べてください。「version」の位置が違います。"]


def test_the_file_is_named_after_the_procedure() -> None:
    assert [str(one) for one in faults_of(sample(), "other.json")] == [
        "other.json id: ファイル名は「move-out.json」にしてください。"
    ]


@pytest.mark.parametrize("content", [None, [], "x", 3, {}, {"id": None}])
def test_what_is_no_entry_is_a_fault_and_no_crash(content: Any) -> None:
    assert faults_of(content)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(
    inner, max_size=3) | st.dictionaries(st.sampled_from(["ja", "id", "if", "fields", "x"]), inner, max_size=3),
    max_leaves=8)  # fmt: skip


@given(st.sampled_from(sorted(sample())), JSON)
def test_whatever_stands_at_a_key_is_judged_without_a_crash(name: str, value: Any) -> None:
    faults = faults_of(sample(**{name: value}))
    assert faults or entry_of(sample(**{name: value})).id


@pytest.mark.parametrize(
    ("data", "said_"),
    [
        (b"{\n", "JSONとして読めません。2行目を確かめてください。"), (b"\xff\xfe", "文字コードはUTF-8"),
        (b'{"id": 1, "id": 2}', "項目「id」が2回あります。"), (b"[" * 100_000, "JSONとして読めません"),
        (b"", "1行目"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_json_is_said_to_be_so(data: bytes, said_: str) -> None:
    content, faults = parsed(data, "x.json")
    assert (content, len(faults)) == (None, 1)
    assert said_ in str(faults[0])


def test_a_faulty_file_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "move-out.json").write_text(written(sample()), encoding="utf-8")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    entries, faults = read(tmp_path)
    assert ([entry.id for entry in entries], [fault.file for fault in faults]) == (["move-out"], ["bad.json"])


def another(name: str, **changes: Any) -> Any:
    return entry_of(sample(id=name, **changes))


def test_links_lead_somewhere_and_not_back() -> None:
    follows = [{"id": "b", "if": "", "is_ex_officio": False}, {"id": "a", "if": "", "is_ex_officio": True}]
    faults = among([another("a", follows=follows), another("c", after=["d"])])
    assert [(fault.file, fault.key, fault.value) for fault in faults] == [
        ("a.json", "follows", "b"), ("a.json", "follows", ""), ("c.json", "after", "d"),
    ]  # fmt: skip


def test_two_procedures_do_not_share_an_id() -> None:
    assert [fault.key for fault in among([another("a"), another("a")])] == ["id"]


def test_what_must_come_first_never_goes_round() -> None:
    faults = among([another("a", after=["b"]), another("b", after=["c"]), another("c", after=["a"])])
    assert [fault.value for fault in faults] == ["a → b → c → a"]
    assert among([another("a", after=["b", "c"]), another("b", after=["c"]), another("c")]) == []


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3), max_size=6))
def test_a_circle_is_found_exactly_where_there_is_one(edges: dict[str, list[str]]) -> None:
    found = circle_of(edges)
    left = {node: {one for one in others if one in edges} for node, others in edges.items()}
    while free := [node for node, others in left.items() if not others]:
        left = {node: others - set(free) for node, others in left.items() if node not in free}
    assert bool(found) == bool(left)
    assert all(other in edges[one] for one, other in pairwise(found))


def test_the_same_content_is_written_the_same_and_read_back() -> None:
    content = sample()
    assert json.loads(written(content)) == content
    entries, faults = read_texts({"move-out.json": written(copy.deepcopy(content)).encode()})
    assert (faults, entries[0].content) == ([], content)


WORKFLOWS = sorted({row["workflow"] for row in table("workflows")})


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_state_of_a_workflow_is_reached_and_comes_to_an_end(workflow: str) -> None:
    rows = [row for row in table("workflows") if row["workflow"] == workflow]
    states, ends = {row["state"] for row in rows}, {row["state"] for row in rows if not row["action"]}
    edges = [(row["state"], row["to"]) for row in rows if row["action"]]
    assert {to for _state, to in edges} <= states
    reached, ending = {"draft"}, set(ends)
    for _round in states:
        reached |= {to for state, to in edges if state in reached}
        ending |= {state for state, to in edges if to in ending}
    assert reached == states
    assert ending == states
    assert not {state for state, _to in edges} & ends
    assert len({(row["state"], row["action"]) for row in rows}) == len(rows)


def test_every_state_is_told_in_words_of_four_languages_and_a_send_back_has_a_reason() -> None:
    outward = {row["outward"]: row for row in table("outward")}
    rows = table("workflows")
    assert {row["outward"] for row in rows} == set(outward)
    assert all(row[name] for row in outward.values() for name in ("ja", "ja_easy", "en", "ko"))
    named = ("label_ja", "label_ja_easy", "label_en", "label_ko")
    assert [row for row in rows if row["action"] and not all(row[name] for name in named)] == []
    assert {row["needs_reason"] for row in rows if row["action"] in ("send_back", "reject", "refuse_form")} == {"yes"}
