"""Webhooks as they really come: twice, late, out of order, all at once, forged (通知の試験)."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from conftest import OTHER_TOWN, TOWN
from municipal.checkout.models import OnlinePayment, Outcome, WebhookMessage
from municipal.checkout.operations import receive
from municipal.checkout.rules.states import Kind, State
from municipal.checkout.signatures import verified
from municipal.checkout.simulator import Simulator
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.core.signatures import ID, SIGNATURE, TIMESTAMP, signed
from municipal.municipalities import wall
from municipal.payments.balances import Standing, books, of_charges
from municipal.payments.models import Posting, Report, Slip
from municipal.payments.operations import close_through
from municipal.payments.tests.booking import CLERK, report, taken

from .acting import NOON, a_slip, begun, body_of, hook, later

SECRET = b"a secret of the tests"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def slip(town: int) -> Slip:
    return a_slip()


@pytest.fixture
def payment(slip: Slip) -> OnlinePayment:
    return begun(slip)


def standing(slip: Slip) -> Standing:
    assert books().broken() == []
    return of_charges([slip.charge_id])[slip.charge_id]


def state(payment: OnlinePayment) -> str:
    return OnlinePayment.objects.get(pk=payment.pk).state


def test_a_known_vector_of_the_signature_is_reproduced() -> None:
    """Computed by hand with openssl: HMAC-SHA256 of id.timestamp.body."""
    headers = signed(SECRET, "msg_1", NOON, b'{"a":1}')
    assert headers == {ID: "msg_1", TIMESTAMP: "1795143600", SIGNATURE: SIGNED_VECTOR}


SIGNED_VECTOR = "v1,kYud7gNLaMUMNZG6WMkiFzydY+t9NU4eSBAMfUt5Qsg="


@pytest.mark.parametrize("seconds", [-301, 301, 3600, 86_400 * 30])
def test_a_signature_of_another_time_is_refused(seconds: int) -> None:
    headers = signed(SECRET, "m", NOON + timedelta(seconds=seconds), b"x")
    with pytest.raises(Refused, match="署名"):
        verified(SECRET, headers, b"x")


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_signature_within_five_minutes_is_taken(seconds: int) -> None:
    assert verified(SECRET, signed(SECRET, "m", NOON + timedelta(seconds=seconds), b"x"), b"x") == "m"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (ID, "other"), (ID, ""), (ID, "x" * 65), (ID, "a b"), (TIMESTAMP, ""), (TIMESTAMP, "1e9"),
        (TIMESTAMP, "１７９５１４３６００"), (TIMESTAMP, "9" * 400), (SIGNATURE, ""), (SIGNATURE, "v1,"),
        (SIGNATURE, "v1,\ud800"), (SIGNATURE, "v2,abc v1"),
    ],
)  # fmt: skip
def test_whatever_of_it_is_changed_it_is_refused_in_the_same_words(header: str, said: str) -> None:
    headers = signed(SECRET, "m", NOON, b"x") | {header: said}
    with pytest.raises(Refused) as found:
        verified(SECRET, headers, b"x")
    assert found.value.code == "not_signed_in"


def test_the_body_the_secret_and_the_version_count() -> None:
    headers = signed(SECRET, "m", NOON, b"x")
    for secret, body in ((SECRET, b"y"), (b"another", b"x")):
        with pytest.raises(Refused):
            verified(secret, headers, body)
    old = headers | {SIGNATURE: headers[SIGNATURE].replace("v1,", "v0,")}
    with pytest.raises(Refused):
        verified(SECRET, old, b"x")
    both = headers | {SIGNATURE: f"v1,b3RoZXI= {headers[SIGNATURE]}"}
    assert verified(SECRET, both, b"x") == "m"


@pytest.mark.parametrize(
    "change",
    [
        {"yen": 0}, {"yen": -1}, {"yen": "30000"}, {"yen": True}, {"yen": 1.5}, {"yen": 10**12}, {"yen": None},
        {"type": "exploded"}, {"type": 1}, {"payment": "x"}, {"payment": None}, {"at": "yesterday"},
        {"at": "2026-11-20T12:00:00"}, {"paid_on": "2026-02-30"}, {"refund": "x"}, {"town": "town"}, {"code": None},
    ],
)  # fmt: skip
def test_a_signed_body_that_is_no_notice_books_nothing(payment: OnlinePayment, change: dict[str, object]) -> None:
    usual = {"payment": payment.public, "reference": payment.reference, "kind": "captured", "yen": 30_000}
    said = {"kind": change.pop("type")} if "type" in change else change
    body = body_of(**(usual | said))  # type: ignore[arg-type]
    if change == {"code": None}:
        body = body.replace(b', "code": null', b"")
    with pytest.raises(Refused) as found:
        receive(town=TOWN, headers=signed(Simulator().secret, uuid4().hex, NOON, body), body=body)
    assert found.value.code == "bad_request"
    assert not WebhookMessage.objects.exists()
    assert state(payment) == State.STARTED


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 5_000, b'"x"', b"null", b"NaN"])
def test_bytes_that_are_nothing_are_refused(town: int, body: bytes) -> None:
    with pytest.raises(Refused) as found:
        receive(town=TOWN, headers=signed(Simulator().secret, "m", NOON, body), body=body)
    assert found.value.code == "bad_request"


def test_a_message_for_another_town_is_refused(committed_db: str) -> None:
    with wall.within(TOWN):
        slip = a_slip()
    payment = begun(slip)
    with pytest.raises(Refused) as found:
        hook(payment, Kind.CAPTURED, town=OTHER_TOWN)
    assert found.value.code == "not_signed_in"


def test_success_is_noted_and_captured_is_booked(slip: Slip, payment: OnlinePayment) -> None:
    assert hook(payment, Kind.SUCCESS) == Outcome.APPLIED
    assert standing(slip).outstanding == 30_000
    assert Report.objects.get().stage == "provisional"
    assert hook(payment, Kind.CAPTURED) == Outcome.APPLIED
    assert standing(slip) == Standing(charged=30_000, applied=30_000)


def test_the_same_message_again_changes_nothing_and_neither_does_the_same_fact(
    slip: Slip, payment: OnlinePayment
) -> None:
    hook(payment, Kind.CAPTURED, "m1")
    for _ in range(3):
        assert hook(payment, Kind.CAPTURED, "m1") == Outcome.NOTHING_NEW
    assert hook(payment, Kind.CAPTURED, "m2") == Outcome.NOTHING_NEW
    assert hook(payment, Kind.SUCCESS, "m3") == Outcome.APPLIED
    assert standing(slip) == Standing(charged=30_000, applied=30_000)
    assert WebhookMessage.objects.count() == 3


def test_an_older_message_never_turns_a_payment_back(slip: Slip, payment: OnlinePayment) -> None:
    hook(payment, Kind.CAPTURED)
    for kind in (Kind.STARTED, Kind.SUBMITTED, Kind.FAILED, Kind.CANCELLED, Kind.ERROR, Kind.SUCCESS, Kind.SETTLED):
        hook(payment, kind)
        assert state(payment) == State.SUCCESS
    assert standing(slip).applied == 30_000


def test_taken_back_after_the_provisional_report_it_can_be_paid_again(slip: Slip, payment: OnlinePayment) -> None:
    hook(payment, Kind.SUCCESS)
    hook(payment, Kind.REVERSED)
    assert state(payment) == State.REVERSED
    second = begun(slip)
    assert second.public != payment.public
    hook(second, Kind.CAPTURED)
    assert standing(slip) == Standing(charged=30_000, applied=30_000)


@pytest.mark.parametrize("kinds", [(Kind.CAPTURED, Kind.REVERSED), (Kind.REVERSED, Kind.CAPTURED)])
def test_certain_and_taken_back_is_unpaid_and_shown_to_people(
    slip: Slip, payment: OnlinePayment, kinds: tuple[Kind, Kind]
) -> None:
    assert [hook(payment, kind) for kind in kinds][1] == Outcome.CONTESTED
    assert standing(slip) == Standing(charged=30_000, outstanding=30_000)


def test_another_amount_is_booked_as_it_came_and_shown_to_people(slip: Slip, payment: OnlinePayment) -> None:
    assert hook(payment, Kind.CAPTURED, yen=12_000) == Outcome.CONTESTED
    assert standing(slip).applied == 12_000
    assert Report.objects.get().match == "differs"


def test_a_message_about_nothing_we_know_is_kept_and_books_nothing(payment: OnlinePayment) -> None:
    body = body_of(uuid4(), "R", "captured", 500)
    found = receive(town=TOWN, headers=signed(Simulator().secret, "m", NOON, body), body=body)
    assert found == Outcome.UNKNOWN
    assert WebhookMessage.objects.get().outcome == Outcome.UNKNOWN
    assert not Posting.objects.filter(kind="collect").exists()


def test_the_file_of_the_channel_and_the_webhook_are_one_report_whichever_comes_first(
    slip: Slip, payment: OnlinePayment
) -> None:
    said = {"channel": "site", "paid_on": "2026-11-20", "place": "", "reference": payment.reference}
    hook(payment, Kind.SUCCESS)
    taken(report(slip.number, 30_000, **said))
    hook(payment, Kind.CAPTURED)
    assert standing(slip) == Standing(charged=30_000, applied=30_000)
    again = taken(report(slip.number, 30_000, **said), report("9" * 20, 5))
    assert again.repeated == 1


def test_store_and_app_both_make_the_second_an_over_payment(slip: Slip) -> None:
    payment = begun(slip, "app")
    taken(report(slip.number, 30_000))
    hook(payment, Kind.CAPTURED)
    assert standing(slip) == Standing(charged=30_000, applied=30_000, overpaid=30_000)


def test_in_a_closed_period_the_message_is_refused_whole_and_taken_the_next_day(
    slip: Slip, payment: OnlinePayment
) -> None:
    close_through(actor=CLERK, day=NOON.date())
    with pytest.raises(Refused), transaction.atomic():
        hook(payment, Kind.CAPTURED, "m1")
    assert not WebhookMessage.objects.exists()
    assert state(payment) == State.STARTED
    with clock.stopped_at(later(24 * 60)):
        assert hook(payment, Kind.CAPTURED, "m1") == Outcome.APPLIED
    assert standing(slip).applied == 30_000
