"""Mandates, debits and refunds in a real browser, at the desk and on a phone (口座振替・還付のブラウザでの試験)."""

from datetime import timedelta
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.banking.models import DebitRequest, TransferOrder
from municipal.banking.operations import order_refunds, request_debits, take_debit_results
from municipal.banking.tests.bank import answered, mandate, refund_account, town_known_to_its_bank
from municipal.core import clock
from municipal.core.business_days import next_business_day
from municipal.municipalities import wall
from municipal.payments.operations import revise
from municipal.payments.tests.booking import CLERK, charged, report, slip_of, taken

from .browsing import Town, faults, sign_in, visit

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(two_towns: str) -> list[str]:
    """A request with results, an open one, refunds of every kind; the paths of all pages."""
    with wall.within(TOWN):
        town_known_to_its_bank()
        people = list(Addressee.objects.order_by("pk")[:6])
        due_on = next_business_day(clock.today() + timedelta(days=9))
        for number, who in enumerate(people):
            first = mandate(who, number=f"12345{number}", holder="コウノ　タロウ")
            charged(owner=who, reference=f"D{number}", total_yen=24_300 + number, due_on=[due_on])
        protect(actor=CLERK, addressee=people[1], starts_on=clock.today(), ends_on=None, is_own=True)
        done = request_debits(actor=CLERK, fee="905", due_on=due_on, debit_on=due_on)
        take_debit_results(
            actor=CLERK, request=done, name="kekka.dat", data=answered(done, ["0", "1", "0", "2", "", "0"])
        )
        for number, who in enumerate(people[:4]):
            charge = charged(owner=who, fee="904", reference=f"R{number}", total_yen=10_800, due_on=[due_on])[0]
            taken(report(slip_of(charge).number, 10_800, reference=f"R{number}"))
            revise(actor=CLERK, assessment=charge.assessment, total_yen=2_000 * number, reason="廃車")
            if number != 2:
                refund_account(who, number=f"76543{number}")
            if number == 3:
                order_refunds(actor=CLERK, charges=[charge], pay_on=next_business_day(clock.today()))
        charged(owner=people[5], reference="later", total_yen=9_900, due_on=[due_on + timedelta(days=14)])
        numbers = DebitRequest.objects.get().pk, TransferOrder.objects.get().pk, first.pk
    base = "/money/banking"
    return [
        base, f"{base}/mandates", f"{base}/mandates/new", f"{base}/mandates/{numbers[2]}", f"{base}/debits",
        f"{base}/debits/new", f"{base}/debits/{numbers[0]}", f"{base}/refunds", f"{base}/refunds/{numbers[1]}",
        f"{base}/refunds/accounts/{people[0].number}",
    ]  # fmt: skip


def test_every_page_of_the_bank_is_accessible_at_the_desk_and_on_a_phone(
    pages: list[str], page: Any, served: Town, tmp_path: Any
) -> None:
    sign_in(page, served, "treasurer")
    assert visit(page, served, pages) == []
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        for number, path in enumerate(pages):
            page.goto(f"{served.url}{path}")
            page.screenshot(path=str(tmp_path / f"{width}-{number}.png"), full_page=True)


def test_a_refund_is_ticked_and_ordered_by_keyboard(pages: list[str], page: Any, served: Town) -> None:
    sign_in(page, served, "treasurer")
    page.goto(f"{served.url}/money/banking/refunds")
    page.locator("input[name=chosen]").first.focus()
    page.keyboard.press("Space")
    day = next_business_day(clock.today())
    page.fill("input[name=pay_on]", f"{day:%Y-%m-%d}")
    page.keyboard.press("Enter")
    page.get_by_text("振込データを作成しました").wait_for()
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_text("振込データを取り出す").click()
    assert download.value.suggested_filename.endswith(".dat")
