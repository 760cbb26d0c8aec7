"""Dictionaries, runs, days, paper, the manual in a real browser, by keyboard alone (場所・一括処理のブラウザ試験)."""

import os
from pathlib import Path
from typing import Any

import pytest

from conftest import TOWN
from municipal.municipalities import wall
from municipal.places.demo import furnish
from municipal.residents.acts.standing import newest_periods
from municipal.residents.inquiry import withheld
from municipal.web.tests.browsing import Town, faults, sign_in, visit

SHOTS = os.environ.get("KIJUN_SHOTS")
pytestmark = pytest.mark.browser
PATHS = [
    "/places", "/places/blocks", "/places/officers/new", "/search", "/letters?q=邉󠄂髙𠮷", "/runs",
    "/runs/order/batches.stays_ending", "/address-changes", "/days", "/days/2026-11-20", "/papers", "/manual",
    "/manual/screens/runs", "/manual/messages",
]  # fmt: skip


@pytest.fixture
def furnished(two_towns: str) -> None:
    """The town has its dictionary before the browser's own loop runs."""
    with wall.within(TOWN):
        furnish(str(TOWN), "架空市")


@pytest.fixture
def blocks(furnished: None) -> str:
    """Two blocks: one in which somebody's address is protected, and one in which somebody's is not."""
    with wall.within(TOWN):
        here, name = newest_periods().filter(is_registered=True), "record__address_block"
        hidden = here.filter(addressee__in=withheld()).values_list(name, flat=True)
        return f"{hidden[0]} {here.exclude(record__address_block__in=hidden).values_list(name, flat=True)[0]}"


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_pages_of_places_runs_and_days_are_accessible_at_desk_and_telephone(
    furnished: None, page: Any, served: Town
) -> None:
    sign_in(page, served, "chief")
    assert visit(page, served, PATHS) == []
    for path in PATHS:
        page.goto(f"{served.url}{path}")
        shot(page, path.strip("/").split("?")[0].replace("/", "-"))


@pytest.mark.clause("resident-record/1.0#2.3.2/m1")
def test_a_search_by_conditions_and_an_address_are_done_with_the_keyboard_alone(
    furnished: None, page: Any, served: Town
) -> None:
    sign_in(page, served, "chief")
    page.goto(f"{served.url}/search")
    _tab_to(page, "name")
    page.keyboard.type("甲野")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found")
    assert page.evaluate("document.activeElement.id") == "found"
    assert faults(page) == []
    shot(page, "search-found")
    page.goto(f"{served.url}/entries/move_in")
    _tab_to(page, "place-call")
    page.keyboard.type("カ カ アオ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#place-choose")
    assert page.evaluate("document.activeElement.id") == "place-choose"
    assert faults(page) == []
    shot(page, "entry-choose")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[name=\"place-block\"]').value !== ''")
    assert page.input_value("[name='place-block']") == "青葉一丁目"
    shot(page, "entry-called")


@pytest.mark.clause("resident-record/1.0#9.7/m1")
def test_an_extraction_says_how_many_are_left_out_before_its_file_is_taken(
    blocks: str, page: Any, served: Town
) -> None:
    sign_in(page, served, "chief")
    page.goto(f"{served.url}/address-changes")
    page.fill("#extract_blocks", blocks)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=ファイルに入りません")
    assert faults(page) == []
    shot(page, "extraction")
    with page.expect_download() as taken:
        page.get_by_text("ファイルを受け取る").click()
    assert taken.value.suggested_filename == "address-changes-address.csv"


def _tab_to(page: Any, name: str) -> None:
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('name')") == name:
            return
    raise AssertionError(f"{name} cannot be reached with Tab")
