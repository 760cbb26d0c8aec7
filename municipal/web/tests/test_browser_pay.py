"""A resident with a phone pays a slip; a treasurer looks at it (納付のブラウザでの試験)."""

import os
from typing import Any

import pytest

from conftest import TOWN
from municipal.checkout.tests.acting import a_slip
from municipal.municipalities import wall
from municipal.payments.models import Slip

from .browsing import PHONE, Town, faults, sign_in, visit

pytestmark = pytest.mark.browser


@pytest.fixture
def slip(two_towns: str) -> Slip:
    with wall.within(TOWN):
        a_slip(12_300, reference="0002", fee="901")
        return a_slip(300_001)


def _look(page: Any, name: str) -> list[str]:
    if folder := os.environ.get("KIJUN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return faults(page)


def _press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_slip_is_paid_on_a_phone(slip: Slip, page: Any, served: Town) -> None:
    page.set_viewport_size(PHONE)
    found, here = [], f"{served.url}/pay/{TOWN}"
    page.goto(here)
    found += _look(page, "pay-enter")
    page.fill("input[name=code]", slip.number)
    page.fill("input[name=confirmation]", "x")
    _press(page, "納付書をひらく")
    found += _look(page, "pay-wrong")
    page.fill("input[name=confirmation]", slip.confirmation)
    _press(page, "納付書をひらく")
    found += _look(page, "pay-slip")
    _press(page, "300,001円を納める手続きへ進む")
    found += _look(page, "pay-no-way")
    page.get_by_label("ペイジー番号").check()
    _press(page, "300,001円を納める手続きへ進む")
    found += _look(page, "pay-simulator")
    _press(page, "ペイジーの番号を発行する")
    found += _look(page, "pay-number")
    _press(page, "支払わずに戻る（あとで支払う）")
    found += _look(page, "pay-open")
    page.get_by_role("link", name="支払サービスの画面へ進む").click()
    _press(page, "ATMで支払ったことにする")
    page.get_by_text("受付済み（確認中）").wait_for()
    found += _look(page, "pay-received")
    back = page.url
    sign_in(page, served, "treasurer")
    page.goto(f"{served.url}/money/simulator")
    page.select_option("select[name=days]", "7")
    _press(page, "通知を送る")
    page.goto(back)
    page.get_by_role("link", name="納付の記録を見る").click()
    found += _look(page, "pay-receipt")
    page.goto(here)
    found += _look(page, "pay-mine")
    page.get_by_role("link", name="English").click()
    found += _look(page, "pay-mine-en")
    assert page.get_by_text("Slips you opened").count() == 1
    assert "甲野" not in page.content()
    assert found == []


def test_a_treasurer_looks_at_payments_and_plays_the_channels(slip: Slip, page: Any, served: Town) -> None:
    sign_in(page, served, "treasurer")
    page.goto(f"{served.url}/money/simulator")
    page.fill("input[name=number]", slip.number)
    page.select_option("select[name=channel]", "bank")
    page.select_option("select[name=fault]", "twice")
    _press(page, "納めたことにする")
    page.get_by_text("支払いを記録しました").wait_for()
    found = _look(page, "simulator")
    page.goto(f"{served.url}/pay/{TOWN}")
    page.fill("input[name=code]", slip.number)
    page.fill("input[name=confirmation]", slip.confirmation)
    _press(page, "納付書をひらく")
    page.get_by_label("クレジットカード").check()
    _press(page, "300,001円を納める手続きへ進む")
    _press(page, "300,001円を支払う")
    page.goto(f"{served.url}/money/online")
    found += _look(page, "online-list")
    page.get_by_role("link", name="令和").first.click()
    page.get_by_role("heading", name="経過").wait_for()
    found += _look(page, "online-detail")
    found += visit(page, served, ["/money/online", "/money/simulator"])
    assert found == []
