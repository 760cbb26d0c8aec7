"""Numbers, their stock and the analysis of the audit in a real browser (番号と記録の分析のブラウザでの試験)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.numbers.sealing import as_token
from municipal.numbers.tests.test_numbers import number
from municipal.residents.tests.acting import act, day, newcomer_said, people_of

from .browsing import Town, faults, sign_in, visit

pytestmark = pytest.mark.browser
ONE = number(303)


@pytest.fixture
def person(two_towns: str) -> str:
    """The addressee number of somebody with an individual number; made before the browser runs."""
    with wall.within(TOWN), clock.stopped_at(datetime(2026, 11, 24, 10, tzinfo=clock.TOKYO)):
        said = replace(newcomer_said(serial=9_000_001), individual_number=as_token(ONE))
        row = people_of(act("move_in", people=(said,), event_on=day(2026, 11, 20)))[0]
        return str(row.addressee.number)


def test_a_number_is_asked_for_by_keyboard_seen_once_and_changed(
    person: str, page: Any, served: Town, tmp_path: Any
) -> None:  # fmt: skip
    sign_in(page, served, "counter")
    assert visit(page, served, [f"/residents/{person}/numbers", "/numbers/find", "/numbers/requests"]) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{served.url}/residents/{person}/numbers")
    page.screenshot(path=str(tmp_path / "before.png"))
    page.focus("select[name=purpose]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("strong.k-number").wait_for()
    assert page.locator("strong.k-number").inner_text().replace(" ", "") == ONE.value
    assert ONE.value not in page.url
    assert faults(page) == []
    page.screenshot(path=str(tmp_path / "shown.png"))
    page.goto(f"{served.url}/residents/{person}/numbers/individual_number_change")
    assert faults(page) == []
    page.fill("input[name=event_on]", "R8.11.22")
    page.fill("input[name=individual_number]", number(404).value)
    page.keyboard.press("Enter")
    page.get_by_text("入力した個人番号は封じられ").wait_for()
    assert faults(page) == []
    page.screenshot(path=str(tmp_path / "confirm.png"), full_page=True)
    assert number(404).value not in page.content()


def test_the_stock_and_the_analysis_are_accessible(person: str, page: Any, served: Town, tmp_path: Any) -> None:
    sign_in(page, served, "chief")
    assert visit(page, served, ["/numbers/stock"]) == []
    page.goto(f"{served.url}/")
    page.get_by_role("button", name="サインアウト").click()
    sign_in(page, served, "auditor")
    whole_month = "first=R8.11.1&last=R8.11.30"
    paths = [
        "/audit/analysis",
        f"/audit/analysis?kind=log-operation&{whole_month}",
        f"/audit/analysis?kind=bulk&{whole_month}",
    ]
    assert visit(page, served, paths) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{served.url}{paths[1]}")
    page.screenshot(path=str(tmp_path / "analysis.png"))


def test_permissions_in_bulk_are_accessible(two_towns: str, page: Any, served: Town, tmp_path: Any) -> None:
    sign_in(page, served, "admin")
    assert visit(page, served, ["/staff/bulk", "/staff"]) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{served.url}/staff/bulk")
    page.screenshot(path=str(tmp_path / "bulk.png"))
