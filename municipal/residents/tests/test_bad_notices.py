"""Bad notices: one sentence, the right status, nothing written, the refusal in the audit (悪い届書の試験)."""

from collections.abc import Iterator
from typing import Any

import pytest

from municipal.residents.acts import acts
from municipal.residents.acts.numbers import CAUSES

from . import bad_input_foreigners as foreign
from . import bad_input_numbers as numbers
from .bad_input import World, assert_refused, rows, said
from .bad_input_ex_officio import ENTRIES

V1 = "resident-record/1.0"
pytestmark = pytest.mark.django_db
EX_OFFICIO_DAYS = {"birth", "death", "disappearance"}
"""Acts whose day may be unknown or impossible, to agree with the family register (1.1.8)."""
UNKNOWN, IMPOSSIBLE = "2026-05-00/令和8年5月 日不詳", "2026-02-30"
NEWCOMERS = {"move_in", "move_in_by_card", "birth"} | ENTRIES | foreign.ENTRIES
Body = dict[str, Any]


@pytest.mark.walk
@pytest.mark.parametrize("name", list(acts))
def test_the_good_notice_of_each_act_is_entered(world: World, name: str) -> None:
    before, is_new = rows(), name in {"move_in", "move_in_by_card"} | ENTRIES | foreign.ENTRIES
    answer = world.clerk.post("events", said(world, name))
    assert answer.status_code == 201, answer.content.decode()
    assert {table for table, count in rows().items() if count != before[table]} == {
        "990019 residents_draft", "990019 residents_claim", "990019 office_keptanswer",
    } - ({"990019 residents_claim"} if is_new else set())  # fmt: skip


def bad_days(name: str) -> Iterator[tuple[Body, str]]:
    """What is wrong with the days of the act, and the code of the refusal."""
    yield {"event_on": None}, "event_day_missing"
    yield {"event_on": ""}, "event_day_missing"
    if name not in EX_OFFICIO_DAYS:
        yield {"event_on": UNKNOWN}, "event_day"
        yield {"event_on": IMPOSSIBLE}, "event_day"
        yield {"event_on": "0000-00-00/年月日不詳"}, "event_day"
    if not acts[name].may_be_ahead:
        yield {"event_on": "2026-05-21", "notified_on": "2026-05-20"}, "event_in_future"
        yield {"event_on": "9999-12-31", "notified_on": "2026-05-20"}, "event_in_future"
        yield {"notified_on": "2026-05-10"}, "notice_too_early"
        yield {"notified_on": "0001-01-01"}, "notice_too_early"
    yield {"notified_on": "2026-05-21"}, "notice_in_future"
    yield {"notified_on": "9999-12-31"}, "notice_in_future"


UNREADABLE = [
    "昨日",
    "2026-13-01",
    "0000-00-00",
    "9999-99-99",
    "-1",
    "2026-05-11\0",
    "\ud800",
    "x" * 99,
    5,
    True,
    [],
    {},
]


@pytest.mark.walk
@pytest.mark.clause(f"{V1}#4.0.3/m1", f"{V1}#4.0.3/m3", f"{V1}#4.1.0.2/m3", f"{V1}#1.1.8/m1")
@pytest.mark.parametrize("name", list(acts))
def test_days_that_the_standard_refuses(world: World, name: str) -> None:
    good = said(world, name)
    for change, code in bad_days(name):
        assert_refused(world, good | change, code, 422, change)


def read_before_the_act(name: str) -> Any:
    """Two acts, of known days and of doubtful ones, stand for all: the days are read before the act is looked at."""
    return name if name in ("move_in", "birth") else pytest.param(name, marks=pytest.mark.faults)


@pytest.mark.clause(f"{V1}#4.0.3/m1", f"{V1}#1.1.8/m1")
@pytest.mark.parametrize("name", [*map(read_before_the_act, acts)])
def test_days_that_nobody_can_read(world: World, name: str) -> None:
    good = said(world, name)
    for value in UNREADABLE:
        assert_refused(world, good | {"event_on": value}, "invalid", 422, value)
        assert_refused(world, good | {"notified_on": value or "x"}, "invalid", 422, value)


@pytest.mark.parametrize("name", sorted(EX_OFFICIO_DAYS))
@pytest.mark.parametrize("event_on", [UNKNOWN, "2026-00-00/令和8年 月日不詳"])
def test_births_and_deaths_take_unknown_days(world: World, name: str, event_on: str) -> None:
    body = said(world, name) | {"event_on": event_on}
    for one in body["people"]:
        one["items"] |= {"born_on": event_on} if name == "birth" else {}
    assert world.clerk.post("events", body).status_code == 201


@pytest.mark.parametrize("name", sorted(EX_OFFICIO_DAYS))
def test_births_and_deaths_take_days_that_no_calendar_has(world: World, name: str) -> None:
    body = said(world, name) | {"event_on": "2026-04-31"}
    for one in body["people"]:
        one["items"] |= {"born_on": "2026-04-31"} if name == "birth" else {}
    assert world.clerk.post("events", body).status_code == 201


@pytest.mark.walk
@pytest.mark.parametrize("name", [name for name in acts if name != "cancellation"])
def test_people_who_cannot_be_meant(world: World, name: str) -> None:
    good = said(world, name)
    first = good["people"][0]
    # An act on a number says it with the person; of any other, who is meant is asked before what is said of them.
    besides = {key: said for key, said in first.items() if name in numbers.ALONE} or {"items": {}}

    def people(*some: Body) -> Body:
        return good | {"people": list(some)}

    alone = {"correction_of_error"} | foreign.ALONE | numbers.ALONE
    is_one = name in {"householder_change"} | alone
    nobody = "one_head" if name == "householder_change" else "one_person" if name in alone else "nobody"
    assert_refused(world, people(), nobody, 422)
    assert_refused(world, people(*[first] * 31), "invalid", 422)
    assert_refused(world, people(first, first), nobody if is_one else "twice", 422)
    for number in ("0000000000", "x", "０００００００１９", "1" * 15, world.stranger):
        is_birth = name == "birth"
        code = "already_registered" if is_birth else "no_such_person"
        assert_refused(world, people(besides | {"number": number}), code, 422, number)
    assert_refused(world, people({"number": "1" * 16}), "too_long", 422)
    for who in () if name in NEWCOMERS | {"arrival_notice"} else (world.gone, world.dead):
        others = {"correction_of_error": "nothing_new", "disappearance_annulled": "not_missing"} | numbers.ASKED_FIRST
        code = others.get(name, "not_a_resident")
        assert_refused(world, people(besides | {"number": who.addressee.number}), code, 422, who)


RELATED = ("move_in", "move_in_by_card", "birth", "household_split", "household_merger", "household_transfer")
CORRECTED = ("correction_ex_officio", "minor_correction", "correction_of_error")
WORDS = [
    ("", "relationship_missing"),
    ("孫", "relationship_word"),
    ("長男", "relationship_word"),
    ("子の", "relationship_word"),
]
WORDS += [("子の子の子の子の子", "relationship_depth"), ("世帯主の子", "relationship_alone")]


@pytest.mark.walk
@pytest.mark.clause(f"{V1}#1.1.11/n1")
@pytest.mark.parametrize("name", [*RELATED, *CORRECTED])
def test_relationships_outside_the_grammar(world: World, name: str) -> None:
    good = said(world, name)
    for word, code in WORDS if name in RELATED else WORDS[1:]:
        good["people"][0]["items"]["relationship"] = word
        assert_refused(world, good, code, 422, word)


def _as_head(body: Body) -> Body:
    people = [{**one, "items": one["items"] | {"relationship": "世帯主"}} for one in body["people"]]
    return body | {"people": people}


@pytest.mark.clause(f"{V1}#4.0.2/m3")
def test_a_second_head(world: World) -> None:
    here = said(world, "household_merger")["joins"]
    for name in ("move_in", "move_in_by_card", "birth", "household_merger", "household_transfer"):
        body = _as_head(said(world, name))
        body["joins"] = body["joins"] or here
        assert_refused(world, body, "second_head", 422, name)
    two = said(world, "move_in")
    other = {"number": "", "items": said(world, "birth")["people"][0]["items"] | {"relationship": "世帯主"}}
    other["items"]["born_on"] = "1990-01-01"
    assert_refused(world, two | {"people": [*two["people"], other]}, "second_head", 422)
    change = said(world, "householder_change")
    change["others"] = [{"number": world.child.addressee.number, "items": {"relationship": "世帯主"}}]
    assert_refused(world, change, "second_head", 422)
    for name in CORRECTED[:2]:
        assert_refused(world, _as_head(said(world, name)), "use_head_change", 422, name)


HUGE, LONG = 10**30, "長" * 301
WRONG: list[tuple[str, list[Any]]] = [
    ("act", [None, 1, [], {}, True, "", "flight", "\0", LONG]),
    ("basis", [1, [], {}, True, "rumour", "\0"]),
    ("notifier_name", [1, [], {}, True, "\0", "\ud800", "\u202e", "甲\n野", LONG]),
    ("notifier_capacity", [1, [], {}, "neighbour"]),
    ("identity_check", [1, [], {}, "by_face"]),
    ("people", [1, "x", {"number": ""}, True, [1], ["x"], [[]], [None, {"name": "x"}]]),
    ("people", [[{"number": 19, "items": {}}], [{"number": "\0"}], [{"items": []}], [{"items": 1}], [{"items": "x"}]]),
    ("others", [1, "x", {"number": ""}, True, [1], [{"number": "", "items": [], "x": 1}]]),
    ("joins", [1, [], {}, True, "\0", "1" * 16]),
    ("place", [1, "x", [], True, {"city": 1}, {"city": "\0"}, {"city": LONG}, {"moon": "x"}, {"\0": ""}]),
    ("came_from", [1, "x", [], True, {"city": None, "x": ""}, {"city": {}}]),
    ("planned_on", [1, [], {}, True, "x", "2026-02-30", "\0", "\ud800"]),
    ("cancels", ["x", [], {}, True, -1, 0, 1.5, HUGE, 2**63]),
    ("corrects", ["x", [], {}, True, -1, 0, 1.5, HUGE, 2**63]),
    ("confirmed", [1, "x", {}, True, [1], [{}], ["\0"], ["\ud800"], ["x" * 61], ["x"] * 31]),
]
ITEMS: list[tuple[str, list[Any]]] = [
    ("name", [1, 1.5, [], {}, True, "\0", "\ud800", "\u202e", "甲\n野", LONG]),
    ("sex", [1, "3", [], {}, True]),
    ("born_on", [1, [], {}, True, "2000-13-01", "x", "\0"]),
    ("member_order", ["x", [], {}, True, 1.5, -1, HUGE, "9" * 5000]),
    ("is_voter", [2, "x", [], {}]),
    ("alias_entered_on", [1, [], {}, True, "2026-02-30", "x"]),
    ("resident_code", [1, "1234567890", "12345678901", "９９９００００００２", "\0"]),
    ("kind", [1, "3", None, []]),
]
UNSAYABLE = [
    "id",
    "serial",
    "status",
    "household_id",
    "event_id",
    "recorded_at",
    "addressee_id",
    "municipality_id",
    "",
    "x\0",
]
UNSAYABLE += ["reason", "event_on", "notified_on", "notice_on", "applied_on", "processed_on"]


def _refused_somehow(world: World, body: Body, label: object) -> None:
    """One of the refusals for input; which one is said by the tests above."""
    before = rows()
    answer = world.clerk.post("events", body)
    assert answer.status_code in (400, 422), (label, answer.status_code, answer.content.decode())
    assert rows() == before, label
    assert answer.json()["field"], label
    assert answer.json()["messages"]["en"].endswith("."), label


def test_wrong_types_and_values_of_every_field(world: World) -> None:
    good = said(world, "move_in")
    for name, values in WRONG:
        for value in values:
            _refused_somehow(world, good | {name: value}, (name, value))
    assert_refused(world, good | {"colour": "red"}, "bad_request", 400)


def test_wrong_types_and_values_of_items(world: World) -> None:
    for name, values in [*ITEMS, *((name, ["1"]) for name in UNSAYABLE)]:
        for value in values:
            body = said(world, "move_in")
            body["people"][0]["items"][name] = value
            _refused_somehow(world, body, (name, value))


@pytest.mark.parametrize("name", sorted(CAUSES))
def test_individual_numbers_that_nobody_can_read(world: World, name: str) -> None:
    for value in numbers.UNREADABLE:
        body = said(world, name)
        body["people"][0]["individual_number"] = value
        _refused_somehow(world, body, (name, value))
