"""Staff look at payments made online, pay back, and play the channels (オンライン納付の管理の試験)."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.checkout.models import OnlinePayment, RefundRequest, Simulated
from municipal.checkout.operations import play_act
from municipal.checkout.operations.actors import PAYER
from municipal.checkout.rules.states import Kind
from municipal.checkout.tests.acting import NOON, a_slip, begun, hook
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.payments.models import Slip
from municipal.payments.operations import revise
from municipal.payments.tests.booking import CLERK

from .paying import standing

EVERYTHING = ("payments.view", "payments.refund", "payments.settings", "payments.collect")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def treasurer(committed_db: str) -> Client:
    return browser_of(somebody(*EVERYTHING))


@pytest.fixture
def slip(committed_db: str) -> Slip:
    with wall.within(TOWN):
        return a_slip()


@pytest.fixture
def payment(slip: Slip) -> OnlinePayment:
    """Paid by card and certain, then reduced: 18,000 yen are over."""
    made = begun(slip)
    with wall.within(TOWN):
        play_act(actor=PAYER, reference=made.reference, act="pay")
    hook(made, Kind.CAPTURED)
    with wall.within(TOWN):
        revise(actor=CLERK, assessment=slip.charge.assessment, total_yen=12_000, reason="更正")
    return made


def refunded(client: Client, payment: OnlinePayment, yen: int, seen: int, key: str = "") -> Any:
    said = {"yen": yen, "refund_amount_available": seen, "key": key or uuid4().hex}
    return client.post(f"/money/online/{payment.public}/refund", said)


def test_who_may_see_and_who_may_pay_back(payment: OnlinePayment) -> None:
    viewer = browser_of(somebody("payments.view", login_name="viewer"))
    stranger = browser_of(somebody("residents.view", login_name="stranger"))
    for path in ("/money/online", f"/money/online/{payment.public}"):
        assert viewer.get(path).status_code == 200
        assert stranger.get(path).status_code == 403
    assert "還付を記帳して依頼する" not in viewer.get(f"/money/online/{payment.public}").content.decode()
    assert refunded(viewer, payment, 1, 18_000).status_code == 403
    for path in ("/money/simulator", "/money/simulator/2026-11-20.csv"):
        assert viewer.get(path).status_code == 403


def test_the_list_is_narrowed_and_who_was_shown_is_logged(treasurer: Client, payment: OnlinePayment) -> None:
    assert str(payment.public) in treasurer.get("/money/online?state=success").content.decode()
    assert str(payment.public) not in treasurer.get("/money/online?state=failed").content.decode()
    assert str(payment.public) in treasurer.get(f"/money/online?number={payment.slip.number[-4:]}").content.decode()
    assert treasurer.get("/money/online?state=nothing&number=%00&page=x").status_code in (200, 422)
    with wall.within(TOWN):
        seen = Entry.objects.filter(screen="online:list", kind="disclosure")
        assert {tuple(one.subjects) for one in seen} == {(payment.slip.charge.assessment.payer_id,)}


def test_a_message_that_does_not_fit_is_shown_to_people(treasurer: Client, slip: Slip) -> None:
    hook(begun(slip), Kind.CAPTURED, yen=1)
    text = treasurer.get("/money/online").content.decode()
    assert "確かめてほしい通知" in text
    assert "金額・番号が違う" in text


def test_a_refund_is_booked_once_however_often_it_is_sent(treasurer: Client, payment: OnlinePayment) -> None:
    page = treasurer.get(f"/money/online/{payment.public}").content.decode()
    assert "18,000円" in page
    for _ in range(3):
        assert refunded(treasurer, payment, 8_000, 18_000, "one-key").status_code == 302
    assert standing(payment.slip).refunded == 8_000
    assert "結果待ち" in treasurer.get(f"/money/online/{payment.public}").content.decode()


def test_when_the_amount_has_changed_the_answer_is_412_and_nothing_is_booked(
    treasurer: Client, payment: OnlinePayment
) -> None:
    refunded(treasurer, payment, 8_000, 18_000)
    answer = refunded(treasurer, payment, 8_000, 18_000)
    assert answer.status_code == 412
    assert "変わっています" in answer.content.decode()
    assert standing(payment.slip).refunded == 8_000


@pytest.mark.parametrize(("yen", "seen"), [("0", "18000"), ("18001", "18000"), ("x", "18000"), ("1", ""), ("", "")])
def test_no_refund_of_an_amount_that_is_none(treasurer: Client, payment: OnlinePayment, yen: str, seen: str) -> None:
    said = {"yen": yen, "refund_amount_available": seen, "key": "k"}
    answer = treasurer.post(f"/money/online/{payment.public}/refund", said)
    assert answer.status_code == 422
    with wall.within(TOWN):
        assert not RefundRequest.objects.exists()


def test_a_payment_that_is_not_there_is_not_found(treasurer: Client) -> None:
    assert treasurer.get(f"/money/online/{uuid4()}").status_code == 404
    assert treasurer.get("/money/online/none").status_code == 404


def test_what_went_back_to_a_card_is_not_offered_to_the_bank(treasurer: Client, payment: OnlinePayment) -> None:
    assert "18,000" in treasurer.get("/money/banking/refunds").content.decode()
    refunded(treasurer, payment, 18_000, 18_000)
    assert "18,000" not in treasurer.get("/money/banking/refunds").content.decode()


def test_a_trainer_pays_at_a_bank_and_the_file_is_taken_in(treasurer: Client, slip: Slip) -> None:
    said = {"channel": "bank", "number": slip.number, "yen": "", "place": "0001", "fault": "none", "key": "k1"}
    for _ in range(2):
        assert treasurer.post("/money/simulator", said).status_code == 302
    with wall.within(TOWN):
        assert Simulated.objects.count() == 1
    file = treasurer.get("/money/simulator/2026-11-21.csv")
    assert file["Content-Disposition"].startswith("attachment")
    assert slip.number in file.content.decode()
    assert slip.number in treasurer.get("/money/simulator").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"number": "1"}, {"channel": "moon"}, {"yen": "-1"}, {"yen": "9" * 30}, {"fault": "x"}, {"place": "x" * 21}],
)
def test_what_no_channel_takes_is_said_beside_its_field(treasurer: Client, slip: Slip, wrong: dict[str, str]) -> None:
    said = {"channel": "bank", "number": slip.number, "yen": "", "place": "", "fault": "none", "key": "k"} | wrong
    assert treasurer.post("/money/simulator", said).status_code == 422
    with wall.within(TOWN):
        assert not Simulated.objects.exists()


def test_a_day_that_is_none_has_no_file_and_a_wrong_choice_sends_nothing(treasurer: Client, slip: Slip) -> None:
    for day in ("2026-02-30", "tomorrow", "20261120"):
        assert treasurer.get(f"/money/simulator/{day}.csv").status_code == 404
    begun(slip)
    assert treasurer.post("/money/simulator/send", {"days": "400"}).status_code == 302


def test_outside_of_training_there_is_no_simulator(treasurer: Client, slip: Slip, settings: Any) -> None:
    settings.KIJUN_PAYMENT_PROVIDER = ""
    assert treasurer.get("/money/simulator").status_code == 503
    assert treasurer.get("/money/simulator/2026-11-20.csv").status_code == 503
    assert "設定されていません" in treasurer.get("/money/online").content.decode()


def test_the_audit_says_that_a_payer_acted_and_not_the_machine(payment: OnlinePayment) -> None:
    auditor = browser_of(somebody("audit.view", login_name="auditor"))
    text = auditor.get("/audit").content.decode()
    assert "納付書を持つ方" in text
    assert "checkout.start" in text
