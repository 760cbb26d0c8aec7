"""Remarks, memos, investigations and family events in a real browser (統合記載欄などのブラウザでの試験)."""

import os
from typing import Any

import pytest

from .browsing import Town, faults, sign_in, visit

pytestmark = pytest.mark.browser


def _picture(page: Any, name: str) -> None:
    if folder := os.environ.get("KIJUN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def _write(page: Any, summary: str, fields: dict[str, str], button: str) -> None:
    """Open a folded form, fill it and send it."""
    if summary:
        page.get_by_text(summary, exact=True).first.click()
    for name, text in fields.items():
        page.fill(f"#{name}", text)
    page.get_by_role("button", name=button, exact=True).first.click()


def test_a_clerk_writes_remarks_memos_and_marks_what_is_looked_into(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    number = served.cast["family_head"] if "family_head" in served.cast else next(iter(served.cast.values()))
    page.goto(f"{served.url}/residents/{number}/notes")
    _write(page, "留意事項・備考を書く", {"remarkform_text": "住居表示の実施予定あり"}, "記載する")
    page.get_by_text("記録しました。").wait_for()
    _write(page, "", {"memoform_text": "大きな声で話すと\nよく聞こえる"}, "メモを残す")
    page.get_by_text("よく聞こえる").first.wait_for()
    page.get_by_text("実態調査を始める", exact=True).click()
    page.select_option("#investigationform_about", "whole")
    page.fill("#investigationform_because", "郵便物の返戻")
    page.get_by_role("button", name="調査中にする").click()
    page.get_by_text("実態を調査中です").wait_for()
    _picture(page, "notes")
    found = faults(page)
    page.goto(f"{served.url}/residents/{number}")
    _picture(page, "person")
    assert page.get_by_text("実態を調査中です").count() == 1
    assert page.get_by_text("住居表示の実施予定あり").count() == 0
    assert page.get_by_text("よく聞こえる").count() == 0
    page.get_by_text("異動を入力する", exact=True).click()
    _picture(page, "menu")
    found += faults(page)
    page.get_by_role("button", name="婚姻", exact=True).click()
    _picture(page, "marriage")
    found += faults(page)
    assert found + visit(page, served, [f"/residents/{number}/notes", "/letters/headless"]) == []
