"""A family moves out of town on a phone, by the keyboard alone (引越しのブラウザでの試験; issue 7, section 1)."""

import os
from typing import Any

import pytest

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import PIN, SIGNATURE_PIN, card_of, resident
from municipal.core.dates import RegisterDate
from municipal.municipalities import wall

from .browsing import DESK, PHONE, Town, faults

pytestmark = pytest.mark.browser
ANSWERS = {"way": "out", "uses_water": "yes"}


@pytest.fixture
def card(two_towns: str) -> Card:
    """甲野花子 with a husband and a daughter at school."""
    with wall.within(TOWN):
        mother = resident(has_national_health_insurance=True)
        home = {"household": mother.household, "is_head": False, "has_national_health_insurance": True}
        resident(**home, name="甲野　一郎", given_name="一郎", sex="1", relationship="夫", resident_code="99900000010")
        born = RegisterDate(2017, 5, 5)
        resident(**home, name="甲野　春", given_name="春", born_on=born, relationship="子", resident_code="99900000029")
        return card_of(mother.addressee)


def _look(page: Any, name: str) -> list[str]:
    if folder := os.environ.get("KIJUN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    found = faults(page)
    page.set_viewport_size(DESK)
    if folder:
        page.screenshot(path=f"{folder}/{name}-wide.png", full_page=True)
    found += faults(page)
    page.set_viewport_size(PHONE)
    return found


def _on(page: Any) -> str:
    """What has the focus: its name, or its kind."""
    said = "e => e.name || e.getAttribute('href') || e.tagName"
    return str(page.evaluate(f"({said})(document.activeElement)"))


def _tab_to(page: Any, wanted: str, value: str = "") -> None:
    """Tab until the focus is on a field or a link, as somebody without a mouse does."""
    for _ in range(200):
        page.keyboard.press("Tab")
        has_value = not value or page.evaluate("document.activeElement.value") == value
        if wanted in _on(page) and has_value:
            return
    raise AssertionError(f"the keyboard never comes to {wanted}")


def _choose(page: Any, name: str, value: str) -> None:
    """The radio buttons of one question: one stop of the tab key, then arrows."""
    _tab_to(page, name)
    for _ in range(6):
        if page.evaluate("document.activeElement.value") == value and page.evaluate("document.activeElement.checked"):
            return
        page.keyboard.press("Space")
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {value} in {name}")


def _go_on(page: Any, wanted: str = "next", value: str = "") -> None:
    _tab_to(page, wanted, value)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _sign_in(page: Any, served: Town, card: Card) -> None:
    page.goto(f"{served.url}/me/{TOWN}/start?next=/events/{TOWN}/moving")
    for name, text in (("number", card.number), ("pin", PIN)):
        _tab_to(page, name)
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _asked(page: Any) -> list[str]:
    """Names of the questions on a page, in order."""
    said = "[...document.querySelectorAll('main form [name]')].map(e => e.type === 'hidden' ? '' : e.name)"
    return list(dict.fromkeys(name for name in page.evaluate(said) if name not in ("", "next", "for", "lang")))


def _answered(page: Any) -> list[str]:
    """Every question of the event until the plan is there; which were asked."""
    asked: list[str] = []
    for at in range(6):
        if "/plan" in page.url:
            return asked
        names = _asked(page)
        asked += names
        for name in names:
            if name == "on":
                _tab_to(page, name)
                page.keyboard.type("R8.12.20")
            elif name == "movers":
                for _ in range(3):
                    _tab_to(page, name)
                    page.keyboard.press("Space")
            else:
                _choose(page, name, ANSWERS.get(name, "no"))
        assert _look(page, f"bundle-questions-{at}") == []
        _go_on(page)
    raise AssertionError("questions without end")


def _filled(page: Any) -> list[str]:
    """Every page of the form until the check page; names of its fields."""
    seen: list[str] = []
    for at in range(15):
        if "/check" in page.url:
            return seen
        names = _asked(page)
        seen += [name for name in names if name != "act"]
        for name in (one for one in names if not one.startswith(("someone", "text__"))):
            kind = page.evaluate(f"document.querySelector('[name=\"{name}\"]:not([type=hidden])').type")
            if kind in ("text", "textarea"):
                _tab_to(page, name)
                page.keyboard.type("R8.12.20" if name.endswith("_on") else "09000000000")
            elif kind == "radio" or kind == "checkbox":
                _tab_to(page, name)
                page.keyboard.press("Space")
        assert _look(page, f"bundle-form-{at}") == []
        _go_on(page, "act", "next")
    raise AssertionError("a form without end")


def test_a_family_moves_out_with_the_keyboard_alone(card: Card, page: Any, served: Town) -> None:
    page.set_viewport_size(PHONE)
    _sign_in(page, served, card)
    asked = _answered(page)
    # The register knows insurance and children of those who move: nobody is asked.
    assert {"has_national_health_insurance", "has_child", "has_pupil"} & set(asked) == set()
    found = _look(page, "bundle-plan")
    _tab_to(page, "BUTTON")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    fields = _filled(page)
    assert len(fields) == len(set(fields))
    found += _look(page, "bundle-check")
    _tab_to(page, "BUTTON")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found += _look(page, "bundle-sign")
    for name, text in (("number", card.number), ("pin", SIGNATURE_PIN)):
        _tab_to(page, name)
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="それぞれの状況").wait_for()
    found += _look(page, "bundle-receipt")
    assert found == []
    said = page.inner_text("main")
    assert all(title in said for title in ("転出届", "国民健康保険の脱退", "転校", "水道の使用中止")), said
