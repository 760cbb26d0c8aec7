"""An act by machine: entered, shown, decided, cancelled, and refused with a reason (異動APIの試験)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.models import Draft, ResidentRecord
from municipal.residents.tests.acting import ACTS_ON, act, family, home_of, newcomer_said, newest, people_of
from municipal.residents.tests.acting import member as said_of

from .machines import ALL_ITEMS, VIEWING, Machine, chief, counter, registered, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _may() -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


@pytest.fixture
def household() -> list[ResidentRecord]:
    """Four people who live in the town."""
    with wall.within(TOWN):
        return people_of(act("move_in", people=family()))


@pytest.fixture
def resident() -> ResidentRecord:
    """Somebody who lives in the town alone."""
    with wall.within(TOWN):
        rows: list[ResidentRecord] = people_of(act("move_in", people=(newcomer_said(),)))
        return rows[0]


def refusals() -> list[str]:
    with wall.within(TOWN):
        return list(Entry.objects.filter(kind="refusal").order_by("seq").values_list("code", flat=True))


def test_an_act_is_entered_decided_and_cancelled() -> None:
    clerk, decider = counter(), chief()
    answer = clerk.post("events", sent("move_in", people=family()))
    draft = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/events/{draft['id']}")
    assert (draft["state"], draft["version"], draft["event"], draft["act_label"]) == ("waiting", 1, None, "転入")
    assert registered() == 0
    decided = decider.post(f"events/{draft['id']}/decide", {"version": 1})
    assert (decided.status_code, decided.json()["state"]) == (200, "decided")
    assert registered() == 4
    number = clerk.get("residents").json()["results"][0]["number"]
    cancelling = clerk.enter("cancellation", cancels=decided.json()["event"])
    assert decider.post(f"events/{cancelling['id']}/decide", {"version": 1}).status_code == 200
    first, second = clerk.get(f"residents/{number}/events").json()["results"]
    assert (first["act"], first["serials"], first["cancelled_by"]) == ("move_in", [1], second["id"])
    assert (second["act"], second["serials"], second["cancels"]) == ("cancellation", [2], first["id"])


def test_before_the_decision_nobody_else_sees_anything_of_it(household: list[ResidentRecord]) -> None:
    clerk, number = counter(), household[0].addressee.number
    paths = [f"residents/{number}", f"residents/{number}/history", f"residents/{number}/events", "residents"]
    before = [clerk.get(path).content for path in paths]
    clerk.enter("death", people=(said_of(household[3]),), basis="family_register")
    assert [clerk.get(path).content for path in paths] == before


def test_an_entry_shows_before_and_after_for_each_person(household: list[ResidentRecord]) -> None:
    clerk = counter()
    draft = clerk.enter("householder_change", people=(said_of(household[1]),))
    shown = clerk.get(f"events/{draft['id']}").json()
    said = {change["name"]: {one["item"]: one for one in change["items"]} for change in shown["changes"]}
    assert said["甲野　花子"]["relationship"] == {"item": "relationship", "before": "妻", "after": "世帯主"}
    assert said["甲野　太郎"]["relationship"] == {"item": "relationship", "before": "世帯主", "after": "夫"}
    assert {one["number"] for one in shown["changes"]} == {row.addressee.number for row in household}
    assert [(one["code"], one["is_confirmed"]) for one in shown["alerts"]] == [("relationships_rewritten", True)]
    assert shown["entered_by"] == "counter氏"


def test_a_household_that_is_still_to_be_formed_has_no_number(household: list[ResidentRecord]) -> None:
    clerk, decider = counter(), chief()
    draft = clerk.enter("household_split", people=(said_of(household[3], relationship="世帯主"),))
    before, after = household[0].household.number, None
    change = clerk.get(f"events/{draft['id']}").json()["changes"][0]
    assert (change["household_before"], change["household_after"]) == (before, after)
    decider.post(f"events/{draft['id']}/decide", {"version": 1})
    change = clerk.get(f"events/{draft['id']}").json()["changes"][0]
    assert change["household_before"] == before
    assert change["household_after"] not in (before, None)


def test_once_decided_it_shows_what_was_recorded(household: list[ResidentRecord]) -> None:
    clerk, decider = counter(), chief()
    draft = clerk.enter("householder_change", people=(said_of(household[1]),))
    waiting = clerk.get(f"events/{draft['id']}").json()["changes"]
    decider.post(f"events/{draft['id']}/decide", {"version": 1})
    recorded = clerk.get(f"events/{draft['id']}").json()["changes"]

    def relations(changes: Any) -> Any:
        return {
            change["number"]: [one for one in change["items"] if one["item"] == "relationship"] for change in changes
        }

    assert relations(recorded) == relations(waiting)


def test_an_entry_that_the_register_has_overtaken_says_why() -> None:
    clerk = counter()
    draft = clerk.enter("move_in", people=(newcomer_said(),))
    with wall.within(TOWN):
        act("move_in", people=(newcomer_said("乙川　次郎", serial=1),))
    problem = clerk.get(f"events/{draft['id']}").json()["problem"]
    assert problem["code"] == "already_registered"
    answer = chief().post(f"events/{draft['id']}/decide", {"version": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "already_registered")


def test_a_list_is_filtered_and_paged_the_oldest_first() -> None:
    clerk = counter()
    ids = [
        clerk.enter("move_in", people=(newcomer_said(serial=n, born_on=f"198{n}-04-01"),))["id"] for n in range(1, 6)
    ]
    first = clerk.get("events?limit=2").json()
    second = clerk.get(f"events?limit=2&cursor={first['next']}").json()
    third = clerk.get(f"events?limit=2&cursor={second['next']}").json()
    assert [row["id"] for page in (first, second, third) for row in page["results"]] == ids
    assert third["next"] is None
    assert first["results"][0]["people"] == [{"number": None, "name": "甲野　太郎"}]
    clerk.post(f"events/{ids[0]}/withdraw", {"version": 1})
    assert [row["id"] for row in clerk.get("events?act=move_in").json()["results"]] == ids[1:]
    assert [row["id"] for row in clerk.get("events?state=withdrawn").json()["results"]] == ids[:1]
    assert clerk.get("events?act=move_out").json()["results"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("events?state=lost", 422), ("events?act=flight", 422), ("events?cursor=x", 422), ("events?cursor=99999", 422),
        ("events?cursor=" + "9" * 15, 422), ("events?limit=0", 422), ("events?nonsense=1", 400),
        ("events?purpose=curiosity", 422), ("events/0", 404), ("events/99999999", 404), ("events/" + "9" * 30, 404),
        ("events/" + "9" * 5000, 404), ("events/x", 404), ("residents/0000000000/events", 404),
    ],
)  # fmt: skip
def test_bad_questions_get_one_clear_sentence(path: str, status: int) -> None:
    answer = counter().get(path)
    assert answer.status_code == status, answer.content[:300]
    assert answer.json()["messages"]["ja"].endswith("。")
    assert answer.json()["messages"]["en"].endswith(".")


def test_an_entry_is_returned_amended_and_decided() -> None:
    clerk, decider = counter(), chief()
    path = f"events/{clerk.enter('move_in', people=(newcomer_said(),))['id']}"
    returned = decider.post(f"{path}/return", {"version": 1, "because": "生年月日を確かめてください。"}).json()
    assert (returned["state"], returned["version"]) == ("returned", 2)
    assert clerk.get(path).json()["returned_because"] == "生年月日を確かめてください。"
    assert decider.post(f"{path}/decide", {"version": 2}).json()["code"] == "returned"
    better = sent("move_in", people=(newcomer_said(born_on="1985-04-02"),))
    amended = clerk.put(path, {"version": 2, "notice": better})
    assert (amended.status_code, amended.json()["state"], amended.json()["version"]) == (200, "waiting", 3)
    assert decider.post(f"{path}/decide", {"version": 2}).json()["code"] == "stale"
    assert decider.post(f"{path}/decide", {"version": 3}).status_code == 200
    with wall.within(TOWN):
        assert str(ResidentRecord.objects.get().born_on) == "1985-04-02"


@pytest.mark.parametrize(
    ("call", "body", "status", "code"),
    [
        ("post /decide", {"version": 9}, 409, "stale"),
        ("post /return", {"version": 9, "because": "理由"}, 409, "stale"),
        ("post /withdraw", {"version": 9}, 409, "stale"),
        ("post /decide", {}, 422, "invalid"),
        ("post /decide", {"version": "1"}, 422, "invalid"),
        ("post /decide", {"version": True}, 422, "invalid"),
        ("post /decide", {"version": 10**30}, 422, "invalid"),
        ("post /decide", {"version": 1, "force": True}, 400, "bad_request"),
        ("post /return", {"version": 1}, 422, "reason_missing"),
        ("post /return", {"version": 1, "because": "　"}, 422, "reason_missing"),
        ("post /return", {"version": 1, "because": ["理由"]}, 422, "reason_missing"),
        ("put ", {"version": 1}, 422, "invalid"),
        ("put ", {"version": 1, "notice": "move_in"}, 422, "invalid"),
        ("put ", {"version": 1, "notice": {"act": "move_out"}}, 422, "other_act"),
    ],
)
def test_what_cannot_be_done_with_an_entry_is_refused_and_recorded(
    call: str, body: Any, status: int, code: str
) -> None:
    clerk, decider = counter(), chief()
    draft = clerk.enter("move_in", people=(newcomer_said(),))["id"]
    method, _, step = call.partition(" ")
    answer = decider.send(method, f"events/{draft}{step}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()
    assert refusals() == [code]
    assert decider.get(f"events/{draft}").json()["version"] == 1


def test_whoever_entered_it_does_not_decide_it() -> None:
    decider = chief()
    draft = decider.enter("move_in", people=(newcomer_said(),))["id"]
    answer = decider.post(f"events/{draft}/decide", {"version": 1})
    assert (answer.status_code, answer.json()["code"]) == (403, "own_entry")
    assert registered() == 0


@pytest.mark.parametrize("step", ["decide", "return", "withdraw"])
def test_an_entry_that_ended_has_ended(step: str) -> None:
    clerk, decider = counter(), chief()
    draft = clerk.enter("move_in", people=(newcomer_said(),))["id"]
    clerk.post(f"events/{draft}/withdraw", {"version": 1})
    said = {"version": 1, "because": "理由"} if step == "return" else {"version": 1}
    answer = decider.post(f"events/{draft}/{step}", said)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_ended")


def test_an_alert_is_a_sentence_to_be_confirmed(household: list[ResidentRecord]) -> None:
    answer = counter().post("events", sent("death", people=(said_of(household[0]),), basis="family_register"))
    assert (answer.status_code, answer.json()["code"]) == (409, "unconfirmed:head_leaves")
    assert answer.json()["messages"]["en"].startswith("The head leaves")
    assert refusals() == ["unconfirmed:head_leaves"]
    with wall.within(TOWN):
        assert Draft.objects.filter(state="waiting").count() == 0


ENTER, DECIDE = "residents.enter", "residents.decide"
CALLS = [
    ("get", "events", None, (ENTER, DECIDE)),
    ("get", "events/{draft}", None, (ENTER, DECIDE)),
    ("post", "events", {"act": "move_in"}, (ENTER,)),
    ("put", "events/{draft}", {"version": 9, "notice": {"act": "move_in"}}, (ENTER,)),
    ("post", "events/{draft}/decide", {"version": 9}, (DECIDE,)),
    ("post", "events/{draft}/return", {"version": 9, "because": "理由"}, (DECIDE,)),
    ("post", "events/{draft}/withdraw", {"version": 9}, (ENTER,)),
    ("get", "residents/{number}/events", None, ("residents.history",)),
]


@pytest.mark.parametrize("held", [*VIEWING, "residents.enter", "residents.decide", "api.use"])
def test_each_call_is_open_to_exactly_those_who_hold_its_permission(held: str, resident: ResidentRecord) -> None:
    draft = counter().enter("move_in", people=(newcomer_said(serial=9, born_on="1999-01-01"),))["id"]
    caller = Machine("caller", held)
    for method, path, body, opening in CALLS:
        where = path.format(draft=draft, number=resident.addressee.number)
        answer = caller.get(where) if method == "get" else caller.send(method, where, body)
        assert (answer.status_code != 403) == (held in opening), (method, path, answer.content.decode())


def test_without_a_token_nothing_is_said() -> None:
    caller = Machine("caller", *ALL_ITEMS)
    caller.client = Client(raise_request_exception=False)
    for method, path, body, _ in CALLS:
        where = path.format(draft=1, number="0000000019")
        answer = caller.get(where) if method == "get" else caller.send(method, where, body)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_the_entries_of_another_town_are_not_there() -> None:
    draft = counter().enter("move_in", people=(newcomer_said(),))["id"]
    stranger = Machine("stranger", "residents.enter", "residents.decide", town=OTHER_TOWN)
    assert stranger.get("events").json()["results"] == []
    assert stranger.get(f"events/{draft}").status_code == 404
    for step in ("decide", "withdraw"):
        answer = stranger.post(f"events/{draft}/{step}", {"version": 1})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_whoever_is_shown_is_disclosed(household: list[ResidentRecord]) -> None:
    clerk = counter()
    mover = said_of(household[3], relationship="世帯主")
    draft = clerk.enter("move_within", people=(mover,), place={"city": "架空市", "block": "竹町"})["id"]
    clerk.get("events?purpose=internal")
    clerk.get(f"events/{draft}")
    clerk.get(f"residents/{household[0].addressee.number}/events")
    with wall.within(TOWN):
        shown = list(Entry.objects.filter(kind="disclosure").order_by("seq"))
    assert [(entry.subjects, entry.purpose) for entry in shown] == [
        ([household[3].addressee_id], "internal"),
        ([household[3].addressee_id], "counter"),
        ([household[0].addressee_id], "counter"),
    ]
    assert "address_block" in shown[1].fields


def test_a_household_with_an_open_entry_takes_no_second(household: list[ResidentRecord]) -> None:
    clerk = counter()
    clerk.enter("death", people=(said_of(household[3]),), basis="family_register")
    birth = newcomer_said("甲野　四郎", serial=7, relationship="子", born_on="2026-05-11")
    with wall.within(TOWN):
        number = home_of(newest(household[0])).number
    answer = clerk.post("events", sent("birth", people=(birth,), joins=number, basis="family_register"))
    assert (answer.status_code, answer.json()["code"]) == (409, "one_open_entry_for_a_household")
