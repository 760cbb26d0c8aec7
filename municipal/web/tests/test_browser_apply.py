"""A resident applies on a phone and corrects it, a clerk works on it (オンライン申請のブラウザでの試験)."""

import os
from typing import Any

import pytest

from conftest import TOWN
from municipal.applications.tests.filling import picture

from .browsing import DESK, PHONE, Town, faults, sign_in

pytestmark = pytest.mark.browser


def _look(page: Any, name: str) -> list[str]:
    if folder := os.environ.get("KIJUN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return faults(page)


def _press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def _next(page: Any) -> None:
    page.locator("button.k-button[value=next]").click()


def _about_you(page: Any) -> None:
    page.fill("input[name=name]", "甲野　太郎")
    page.fill("input[name=born_on]", "H2.1.1")
    page.fill("input[name=address]", "架空市見本町1番地")
    page.fill("input[name=phone]", "000-0000-0000")


def _applied(page: Any, served: Town) -> tuple[dict[str, str], list[str]]:
    """From the start to the receipt: number and code, and what axe found on the way."""
    found = []
    page.goto(f"{served.url}/apply/{TOWN}/disaster-certificate")
    found += _look(page, "apply-start")
    _press(page, "申請をはじめる")
    _next(page)
    found += _look(page, "apply-missing")
    _about_you(page)
    found += _look(page, "apply-you")
    _next(page)
    for at in range(8):
        if page.url.partition("?")[0].endswith("/check"):
            break
        found += _look(page, f"apply-page-{at}")
        for box in page.locator("main textarea, main input[type=text]").all():
            box.fill("架空市見本町1番地")
        for date in page.locator("main input[name$=_on]").all():
            date.fill("R8.11.20")
        for group in page.locator("main fieldset:has(input[type=radio])").all():
            group.locator("input[type=radio]").first.check()
        for box in page.locator("main input[type=file]").all():
            box.set_input_files({"name": "写真.png", "mimeType": "image/png", "buffer": picture(200)})
        if page.locator("main input[type=file]").count():
            _press(page, "選んだファイルを加える")
            found += _look(page, f"apply-files-{at}")
        _next(page)
    found += _look(page, "apply-check")
    _press(page, "この内容で申請する")
    found += _look(page, "apply-receipt")
    codes = page.locator("main strong.k-code").all_inner_texts()
    return {"number": codes[0], "code": codes[1]}, found


def test_an_application_goes_from_the_phone_to_the_desk_and_back(page: Any, served: Town) -> None:
    page.set_viewport_size(PHONE)
    kept, found = _applied(page, served)
    page.set_viewport_size(DESK)
    sign_in(page, served, "counter")
    page.goto(f"{served.url}/cases")
    found += _look(page, "cases-list")
    page.get_by_role("link", name=kept["number"]).click()
    found += _look(page, "cases-case")
    _press(page, "受け付ける")
    page.get_by_role("link", name="差し戻す").click()
    found += _look(page, "cases-send-back")
    page.locator("input[name=fields]").first.check()
    page.fill("textarea[name=reason]", "場所を番地まで書いてください。")
    _press(page, "差し戻す")
    found += _look(page, "cases-sent-back")
    page.set_viewport_size(PHONE)
    page.goto(f"{served.url}/apply/{TOWN}/status")
    found += _look(page, "apply-status")
    page.fill("input[name=number]", kept["number"])
    page.fill("input[name=code]", kept["code"])
    _press(page, "状況を見る")
    found += _look(page, "apply-case")
    page.get_by_role("link", name="直して出す").click()
    found += _look(page, "apply-correct")
    page.locator("main textarea, main input[type=text]").first.fill("架空市見本町1番地2")
    _next(page)
    page.get_by_role("heading", name="処理中").wait_for()
    assert found == []
