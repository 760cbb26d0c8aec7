"""A resident pays online: every way, pressed twice, without a webhook, the record (納付の手続きの試験)."""

import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from django.test import Client

from conftest import TOWN
from municipal.checkout.models import OnlinePayment, WebhookMessage
from municipal.checkout.operations import deliver
from municipal.checkout.rules.states import Kind, State
from municipal.checkout.simulator import Simulator
from municipal.checkout.tests.acting import NOON, a_slip, begun, body_of, later
from municipal.core import clock
from municipal.core.signatures import signed
from municipal.municipalities import wall
from municipal.payments.balances import Standing
from municipal.payments.models import Posting, Slip
from municipal.payments.operations import reverse
from municipal.payments.tests.booking import CLERK

from .paying import PAGE, opened, paid, standing, started


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def slip(committed_db: str) -> Slip:
    with wall.within(TOWN):
        return a_slip()


@pytest.fixture
def payer() -> Client:
    return Client(raise_request_exception=False)


def test_paying_by_card_is_provisional_at_once_and_certain_the_next_day(payer: Client, slip: Slip) -> None:
    back = paid(payer, slip)
    assert "受付済み（確認中）" in back.content.decode()
    path = back.request["PATH_INFO"]
    assert payer.get(f"{path}/receipt").status_code == 302
    assert standing(slip).outstanding == 30_000
    assert "もう一度納めないで" in payer.get(f"{PAGE}/slips/{slip.pk}").content.decode()
    with clock.stopped_at(later(25 * 60)):
        assert deliver(town=TOWN, until=clock.now()) == 1
        opened(payer, slip)
        assert standing(slip) == Standing(charged=30_000, applied=30_000)
        record = payer.get(f"{path}/receipt").content.decode()
        assert "令和8年11月20日" in record
        assert "見本" in record
        assert "甲野" not in record
        assert "納付済みです" in payer.get(f"{PAGE}/slips/{slip.pk}").content.decode()


def test_pressed_twice_it_is_one_payment_and_another_way_waits(payer: Client, slip: Slip) -> None:
    key = uuid4().hex
    assert started(payer, slip, key=key)["Location"] == started(payer, slip, key=key)["Location"]
    assert started(payer, slip)["Location"] == started(payer, slip)["Location"]
    other = started(payer, slip, "app")
    assert other.status_code == 422
    assert "別の方法で手続き中" in other.content.decode()
    with wall.within(TOWN):
        assert OnlinePayment.objects.count() == 1


def test_refused_left_and_taken_up_again(payer: Client, slip: Slip) -> None:
    assert "承認されませんでした" in paid(payer, slip, act="refuse").content.decode()
    assert "取りやめました" in paid(payer, slip, act="leave").content.decode()
    back = paid(payer, slip)
    assert "受付済み" in back.content.decode()
    cancelled = payer.post(back.request["PATH_INFO"] + "/cancel")
    assert cancelled.status_code == 302
    assert "受付済み" in payer.get(back.request["PATH_INFO"]).content.decode()


def test_a_number_for_a_cash_machine_is_issued_and_paid_later(payer: Client, slip: Slip) -> None:
    page = started(payer, slip, "pay_number")["Location"]
    issued = payer.post(page, {"act": "number", "fault": "none"})
    assert issued["Location"] == page
    assert "約1日" in payer.get(page).content.decode()
    back = payer.post(page, {"act": "back", "fault": "none"})["Location"]
    assert "まだ納めていません" in payer.get(back).content.decode()
    payer.post(page, {"act": "pay", "fault": "none"})
    assert "受付済み" in payer.get(back).content.decode()


def test_a_webhook_that_never_comes_is_not_missed(payer: Client, slip: Slip) -> None:
    assert "受付済み（確認中）" in paid(payer, slip, fault="lost").content.decode()
    with wall.within(TOWN):
        assert not WebhookMessage.objects.exists()


def test_above_the_limit_an_app_is_not_offered(payer: Client, committed_db: str) -> None:
    with wall.within(TOWN):
        slip = a_slip(300_001)
    opened(payer, slip)
    text = payer.get(f"{PAGE}/slips/{slip.pk}").content.decode()
    assert 'value="app"' not in text
    assert "額が大きいため" in text
    assert started(payer, slip, "app").status_code == 422


def test_without_a_provider_a_slip_is_shown_and_cannot_be_paid(payer: Client, slip: Slip, settings: Any) -> None:
    settings.KIJUN_PAYMENT_PROVIDER = ""
    opened(payer, slip)
    assert 'name="method"' not in payer.get(f"{PAGE}/slips/{slip.pk}").content.decode()
    answer = payer.post(f"{PAGE}/slips/{slip.pk}", {"method": "card", "key": "k"})
    assert "まだ使えません" in answer.content.decode()
    assert payer.post(f"/pay/webhooks/{TOWN}", b"{}", content_type="application/json").status_code == 503


def test_a_signed_webhook_is_answered_with_204_as_often_as_it_comes(payer: Client, slip: Slip) -> None:
    payment = begun(slip)
    body = body_of(payment.public, payment.reference, Kind.CAPTURED.value, 30_000)
    headers = signed(Simulator().secret, "m1", NOON, body)
    for _ in range(3):
        answer = payer.post(f"/pay/webhooks/{TOWN}", body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
    assert standing(slip).applied == 30_000
    forged = payer.post(
        f"/pay/webhooks/{TOWN}", body.replace(b"30000", b"29999"), content_type="application/json", headers=headers
    )
    assert forged.status_code == 401
    assert forged.json()["code"] == "not_signed_in"
    large = b"x" * 20_000
    headers = signed(Simulator().secret, "m2", NOON, large)
    assert payer.post(f"/pay/webhooks/{TOWN}", large, content_type="text/plain", headers=headers).status_code == 413
    assert payer.get(f"/pay/webhooks/{TOWN}").status_code == 405
    with wall.within(TOWN):
        assert OnlinePayment.objects.get().state == State.SUCCESS


def test_the_record_of_a_payment_is_a_paper_without_a_name(payer: Client, slip: Slip) -> None:
    path = paid(payer, slip).request["PATH_INFO"]
    assert payer.get(f"{path}/record.pdf").status_code == 302
    with clock.stopped_at(later(25 * 60)):
        deliver(town=TOWN, until=clock.now())
    answer = payer.get(f"{path}/record.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    page = pypdfium2.PdfDocument(answer.content)[0]
    text = page.get_textpage().get_text_range()
    assert "納付記録書" in text
    assert "30,000円" in text
    assert "令和8年11月20日" in text
    assert "見本" in text
    assert "甲野" not in text
    if folder := os.environ.get("KIJUN_PICTURES"):
        page.render(scale=1.2).to_pil().save(f"{folder}/pay-record.png")


def test_a_booking_that_a_clerk_took_back_is_no_receipt_any_more(payer: Client, slip: Slip) -> None:
    path = paid(payer, slip).request["PATH_INFO"]
    deliver(town=TOWN, until=later(25 * 60))
    assert payer.get(f"{path}/receipt").status_code == 200
    with wall.within(TOWN):
        posting = Posting.objects.get(kind="collect")
        reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="誤り")
    assert payer.get(f"{path}/receipt").status_code == 302
    assert payer.get(f"{path}/record.pdf").status_code == 302
