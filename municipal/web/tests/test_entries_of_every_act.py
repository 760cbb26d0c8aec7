"""The other acts, each from its form to the decision and its cancellation (各異動の入力画面の試験)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from municipal.core import clock

from .entering import CAME, decided, entered, fields, moved_in, newcomer, newest, opened, sent, signed_in, text

NOW = datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)
LATER = {"event_on": "R8.11.16"}
LAST = {"event_on": "R8.11.20"}


@pytest.fixture
def clerk(two_towns: str) -> Iterator[Client]:
    with clock.stopped_at(NOW):
        yield signed_in("counter")


@pytest.fixture
def chief(clerk: Client) -> Client:
    return signed_in("chief")


@pytest.fixture
def numbers(clerk: Client, chief: Client) -> list[str]:
    """The addressee numbers of a couple with two children, moved in on the 2nd."""
    return moved_in(clerk, chief)


@pytest.fixture
def act(clerk: Client, chief: Client) -> Any:
    """``act(name, number, **typed)``: an act of that person's household, from form to decision."""

    def do(name: str, number: str, press: str = "", **typed: Any) -> list[int]:
        shown = opened(clerk, name, person=number)
        if press:
            shown = sent(clerk, shown, press, **typed)
        return decided(chief, entered(clerk, shown, **typed))

    return do


@pytest.fixture
def undo(clerk: Client, chief: Client) -> Any:
    """``undo(number)``: the newest act of that person is cancelled, or the one with the id that is named."""

    def do(number: str, event: int | None = None) -> None:
        shown = opened(clerk, "cancellation", person=number, cancels=event or newest(number).event_id)
        decided(chief, entered(clerk, shown, **LAST))

    return do


def test_a_household_moves_within_the_town_and_it_is_cancelled(act: Any, undo: Any, numbers: list[str]) -> None:
    home = newest(numbers[0]).household_id
    act("move_within", numbers[0], **LATER, **{"place-block": "梅町", "place-lot": "３番地"})
    assert {(newest(one).address_block, newest(one).household_id) for one in numbers} == {("梅町", home)}
    undo(numbers[0])
    assert {newest(one).address_block for one in numbers} == {"松町"}


def test_a_child_moves_within_and_leads_a_household(act: Any, numbers: list[str]) -> None:
    seat = f"member-{numbers[2]}-relationship"
    act("move_within", numbers[0], movers=[numbers[2]], **LATER, **{"place-block": "梅町", seat: "世帯主"})
    assert newest(numbers[2]).household_id != newest(numbers[0]).household_id


def test_a_household_leaves_is_confirmed_and_comes_back(clerk: Client, act: Any, undo: Any, numbers: list[str]) -> None:
    shown = opened(clerk, "move_out", person=numbers[0])
    said = {**LATER, "place-prefecture": "見本県", "place-city": "見本市", "place-block": "本通"}
    assert "転出証明書" in text(sent(clerk, shown, "check", **said))
    act("move_out", numbers[0], **said)
    assert {newest(one).status for one in numbers} == {"2"}
    left = newest(numbers[0]).event_id
    act("arrival_notice", numbers[0], **LAST, **{"place-city": "見本市", "place-block": "本通"})
    assert newest(numbers[3]).confirmed_destination_city == "見本市"
    undo(numbers[0], left)
    assert {newest(one).status for one in numbers} == {"1"}


def test_a_wife_and_child_split_off_and_join_again(act: Any, undo: Any, numbers: list[str]) -> None:
    seats = {f"member-{numbers[1]}-relationship": "世帯主", f"member-{numbers[3]}-relationship": "子"}
    act("household_split", numbers[1], movers=[numbers[1], numbers[3]], **LATER, **seats)
    assert newest(numbers[3]).head_name == "転入　花子"
    old = newest(numbers[0]).household.number
    back = {f"member-{numbers[1]}-relationship": "妻", f"member-{numbers[3]}-relationship": "子"}
    act("household_merger", numbers[1], joins=old, **LAST, **back)
    assert newest(numbers[3]).household.number == old
    undo(numbers[1])
    assert newest(numbers[3]).household.number != old


def test_a_child_changes_to_the_other_household(act: Any, numbers: list[str]) -> None:
    act("household_split", numbers[1], movers=[numbers[1]], **LATER, **{f"member-{numbers[1]}-relationship": "世帯主"})
    home = newest(numbers[1]).household.number
    seat = f"member-{numbers[3]}-relationship"
    act("household_transfer", numbers[3], movers=[numbers[3]], joins=home, **LAST, **{seat: "子"})
    assert newest(numbers[3]).household.number == home


def test_the_wife_leads_with_the_relationships_that_were_proposed(
    clerk: Client, act: Any, undo: Any, numbers: list[str]
) -> None:
    shown = sent(clerk, opened(clerk, "householder_change", person=numbers[0]), "propose", head=numbers[1])
    assert fields(shown)[f"member-{numbers[0]}-relationship"] == ["夫"]
    act("householder_change", numbers[0], "propose", head=numbers[1], **LATER)
    assert [newest(one).relationship for one in numbers] == ["夫", "世帯主", "子", "子"]
    undo(numbers[0])
    assert [newest(one).relationship for one in numbers] == ["世帯主", "妻", "子", "子"]


def test_a_child_is_born_into_the_household(clerk: Client, chief: Client, undo: Any, numbers: list[str]) -> None:
    shown = opened(clerk, "birth", person=numbers[0])
    assert fields(shown)["joins"] == [newest(numbers[0]).household.number]
    assert fields(shown)["people-0-family_name"] == ["転入"]
    looked = sent(clerk, shown, "look")
    assert "転入　一郎" in looked.content.decode()
    typed = {"people-0-given_name": "三子", "people-0-sex": "2", **LATER}
    (child,) = decided(chief, entered(clerk, looked, **typed))
    page = clerk.get("/residents", {"q": "転入三子"})
    assert page.context["people"][0]["relationship"] == "子" if "relationship" in page.context["people"][0] else child
    number = page.context["people"][0]["number"]
    assert newest(number).register_head == "転入　太郎"
    undo(number)
    assert newest(number).status == "9"


@pytest.mark.parametrize(
    ("name", "item", "value", "kept"),
    [
        ("correction_ex_officio", "sex", "女", "2"),
        ("minor_correction", "name", "転入　太朗", "転入　太朗"),
        ("correction_of_error", "born_on", "S60.4.2", "1985-04-02"),
        ("correction_ex_officio", "has_pension", "有", "True"),
        ("correction_ex_officio", "pension_from", "R8.4.1", "2026-04-01"),
    ],
)
def test_an_item_is_corrected_and_the_correction_cancelled(
    clerk: Client, act: Any, undo: Any, numbers: list[str], name: str, item: str, value: str, kept: str
) -> None:
    before = str(getattr(newest(numbers[0]), item))
    act(name, numbers[0], **{"fix-0-item": item, "fix-0-value": value, **LATER})
    assert str(getattr(newest(numbers[0]), item)) == kept
    undo(numbers[0])
    assert str(getattr(newest(numbers[0]), item)) == before


def test_a_value_that_is_none_is_refused_beside_its_field(clerk: Client, numbers: list[str]) -> None:
    shown = opened(clerk, "correction_ex_officio", person=numbers[0])
    assert "氏名: 転入　太郎" in shown.content.decode()
    answer = sent(clerk, shown, "check", **{"fix-0-item": "sex", "fix-0-value": "牛", **LATER})
    assert answer.status_code == 422
    assert 'href="#id_fix-0-value"' in answer.content.decode()
    nothing = sent(clerk, shown, "check", **{"fix-0-item": "sex", "fix-0-value": "男", **LATER})
    assert "直す内容がありません" in text(nothing)


def test_an_error_is_corrected_from_the_row_of_the_history_that_has_it(
    clerk: Client, chief: Client, act: Any, numbers: list[str]
) -> None:
    act("move_within", numbers[0], **LATER, **{"place-block": "梅町"})
    history = clerk.get(f"/residents/{numbers[0]}/history")
    assert "誤記を直す" in text(history)
    shown = opened(clerk, "correction_of_error", person=numbers[0], corrects=1)
    assert fields(shown)["corrects"] == ["1"]
    decided(chief, entered(clerk, shown, **{"fix-0-item": "name_kana", "fix-0-value": "テンニユウ　タロウ"}, **LATER))
    assert newest(numbers[0]).name_kana == "テンニユウ　タロウ"


def test_somebody_comes_back_by_number(clerk: Client, chief: Client, act: Any, numbers: list[str]) -> None:
    act("move_out", numbers[0], **LATER, **{"place-city": "見本市", "place-block": "本通"})
    assert "再転入" in text(clerk.get(f"/residents/{numbers[2]}"))
    shown = clerk.get(f"/entries/move_in?returning={numbers[2]}")
    assert fields(shown)["people-0-number"] == [numbers[2]]
    decided(chief, entered(clerk, shown, **{**CAME, **LAST, "people-0-relationship": "世帯主"}))
    assert (newest(numbers[2]).status, newest(numbers[2]).name) == ("1", "転入　一郎")


def test_a_foreign_resident_moves_in_by_card_and_joins_a_household(
    clerk: Client, chief: Client, numbers: list[str]
) -> None:
    home = newest(numbers[0]).household.number
    said = newcomer(0, "", "同居人", "1990-05-06") | {
        "people-0-family_name": "", "people-0-family_kana": "", "people-0-given_kana": "", "people-0-kind": "2",
        "people-0-roman_name": "EXAMPLE ANNA", "people-0-name_kana": "エグザンプル　アンナ",
        "people-0-nationality": "ブラジル",
        "people-0-article30_45_class": "mid_long_term", "people-0-residence_card_number": "AB12345678CD",
        "people-0-residence_status": "artist", "people-0-stay_years": "3", "people-0-stay_expires_on": "2028-05-06",
        "people-0-became_foreign_resident_on": "R5.5.6",
    }  # fmt: skip
    shown = clerk.get("/entries/move_in_by_card")
    typed = {**said, **CAME, **LATER, "planned_on": "R8.11.15", "joins": home}
    checked = sent(clerk, shown, "check", **typed)
    assert "EXAMPLE ANNA" in text(checked)
    decided(chief, entered(clerk, shown, **typed))
    members = clerk.get(f"/residents/{numbers[0]}/household").context["members"]
    row = newest(members[-1]["number"])
    assert (row.name, row.stay_years, row.address_block, row.kind) == ("EXAMPLE ANNA", 3, "松町", "2")
