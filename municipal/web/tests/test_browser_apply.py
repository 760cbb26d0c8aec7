"""A resident applies on a phone and corrects it, a clerk works on it (オンライン申請のブラウザでの試験)."""

import os
from typing import Any

import pytest

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import PIN, SIGNATURE_PIN, card_of, resident
from municipal.applications.tests.filling import picture
from municipal.municipalities import wall

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


@pytest.fixture
def cards(two_towns: str) -> tuple[Card, Card]:
    with wall.within(TOWN):
        one = card_of(resident().addressee)
        other = card_of(resident(resident_code="99900000010", name="乙野　介").addressee)
    return one, other


def _sign_in(page: Any, card: Card) -> None:
    page.get_by_role("link", name="カードでサインインする").click()
    page.fill("input[name=number]", card.number)
    page.fill("input[name=pin]", PIN)
    _press(page, "渡してサインインする")


def _sign(page: Any, card: Card, pin: str = SIGNATURE_PIN) -> None:
    page.fill("input[name=number]", card.number)
    page.fill("input[name=pin]", pin)
    page.locator("main form button[type=submit]").last.click()


def _applied(page: Any, served: Town, card: Card) -> tuple[dict[str, str], list[str]]:
    """From the start to the receipt: number and code, and what axe found on the way."""
    found = []
    page.goto(f"{served.url}/apply/{TOWN}/disaster-certificate")
    found += _look(page, "apply-start-guest")
    _sign_in(page, card)
    found += _look(page, "apply-start")
    _press(page, "申請をはじめる")
    _next(page)
    found += _look(page, "apply-missing")
    page.fill("input[name=phone]", "000-0000-0000")
    found += _look(page, "apply-you")
    _next(page)
    for at in range(8):
        if page.url.partition("?")[0].endswith("/check"):
            break
        found += _look(page, f"apply-page-{at}")
        for box in page.locator("main textarea:visible, main input[type=text]:visible").all():
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
    _press(page, "署名へ進む")
    _sign(page, card, "WRONG1")
    found += _look(page, "apply-sign-wrong")
    _sign(page, card)
    page.get_by_role("heading", name="申請を受け付けました").wait_for()
    found += _look(page, "apply-receipt")
    codes = page.locator("main strong.k-code").all_inner_texts()
    return {"number": codes[0], "code": codes[1]}, found


def test_an_application_goes_from_the_phone_to_the_desk_and_back(
    cards: tuple[Card, Card], page: Any, served: Town
) -> None:
    page.set_viewport_size(PHONE)
    kept, found = _applied(page, served, cards[0])
    page.goto(f"{served.url}/me/{TOWN}")
    found += _look(page, "me-cases")
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
    page.goto(f"{served.url}/me/{TOWN}")
    found += _look(page, "me-sent-back")
    page.locator(f"a[href*='{kept['number']}']").click()
    found += _look(page, "apply-case")
    page.get_by_role("link", name="直して出す").click()
    found += _look(page, "apply-correct")
    page.locator("main textarea, main input[type=text]").first.fill("架空市見本町1番地2")
    _next(page)
    found += _look(page, "apply-correct-unsigned")
    page.fill("input[name=sign-number]", cards[0].number)
    page.fill("input[name=sign-pin]", SIGNATURE_PIN)
    _next(page)
    page.get_by_role("heading", name="処理中").wait_for()
    assert found == []


def test_two_people_sign_one_application(cards: tuple[Card, Card], page: Any, served: Town) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{served.url}/apply/{TOWN}/nursery-status")
    _sign_in(page, cards[0])
    _press(page, "申請をはじめる")
    page.fill("input[name=phone]", "000-0000-0000")
    _next(page)
    for _at in range(6):
        if page.url.partition("?")[0].endswith("/check"):
            break
        for group in page.locator("main fieldset:has(input[type=radio])").all():
            group.locator("input[type=radio]").first.check()
        _next(page)
    _press(page, "この内容で申請する")
    page.get_by_role("link", name="私のページで、いつでも見られます").click()
    page.locator("a[href*='/cases/']").first.click()
    page.get_by_text("ほかの方にも署名してもらう").click()
    found = _look(page, "apply-cosigners")
    page.fill("input[name=name]", "乙野　介")
    _press(page, "署名番号を作る")
    found += _look(page, "apply-cosigner-asked")
    code = page.locator("strong.k-code").inner_text()
    page.goto(f"{served.url}/me/{TOWN}")
    _press(page, "サインアウト")
    page.goto(f"{served.url}/apply/{TOWN}/cosign")
    found += _look(page, "apply-cosign-guest")
    _sign_in(page, cards[1])
    found += _look(page, "apply-cosign")
    page.fill("input[name=code]", code)
    _press(page, "内容を見る")
    found += _look(page, "apply-cosign-sign")
    _sign(page, cards[1])
    page.get_by_text("署名しました").wait_for()
    found += _look(page, "apply-cosigned")
    assert found == []
