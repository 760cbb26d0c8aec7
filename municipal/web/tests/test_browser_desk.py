"""A family of four moves in at the counter, by keyboard alone (窓口受付のブラウザでの試験)."""

import os
from typing import Any

import pytest

from conftest import TOWN
from municipal.applications.tests.receiving import FAMILY, HOME, PHONE, family
from municipal.municipalities import wall
from municipal.residents.models import Received

from .browsing import DESK, Town, faults, sign_in
from .browsing import PHONE as HANDHELD

pytestmark = pytest.mark.browser
TABLET = {"width": 800, "height": 1100}


class Keys:
    """A keyboard that counts: what is typed, what is pressed; to a field one gets by Tab alone."""

    def __init__(self, page: Any) -> None:
        self.page, self.pressed, self.typed = page, 0, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def at(self, selector: str, most: int = 200) -> None:
        """Tab until the element is reached."""
        for _ in range(most):
            if self.page.evaluate("one => document.activeElement && document.activeElement.matches(one)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by Tab on {self.page.url}")

    def write(self, selector: str, said: str) -> None:
        self.at(selector)
        self.page.keyboard.type(said)
        self.typed += 1

    def tick(self, selector: str) -> None:
        self.at(selector)
        self.press("Space")

    def go(self, selector: str) -> None:
        self.at(selector)
        with self.page.expect_navigation():
            self.press("Enter")


def look(page: Any, name: str, sizes: tuple[dict[str, int], ...] = (DESK, HANDHELD)) -> list[str]:
    found = []
    for size in sizes:
        page.set_viewport_size(size)
        if folder := os.environ.get("KIJUN_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
        found += faults(page)
    page.set_viewport_size(DESK)
    return found


@pytest.fixture
def coming(served: Town) -> Town:
    """Before the browser opens: a family is expected, and nobody else."""
    with wall.within(TOWN):
        Received.objects.update(closed_because="研修用")
        family()
    return served


def asked_at_the_desk(page: Any, keys: Keys) -> list[str]:
    """From the list of families to the check page: two texts, one tick."""
    found = look(page, "desk-home")
    keys.go("form:has(input[name=received]) button")
    found += look(page, "desk-plan")
    # Only the move itself: what follows is another visit.
    for box in page.locator("input[name=chosen]:not([value=move-in])").all():
        box.uncheck()
    keys.go("main form button.k-button[type=submit]:not([name])")
    found += look(page, "desk-ask")
    page.reload()
    keys.go("button[value=next]:not([tabindex])")
    found += look(page, "desk-check-missing")
    keys.go("main a[href$='/ask']")
    keys.write("input[name=who-address]", HOME)
    keys.write("input[name=who-phone]", PHONE)
    keys.tick("input[name=move-in-notifier]")
    keys.go("button[value=next]:not([tabindex])")
    assert page.url.endswith("/check")
    return found + look(page, "desk-check")


def signed(page: Any, keys: Keys) -> list[str]:
    """The turned screen, identity, signature, the end."""
    keys.go("a[href$='/shown']")
    found = look(page, "desk-large", (DESK, TABLET, HANDHELD))
    assert page.locator("nav").count() == 0
    assert all(page.get_by_text(name).count() for name, *_rest in FAMILY)
    keys.go("main a.k-button")
    keys.tick("input[name=identity_check]")
    keys.tick("input[name=agreed]")
    keys.go("main form button.k-button[type=submit]")
    assert page.url.endswith("/done")
    return found + look(page, "desk-done")


def test_a_family_of_four_is_taken_in_with_few_presses(coming: Town, page: Any) -> None:
    sign_in(page, coming, "counter")
    page.goto(f"{coming.url}/desk")
    keys = Keys(page)
    found = asked_at_the_desk(page, keys) + signed(page, keys)
    # From the empty page to the end: two texts typed, and so few keys beside Tab.
    assert keys.typed == 2
    assert keys.pressed <= 11
    page.goto(f"{coming.url}/cases?procedure=move-in")
    found += look(page, "cases-bulk")
    page.locator("input[name=cases]").first.check()
    page.get_by_role("button", name="受け付ける").click()
    found += look(page, "cases-bulk-done")
    page.get_by_role("link").filter(has_text="-").first.click()
    found += look(page, "cases-reception")
    page.goto(f"{coming.url}/cases/statistics")
    found += look(page, "cases-statistics")
    page.goto(f"{coming.url}/desk?q={next(iter(coming.cast.values()))}")
    found += look(page, "desk-found")
    assert found == []
