"""A resident looks for a procedure on a phone, and a clerk writes one anew (手続カタログのブラウザでの試験)."""

import os
from typing import Any

import pytest

from conftest import TOWN
from municipal.procedures.catalogue import shipped, written

from .browsing import DESK, PHONE, Town, faults, sign_in

pytestmark = pytest.mark.browser


def _look(page: Any, name: str) -> list[str]:
    if folder := os.environ.get("KIJUN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return faults(page)


def test_a_procedure_is_found_and_read_on_a_phone_in_four_languages(page: Any, served: Town) -> None:
    page.set_viewport_size(PHONE)
    found, here = [], f"{served.url}/procedures/{TOWN}"
    page.goto(here)
    found += _look(page, "procedures-find")
    page.fill("input[name=q]", "赤ちゃんが生まれました")
    page.get_by_role("button", name="さがす", exact=True).click()
    found += _look(page, "procedures-hits")
    page.get_by_role("link", name="出生届", exact=True).click()
    page.fill("input[name=on]", "2026-11-20")
    page.get_by_role("button", name="計算する").click()
    assert "令和8年12月3日" in page.inner_text("main")
    found += _look(page, "procedures-entry")
    for name in ("やさしい日本語", "English", "한국어"):
        page.get_by_role("link", name=name, exact=True).click()
        found += _look(page, f"procedures-entry-{name}")
    page.goto(f"{here}/guide")
    found += _look(page, "procedures-guide")
    page.goto(f"{here}/entries/passport?lang=en")
    found += _look(page, "procedures-elsewhere")
    page.set_viewport_size(DESK)
    page.goto(f"{here}/principles")
    found += _look(page, "procedures-principles")
    assert found == []


def test_a_clerk_writes_a_procedure_anew_and_the_chief_publishes_it(page: Any, served: Town) -> None:
    page.set_viewport_size(DESK)
    content = next(entry.content for entry in shipped() if entry.id == "move-out")
    sign_in(page, served, "counter")
    page.goto(f"{served.url}/procedures/edit")
    found = _look(page, "procedures-list")
    page.get_by_role("link", name=f"{content['title']['ja']}を書き直す").click()
    page.fill("textarea[name=text]", "{")
    page.get_by_role("button", name="下書きを保存して確かめる").click()
    found += _look(page, "procedures-wrong")
    page.fill("textarea[name=text]", written(content | {"title": content["title"] | {"ja": "転出の届出"}}))
    page.get_by_role("button", name="下書きを保存して確かめる").click()
    found += _look(page, "procedures-draft")
    page.get_by_role("button", name="公開を申し出る").click()
    here = page.url
    page.get_by_role("button", name="サインアウト").first.click()
    sign_in(page, served, "chief")
    page.goto(here)
    found += _look(page, "procedures-proposed")
    page.get_by_role("button", name="公開する", exact=True).click()
    page.goto(f"{served.url}/procedures/{TOWN}/entries/move-out")
    assert page.inner_text("h1") == "転出の届出"
    assert found == []
