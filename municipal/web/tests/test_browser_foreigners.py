"""Screens of foreign residents, names and received notices in a real browser (外国人住民・通知のブラウザでの試験)."""

import os
from pathlib import Path
from typing import Any

import pytest

from municipal.residents.received import COLUMNS

from .browsing import Town, faults, sign_in, visit
from .test_browser_entries import both_sizes

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KIJUN_SHOTS", "")


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_first_entries_names_and_nationality_are_accessible(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    found = visit(page, served, [f"/entries/{act}" for act in ("article30_46", "article30_47", "move_in_unreported")])
    shot(page, "article30")
    number = served.cast["alias"]
    page.goto(f"{served.url}/residents/{number}")
    page.get_by_text("異動を入力する").click()
    shot(page, "menu")
    found += both_sizes(page)
    for act in ("alias_deletion", "naturalisation", "immigration_correction", "place_notification"):
        page.goto(f"{served.url}/residents/{number}")
        page.get_by_text("異動を入力する").click()
        button = page.locator(f'button[name="act"][value="{act}"]')
        if button.count() == 0:
            continue
        button.click()
        shot(page, act)
        found += both_sizes(page)
        page.get_by_role("button", name="入力をやめる").click()
    assert found == []


def test_a_notice_is_taken_in_by_keyboard_and_every_page_is_accessible(page: Any, served: Town, tmp_path: Path) -> None:
    sign_in(page, served, "counter")
    file = tmp_path / "notices.csv"
    columns = COLUMNS["arrival"]
    said = {
        "noticed_on": "2026-11-24",
        "sender": "見本市",
        "resident_code": "99900000223",
        "name": "見本　一",
        "city": "〓市",
    }
    rows = [columns.values(), [said.get(name, "") for name in columns]]
    file.write_text("\r\n".join(",".join(row) for row in rows), encoding="utf-8")
    page.goto(f"{served.url}/received/file")
    found = both_sizes(page)
    page.select_option("select[name=kind]", "arrival")
    page.set_input_files("input[name=file]", str(file))
    shot(page, "received-file")
    page.get_by_role("button", name="取り込む").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("処理を要しない").first.click()
    shot(page, "received")
    found += both_sizes(page)
    page.goto(f"{served.url}/received/agency")
    found += both_sizes(page)
    page.goto(f"{served.url}/received?kind=fax")
    found += faults(page)
    assert found == []
