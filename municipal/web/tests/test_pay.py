"""A resident pays online, without signing in: pages, numbers, guesses, webhooks (オンライン納付の画面の試験)."""

import re
from collections.abc import Iterator
from time import time
from uuid import uuid4

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.checkout.models import FailedLookup
from municipal.checkout.tests.acting import NOON, a_slip, later
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.codes import codes_of
from municipal.payments.models import Slip

from .paying import PAGE, opened, paid


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


def test_a_slip_is_opened_by_its_numbers_and_says_nobody_s_name(payer: Client, slip: Slip) -> None:
    shown = payer.get(opened(payer, slip)["Location"])
    text = shown.content.decode()
    assert "30,000円" in text
    assert "固定資産税" in text
    assert "甲野" not in text
    assert slip.number not in text
    assert slip.confirmation not in text
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "fee", "way"),
    [
        ("ja", "固定資産税・都市計画税", "クレジットカード"),
        ("ja-easy", "土地や家の税金", "口座から払う"),
        ("en", "Property tax and city planning tax", "Credit card"),
        ("ko", "고정자산세·도시계획세", "신용카드"),
    ],
)
def test_what_is_paid_and_how_is_said_in_the_readers_language(
    language: str, fee: str, way: str, payer: Client, slip: Slip
) -> None:
    page = opened(payer, slip)["Location"]
    text = payer.get(f"{page}?lang={language}").content.decode()
    assert fee in text
    assert way in text
    assert fee in payer.get(PAGE).content.decode()


def test_el_number_and_el_qr_open_it_without_the_confirmation_number(payer: Client, slip: Slip) -> None:
    with wall.within(TOWN):
        codes = codes_of(Slip.objects.select_related("charge__assessment").get(pk=slip.pk))
    spaced = " ".join(re.findall(".{1,4}", codes.el_number))
    for code in (codes.el_number, spaced, codes.el_qr):
        assert opened(payer, slip, code=code, confirmation="").status_code == 302, code
    broken = codes.el_qr[:-1] + str((int(codes.el_qr[-1]) + 1) % 10)
    assert opened(payer, slip, code=broken, confirmation="").status_code == 422


def test_an_unknown_number_and_a_wrong_confirmation_are_answered_alike(payer: Client, slip: Slip) -> None:
    wrong = f"{(int(slip.confirmation) + 1) % 10**6:06d}"
    said = []
    for number, confirmation in ((slip.number, wrong), ("9" * 20, slip.confirmation)):
        answer = opened(payer, slip, code=number, confirmation=confirmation)
        page = answer.content.decode().replace(number, "").replace(confirmation, "")
        said.append((answer.status_code, re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", page)))
    assert said[0] == said[1]
    assert said[0][0] == 422
    assert "見つかりません" in said[0][1]


def test_five_wrong_confirmations_shut_the_number_even_for_the_right_one(payer: Client, slip: Slip) -> None:
    wrong = f"{(int(slip.confirmation) + 1) % 10**6:06d}"
    for _ in range(5):
        opened(payer, slip, confirmation=wrong)
    answer = opened(payer, slip)
    assert answer.status_code == 422
    assert "15分" in answer.content.decode()
    with clock.stopped_at(later(16)):
        assert opened(payer, slip).status_code == 302
    with wall.within(TOWN):
        assert FailedLookup.objects.count() == 5


def test_one_address_cannot_try_number_after_number(payer: Client, slip: Slip) -> None:
    for number in range(20):
        opened(payer, slip, code=f"{number:020d}", confirmation="000000")
    assert "15分" in opened(payer, slip).content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert opened(elsewhere, slip).status_code == 302


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"code": ""}, "番号を入れて"),
        ({"code": "12a"}, "桁数"),
        ({"code": "1" * 21}, "桁数"),
        ({"code": "1" * 255}, "読み取れていません"),
        ({"code": "1" * 401}, "番号を入れて"),
        ({"code": "\x00" + "1" * 19}, ""),
        ({"confirmation": ""}, "6桁"),
        ({"confirmation": "12345"}, "6桁"),
        ({"confirmation": "１２３４５x"}, "6桁"),
        ({"code": "'; DROP TABLE payments_slip; --"}, "桁数"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(
    payer: Client, slip: Slip, said: dict[str, str], words: str
) -> None:
    answer = opened(payer, slip, **said)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("code", ["000000", "abcdef", "99001", "9900190", "９９００１９", "%00%00%00%00%00%00"])
def test_a_town_that_is_none_is_not_found(payer: Client, slip: Slip, code: str) -> None:
    assert payer.get(f"/pay/{code}").status_code == 404
    assert payer.post(f"/pay/webhooks/{code}", b"{}", content_type="application/json").status_code == 404


def test_slip_and_payment_are_there_only_for_the_browser_that_opened_it(payer: Client, slip: Slip) -> None:
    back = paid(payer, slip).request["PATH_INFO"]
    stranger = Client()
    for path in (f"{PAGE}/slips/{slip.pk}", back, f"{back}/receipt"):
        assert payer.get(path).status_code in (200, 302)
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"{back}/cancel").status_code == 404
    stranger.cookies["kijun_slips"] = f"[{slip.pk}]"
    assert stranger.get(back).status_code == 404


def test_what_a_browser_opened_is_forgotten_on_demand_after_two_hours_and_in_another_town(
    payer: Client, slip: Slip, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(payer, slip)
    with wall.within(OTHER_TOWN):
        a_slip()
    assert payer.get(f"/pay/{OTHER_TOWN}/slips/{slip.pk}").status_code == 404
    assert "30,000円" in payer.get(PAGE).content.decode()
    payer.post(f"{PAGE}/forget")
    assert "30,000円" not in payer.get(PAGE).content.decode()
    assert payer.get(f"{PAGE}/slips/{slip.pk}").status_code == 404
    opened(payer, slip)
    now = time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 7_199)
    assert payer.get(f"{PAGE}/slips/{slip.pk}").status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 7_202)
    assert payer.get(f"{PAGE}/slips/{slip.pk}").status_code == 404


def test_pages_take_no_form_without_its_token(slip: Slip) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in (PAGE, f"{PAGE}/forget", f"{PAGE}/slips/{slip.pk}", f"{PAGE}/payments/{uuid4()}/cancel"):
        assert strict.post(path, {"code": slip.number}).status_code == 403
