"""Taking in from the national portal in a real browser, by keyboard, on a desk and a phone (申請管理の試験)."""

from typing import Any

import pytest

from conftest import TOWN
from municipal.intake.models import Received
from municipal.intake.operations import PORTAL, fetch, note_refusal, play_application
from municipal.intake.payload import NOT_OURS
from municipal.intake.tests.coming import CLERK
from municipal.municipalities import wall

from .browsing import Town, sign_in, visit

pytestmark = pytest.mark.browser


@pytest.fixture
def came(served: Town) -> int:
    """One that waits for a clerk, and one that could not be read."""
    with wall.within(TOWN):
        play_application(actor=CLERK, procedure="child-allowance", who="unsigned")
    fetch(TOWN)
    with wall.within(TOWN):
        note_refusal(actor=PORTAL, receipt="M26112900000002", refused=NOT_OURS)
        return int(Received.objects.get(state="to_convert").pk)


def test_a_clerk_finds_out_whose_it_is_and_a_trainer_makes_another(came: int, page: Any, served: Town) -> None:
    sign_in(page, served, "chief")
    found = visit(page, served, ["/intake", f"/intake/{came}", "/intake/simulator", "/intake?show=over"])
    page.goto(f"{served.url}/intake/{came}")
    page.check("input[value=none]")
    page.focus("text=この人の申請として取り込む")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=処理しました。")
    found += visit(page, served, [f"/intake/{came}"])
    page.click("dd a[href^='/cases/']")
    assert "国の受付番号" in page.content()
    page.goto(f"{served.url}/intake/simulator")
    page.select_option("select[name=procedure]", "bulky-waste")
    page.select_option("select[name=who]", "unsigned")
    page.focus("text=申請したことにする")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=申請を作りました。")
    assert found == []
