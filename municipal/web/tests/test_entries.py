"""Every act from its form to the decision and its cancellation (異動の入力画面の試験)."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client

from conftest import TOWN
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.residents.models import Draft
from municipal.residents.operations import change_settings

from .entering import EVENT_ON, decided, entered, family, fields, moved_in, newest, opened, sent, signed_in, text

NOW = datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)


@pytest.fixture
def clerk(two_towns: str) -> Iterator[Client]:
    with clock.stopped_at(NOW):
        yield signed_in("counter")


@pytest.fixture
def chief(clerk: Client) -> Client:
    return signed_in("chief")


def test_four_people_move_in_from_form_to_decision(clerk: Client, chief: Client) -> None:
    numbers = moved_in(clerk, chief)
    rows = [newest(one) for one in numbers]
    assert [row.relationship for row in rows] == ["世帯主", "妻", "子", "子"]
    assert {row.head_name for row in rows} == {"転入　太郎"}
    assert {row.address_municipality_code for row in rows} == {"990019"}
    assert "松町" in text(clerk.get(f"/residents/{numbers[0]}"))


def test_the_day_of_the_event_is_empty_and_the_day_of_the_notice_is_today(clerk: Client) -> None:
    said = fields(clerk.get("/entries/move_in"))
    assert said["event_on"] == [""]
    assert said["notified_on"] == ["R8.11.25"]


def test_a_death_is_entered_decided_and_cancelled(clerk: Client, chief: Client) -> None:
    numbers = moved_in(clerk, chief)
    shown = opened(clerk, "death", person=numbers[1])
    assert fields(shown)["movers"] == [numbers[1]]
    decided(chief, entered(clerk, shown, event_on="R8.11.20"))
    assert newest(numbers[1]).status == "3"
    history = clerk.get(f"/residents/{numbers[1]}/history")
    assert "この異動を取り消す" in text(history)
    event = newest(numbers[1]).event
    assert event is not None
    shown = opened(clerk, "cancellation", person=numbers[1], cancels=event.pk)
    assert "取り消す異動" in text(shown)
    decided(chief, entered(clerk, shown, event_on="R8.11.24"))
    assert newest(numbers[1]).status == "1"
    assert "取消済み" in text(clerk.get(f"/residents/{numbers[1]}/history"))


def test_what_is_refused_keeps_what_was_typed_and_says_so_beside_the_field(clerk: Client) -> None:
    shown, said = family(clerk)
    answer = sent(clerk, shown, "check", **{**said, "event_on": "R8.12.24"})
    assert answer.status_code == 422
    assert "異動日に先の日は入力できません" in text(answer)
    assert fields(answer)["people-0-given_name"] == ["太郎"]
    assert 'href="#id_event_on"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"event_on": ""}, "event_on"),
        ({"event_on": "きのう"}, "event_on"),
        ({"place-block": ""}, "place-block"),
        ({"people-1-resident_code": "12345678901"}, "people-1-resident_code"),
        ({"people-2-born_on": ""}, "people-2-born_on"),
        ({"people-3-relationship": ""}, "people-3-relationship"),
        ({"people-0-sex": ""}, "people-0-sex"),
        ({"people-0-family_name": "転\u202e入"}, "people-0-family_name"),
    ],
)
def test_an_error_stands_at_the_field_it_is_about(clerk: Client, typed: dict[str, str], field: str) -> None:
    shown, said = family(clerk)
    answer = sent(clerk, shown, "check", **said | typed)
    assert answer.status_code == 422
    assert f'href="#id_{field}' in answer.content.decode()


def test_an_alert_must_be_ticked(clerk: Client) -> None:
    shown, said = family(clerk)
    checked = sent(clerk, shown, "check", **said | {"people-0-relationship": "同居人"})
    assert "世帯主を定めない世帯になります" in text(checked)
    answer = sent(clerk, checked, "enter")
    assert answer.status_code == 422
    assert "確認していない注意" in text(answer)
    assert fields(answer)["people-3-given_name"] == ["二子"]


def test_a_button_pressed_twice_enters_once(clerk: Client) -> None:
    shown, said = family(clerk)
    checked = sent(clerk, shown, "check", **said)
    first, second = sent(clerk, checked, "enter"), sent(clerk, checked, "enter")
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    with wall.within(TOWN):
        assert Draft.objects.count() == 1


def test_back_from_the_confirmation_shows_what_was_typed(clerk: Client) -> None:
    shown, said = family(clerk)
    back = sent(clerk, sent(clerk, shown, "check", **said), "back")
    assert fields(back)["people-3-given_name"] == ["二子"]
    assert fields(back)["event_on"] == [EVENT_ON]


def test_a_lease_that_ran_out_says_what_to_do(clerk: Client, chief: Client) -> None:
    numbers = moved_in(clerk, chief)
    with wall.within(TOWN):
        change_settings(actor=System(), may_decide_own=False, lease_minutes=5)
    checked = sent(clerk, opened(clerk, "death", person=numbers[1]), "check", event_on="R8.11.20")
    with clock.stopped_at(NOW.replace(minute=6)):
        answer = sent(clerk, checked, "enter")
    assert answer.status_code == 409
    assert "入力の制限時間が過ぎました" in text(answer)
    assert fields(answer)["event_on"] == ["R8.11.20"]


def test_while_one_enters_the_other_sees_who_and_until_when(clerk: Client, chief: Client) -> None:
    numbers = moved_in(clerk, chief)
    opened(clerk, "death", person=numbers[1])
    said = text(chief.get(f"/residents/{numbers[0]}"))
    assert "入力中" in said
    assert "10:20" in said
    assert chief.post("/entries/start", {"act": "death", "person": numbers[0]}).status_code == 409


def test_giving_an_entry_up_frees_the_people(clerk: Client, chief: Client) -> None:
    numbers = moved_in(clerk, chief)
    shown = opened(clerk, "death", person=numbers[1])
    lease = fields(shown)["lease"][0]
    assert clerk.post("/entries/leave", {"lease": lease, "person": numbers[1]}).status_code == 302
    assert chief.post("/entries/start", {"act": "death", "person": numbers[0]}).status_code == 302


@pytest.mark.parametrize(
    "path", ["/entries/nothing", "/entries/death", "/entries/death?person=9999999999", "/drafts/99"]
)
def test_what_is_not_there_is_not_found(clerk: Client, path: str) -> None:
    assert clerk.get(path).status_code == 404


def test_a_form_opened_by_its_address_enters_nothing(clerk: Client, chief: Client) -> None:
    numbers = moved_in(clerk, chief)
    checked = sent(clerk, clerk.get(f"/entries/death?person={numbers[1]}"), "check", event_on="R8.11.20")
    assert sent(clerk, checked, "enter").status_code == 409


@pytest.mark.parametrize(
    "said",
    [
        {"act": "x"}, {"act": "death"}, {"act": "death", "person": "\x00"}, {"act": "cancellation", "cancels": "x"},
        {"act": "cancellation", "cancels": "9" * 40},
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_never_a_fault(clerk: Client, said: dict[str, str]) -> None:
    assert clerk.post("/entries/start", said).status_code in (400, 404, 422)


@pytest.mark.parametrize("login", ["tax", "auditor", "admin"])
def test_only_who_may_enter_sees_the_screens(two_towns: str, login: str) -> None:
    client = signed_in(login)
    for path in ("/entries/move_in", "/drafts", "/drafts/1"):
        assert client.get(path).status_code == 403
    for path in ("/entries/start", "/entries/leave", "/entries/death", "/drafts/decide", "/drafts/1/decide"):
        assert client.post(path).status_code == 403


def test_all_that_is_missing_is_said_at_once(clerk: Client) -> None:
    shown, said = family(clerk)
    wrong = {"event_on": "", "people-1-resident_code": "12345678901", "people-2-sex": "", "people-3-relationship": ""}
    answer = sent(clerk, shown, "check", **said | wrong)
    assert answer.status_code == 422
    linked = set(re.findall(r'href="#id_([\w-]+)"', answer.content.decode()))
    assert linked == set(wrong)
