"""A resident on a phone is shown what the municipality has; a clerk sees what changed (引用のブラウザでの試験)."""

import os
from typing import Any

import pytest

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import PIN, card_of, resident
from municipal.applications.models import Case
from municipal.applications.tests.acting import stepped
from municipal.applications.tests.prefilled import a_filled_draft, sent
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.people import newcomer

from .browsing import DESK, PHONE, Town, faults, sign_in

pytestmark = pytest.mark.browser


def _look(page: Any, name: str) -> list[str]:
    if folder := os.environ.get("KIJUN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return faults(page)


@pytest.fixture
def card(two_towns: str) -> Card:
    with wall.within(TOWN):
        return card_of(resident(has_care_insurance=True).addressee)


@pytest.fixture
def case(two_towns: str) -> Case:
    """In the substance check; a child was born meanwhile."""
    with wall.within(TOWN):
        her = resident(resident_code="99900000010", name="乙野　葉")
        draft, token = a_filled_draft("nursery-status", her.addressee, {"is_unchanged": True})
        found = stepped(sent(draft, token), "accept", "pass_form")
        home = ResidentRecord.objects.get(pk=her.pk).household
        newcomer(valid_from=her.processed_on, household=home, is_head=False, name="乙野　新", relationship="子",
                 member_order=2, resident_code="99900000029")  # fmt: skip
        return found


def test_what_is_held_is_confirmed_on_a_phone(card: Card, page: Any, served: Town) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{served.url}/apply/{TOWN}/move-within")
    page.get_by_role("link", name="カードでサインインする").first.click()
    page.fill("input[name=number]", card.number)
    page.fill("input[name=pin]", PIN)
    page.get_by_role("button", name="渡してサインインする", exact=True).click()
    page.get_by_role("button", name="申請をはじめる", exact=True).click()
    page.goto(page.url.replace("/pages/you", "/pages/held"))
    found = _look(page, "held-page")
    page.locator("main button.k-button[value=next]").click()
    page.locator(".k-field--wrong").first.wait_for()
    found += _look(page, "held-wrong")
    for group in page.locator("main fieldset:has(input[type=radio])").all():
        group.locator("input[type=radio]").first.check()
    for language in ("en", "ko", "ja-easy", "ja"):
        page.goto(f"{page.url.partition('?')[0]}?lang={language}")
        found += _look(page, f"held-{language}")
    page.set_viewport_size(DESK)
    found += _look(page, "held-desk")
    for group in page.locator("main fieldset:has(input[type=radio])").all():
        group.locator("input[type=radio]").first.check()
    page.locator("main button.k-button[value=next]").click()
    page.wait_for_url("**/check?**")
    found += _look(page, "held-check")
    assert found == []


def test_a_clerk_ticks_what_changed(case: Case, page: Any, served: Town) -> None:
    sign_in(page, served, "chief")
    found = []
    for size, name in ((PHONE, "phone"), (DESK, "desk")):
        page.set_viewport_size(size)
        page.goto(f"{served.url}/cases/{case.pk}")
        found += _look(page, f"differences-{name}")
    page.get_by_label("上の違いをすべて確かめました").check()
    page.get_by_role("button", name="確かめたことを記録する").click()
    page.get_by_text("違いを確かめたことを記録しました。").wait_for()
    found += _look(page, "differences-seen")
    for size, name in ((PHONE, "phone"), (DESK, "desk")):
        page.set_viewport_size(size)
        page.goto(f"{served.url}/procedures/{TOWN}/principles")
        found += _look(page, f"principles-{name}")
    assert found == []
