"""A resident with a phone signs in with a card and lets somebody act, who takes it over (申請者のブラウザでの試験)."""

import os
from typing import Any

import pytest

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import PIN, card_of, resident
from municipal.municipalities import wall

from .browsing import PHONE, Town, faults

pytestmark = pytest.mark.browser


@pytest.fixture
def cards(two_towns: str) -> tuple[Card, Card]:
    with wall.within(TOWN):
        one = card_of(resident().addressee)
        other = card_of(resident(resident_code="99900000010", name="乙野　介").addressee)
    return one, other


def _look(page: Any, name: str) -> list[str]:
    if folder := os.environ.get("KIJUN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return faults(page)


def _press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _sign_in(page: Any, card: Card) -> list[str]:
    page.get_by_role("link", name="カードでサインインする").click()
    found = _look(page, "me-card")
    page.fill("input[name=number]", card.number)
    page.fill("input[name=pin]", "9999")
    _press(page, "渡してサインインする")
    page.get_by_text("あと2回").first.wait_for()
    found += _look(page, "me-wrong-pin")
    page.fill("input[name=pin]", PIN)
    _press(page, "渡してサインインする")
    page.get_by_text("確認できました").wait_for()
    return found


def test_a_delegation_goes_from_one_phone_to_another(cards: tuple[Card, Card], page: Any, served: Town) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{served.url}/me/{TOWN}")
    found = _look(page, "me-door")
    found += _sign_in(page, cards[0])
    found += _look(page, "me-home")
    page.get_by_role("link", name="手続を任せる・代わりに行う").click()
    found += _look(page, "me-delegations")
    page.get_by_label("家族").check()
    page.fill("input[name=until]", "")
    _press(page, "委任番号を作る")
    found += _look(page, "me-delegation-wrong")
    page.get_by_label("ケアマネジャー").check()
    page.fill("input[name=until]", "2027-03-31")
    page.get_by_text("一部の手続だけを任せる").click()
    page.locator("input[name=procedures]").first.check()
    _press(page, "委任番号を作る")
    code = page.locator("strong.k-code").inner_text()
    found += _look(page, "me-code")
    _press(page, "サインアウト")
    found += _sign_in(page, cards[1])
    page.get_by_role("link", name="手続を任せる・代わりに行う").click()
    page.fill("input[name=code]", code)
    _press(page, "委任を受け取る")
    page.get_by_role("heading", name="代わりに手続できる方").wait_for()
    found += _look(page, "me-acting")
    page.get_by_role("link", name="English").click()
    found += _look(page, "me-acting-en")
    assert page.get_by_text("People for whom you may act").count() == 1
    assert found == []
