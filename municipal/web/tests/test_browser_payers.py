"""Payers in a real browser: found, opened, written to elsewhere (納付義務者のブラウザでの試験)."""

from typing import Any

import pytest

from .browsing import DESK, PHONE, Town, faults, sign_in, visit

pytestmark = pytest.mark.browser


def test_a_clerk_finds_a_payer_and_sends_the_mail_elsewhere_with_the_keyboard(page: Any, served: Town) -> None:
    number = served.cast["lodger"]
    sign_in(page, served, "tax")
    forms = [
        "/money/payers",
        f"/money/payers?q={number}",
        "/money/payers/new",
        f"/money/payers/{number}/recipients/new",
    ]
    assert visit(page, served, forms) == []
    page.goto(f"{served.url}/money/payers")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/money/payers?q=*")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/money/payers/{number}")
    page.click("text=送付先を登録する")
    page.select_option("select[name=kind]", "other_address")
    for name, value in (("postal_code", "000-0401"), ("city", "見本市"), ("block", "本通"), ("lot", "２番地")):
        page.fill(f"input[name={name}]", value)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/money/payers/{number}")
    assert "〒000-0401" in page.inner_text("main")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert faults(page) == []


def test_the_page_of_a_protected_payer_is_accessible_and_without_address(page: Any, served: Town) -> None:
    number = served.cast["protected_mother"]
    sign_in(page, served, "tax")
    assert visit(page, served, [f"/money/payers/{number}"]) == []
    said = page.inner_text("main")
    assert "の窓口でお渡しします" in said
    assert "〒" not in said
