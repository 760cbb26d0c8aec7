"""Entering acts in a real browser, by keyboard only (異動の入力のブラウザでの試験)."""

import re
from typing import Any

import pytest

from .browsing import DESK, PHONE, Town, faults, sign_in

pytestmark = pytest.mark.browser

FAMILY = (
    ("太郎", "1", "世帯主", "S60.4.1"), ("花子", "2", "妻", "S61.2.3"), ("一郎", "1", "子", "H27.6.7"),
    ("二子", "2", "子", "H30.8.9"),
)  # fmt: skip
EVENT_ON = "2026-11-02"


def type_into(page: Any, name: str, text: str) -> None:
    """Tab on until the field has the focus, then type: no mouse."""
    for _ in range(80):
        if page.evaluate("document.activeElement.name") == name:
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == name
    page.keyboard.type(text)


def press(page: Any, name: str, value: str = "") -> None:
    """Tab on to the button and press Enter."""
    here = "[document.activeElement.innerText, document.activeElement.value]"
    for _ in range(120):
        said, held = page.evaluate(here)
        if said == name and (not value or held == value):
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def both_sizes(page: Any) -> list[str]:
    """The faults of the page that is open, at the desk and on a telephone."""
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        found += faults(page)
    return found


def four_people(page: Any, served: Town) -> None:
    """The form of a move-in, filled without the mouse."""
    page.goto(f"{served.url}/")
    page.get_by_role("link", name="転入の入力").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for index, (given, sex, relationship, born_on) in enumerate(FAMILY):
        if index == 0:
            type_into(page, "event_on", EVENT_ON)
        for item, text in (
            ("family_name", "転入"), ("given_name", given), ("family_kana", "テンニュウ"), ("given_kana", "テスト"),
            ("born_on", born_on), ("relationship", relationship),
            ("domicile", "見本県見本市"), ("register_head", "転入　太郎"),
        ):  # fmt: skip
            type_into(page, f"people-{index}-{item}", text)
            if item == "born_on":
                type_into(page, f"people-{index}-sex", "")
                for _ in range(int(sex)):
                    page.keyboard.press("ArrowDown")
        if index < len(FAMILY) - 1:
            press(page, "もう一人増やす")
    for name, text in (("place-block", "松町"), ("place-lot", "１番地"), ("came_from-city", "見本市")):
        type_into(page, name, text)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=転入の確認")


def decided(page: Any, served: Town, draft: str) -> None:
    sign_in(page, served, "chief")
    page.goto(f"{served.url}/drafts")
    assert both_sizes(page) == []
    page.get_by_role("link", name=re.compile(f" {draft}$")).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert both_sizes(page) == []
    press(page, "本登録する")
    page.wait_for_selector("text=本登録しました")


def leave(page: Any) -> None:
    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/sign-in*")


def test_four_people_move_in_and_one_dies_and_the_death_is_cancelled(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    four_people(page, served)
    assert both_sizes(page) == []
    press(page, "仮登録する")
    assert both_sizes(page) == []
    leave(page)
    decided(page, served, "1")
    page.get_by_role("link", name="転入　花子").click()
    assert page.inner_text(".k-person__name") == "転入　花子"
    number = page.url.rsplit("/", 1)[1]
    leave(page)

    sign_in(page, served, "counter")
    page.goto(f"{served.url}/residents/{number}")
    page.get_by_text("異動を入力する").focus()
    page.keyboard.press("Enter")
    assert both_sizes(page) == []
    press(page, "死亡")
    assert both_sizes(page) == []
    type_into(page, "event_on", "2026-11-20")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=死亡の確認")
    press(page, "仮登録する")
    page.goto(f"{served.url}/residents/{number}")
    assert "仮登録中" in page.inner_text("main")
    assert both_sizes(page) == []
    leave(page)
    decided(page, served, "2")
    page.goto(f"{served.url}/residents/{number}/history")
    assert both_sizes(page) == []
    press(page, "この異動を取り消す")
    assert both_sizes(page) == []
    type_into(page, "event_on", "2026-11-21")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=異動の取消しの確認")
    press(page, "仮登録する")
    page.wait_for_selector("text=仮登録しました")
    leave(page)


ONE_OF_EACH_FORM = ("move_within", "move_out", "householder_change", "birth", "correction_ex_officio")


def test_the_forms_of_acts_are_accessible_with_and_without_errors(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    number = served.cast["five_head"]
    for act in ONE_OF_EACH_FORM:
        page.goto(f"{served.url}/residents/{number}/household")
        page.locator("details summary", has_text="異動を入力する").click()
        page.locator(f"button[name=act][value={act}]").click()
        page.wait_for_url(f"**/entries/{act}?*")
        assert both_sizes(page) == [], act
    page.get_by_role("button", name="確認へ進む").click()
    page.wait_for_selector("text=入力を確かめてください")
    assert both_sizes(page) == []
