"""Refunds are guarded, endpoints keep their secrets (還付と通知先のAPIの試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office.models import KeptAnswer
from municipal.payments.balances import books, of_charges
from municipal.payments.models import Charge, Posting, PostingKind, WebhookEndpoint
from municipal.payments.operations import reverse
from municipal.payments.tests.booking import CLERK
from municipal.payments.webhooks import secret_of

from .machines import Machine
from .treasury import NOON, everything, overpaid


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def machine(db: None) -> Machine:
    return Machine("treasury", "payments.view", "payments.refund", "payments.settings")


class TestRefunds:
    """What goes back."""

    def test_what_is_over_is_paid_back_once(self, machine: Machine) -> None:
        body = {"charge": overpaid(), "yen": 5_000, "refund_amount_available": 5_000}
        first, second = machine.post("refunds", body, "k1"), machine.post("refunds", body, "k1")
        assert (first.status_code, first.content, first["Location"]) == (201, second.content, second["Location"])
        said = first.json()
        assert (said["yen"], said["state"], said["payer"]) == (5_000, "booked", "1")
        assert machine.get(f"refunds/{said['id']}").json() == said
        assert everything(machine, "refunds", payer="1") == [said]
        assert everything(machine, "refunds", charge=str(body["charge"])) == [said]
        with wall.within(TOWN):
            assert Posting.objects.filter(kind=PostingKind.REFUND).count() == 1
            assert books().broken() == []

    @pytest.mark.parametrize("available", [0, 4_999, 5_001])
    def test_who_saw_another_amount_is_told_so_and_nothing_is_booked(self, machine: Machine, available: int) -> None:
        body = {"charge": overpaid(), "yen": 1, "refund_amount_available": available}
        answer = machine.post("refunds", body)
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["messages"]["en"].endswith(".")
        with wall.within(TOWN):
            assert not Posting.objects.filter(kind=PostingKind.REFUND).exists()

    def test_a_second_refund_must_have_seen_the_first(self, machine: Machine) -> None:
        body = {"charge": overpaid(), "yen": 2_000, "refund_amount_available": 5_000}
        assert machine.post("refunds", body).status_code == 201
        assert machine.post("refunds", body).status_code == 412
        assert machine.post("refunds", body | {"refund_amount_available": 3_000}).status_code == 201

    def test_a_transfer_that_came_back_is_told(self, machine: Machine) -> None:
        made = machine.post("refunds", {"charge": overpaid(), "yen": 5_000, "refund_amount_available": 5_000}).json()
        with wall.within(TOWN):
            posting = Posting.objects.get(kind=PostingKind.REFUND)
            reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="口座なし")
        assert machine.get(f"refunds/{made['id']}").json()["state"] == "returned"

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"yen": 0}, "yen"), ({"yen": -1}, "yen"), ({"yen": 5_001}, "yen"), ({"yen": 1.5}, "yen"),
            ({"yen": "5000"}, "yen"), ({"yen": True}, "yen"), ({"yen": 10**20}, "yen"), ({"yen": None}, "yen"),
            ({"charge": 5}, "charge"), ({"charge": "ch_0"}, "charge"), ({"charge": "ch_99999999"}, "charge"),
            ({"charge": "rf_1"}, "charge"), ({"charge": None}, "charge"), ({"charge": "ch_1' OR 1=1"}, "charge"),
            ({"refund_amount_available": None}, "refund_amount_available"), ({"reason": "x"}, "body"),
        ],
    )  # fmt: skip
    def test_an_order_that_is_none_is_refused_by_its_field(
        self, machine: Machine, wrong: dict[str, Any], field: str
    ) -> None:
        body = {"charge": overpaid(), "yen": 1, "refund_amount_available": 5_000} | wrong
        answer = machine.post("refunds", body)
        assert answer.status_code in (400, 422), answer.content.decode()
        assert answer.json()["field"] == field
        with wall.within(TOWN):
            assert not Posting.objects.filter(kind=PostingKind.REFUND).exists()

    def test_who_may_only_see_may_not_pay_back(self, machine: Machine) -> None:
        viewer = Machine("viewer", "payments.view")
        body = {"charge": overpaid(), "yen": 1, "refund_amount_available": 5_000}
        assert viewer.post("refunds", body).status_code == 403
        assert viewer.get("refunds").status_code == 200

    def test_nothing_is_paid_back_without_a_key(self, machine: Machine) -> None:
        body = {"charge": overpaid(), "yen": 1, "refund_amount_available": 5_000}
        assert machine.post("refunds", body, "").status_code == 400


def test_of_eight_at_once_one_pays_back_and_seven_are_told(committed_db: str) -> None:
    machine = Machine("treasury", "payments.view", "payments.refund")
    body = {"charge": overpaid(), "yen": 5_000, "refund_amount_available": 5_000}

    def one(number: int) -> int:
        try:
            with clock.stopped_at(NOON):
                status: int = machine.post("refunds", body, f"own-{number}").status_code
            return status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(one, range(8), timeout=60))
    assert statuses == [201, *[412] * 7]
    with wall.within(TOWN):
        charge = Charge.objects.order_by("pk")[0]
        assert of_charges([charge.pk])[charge.pk].overpaid == 0
        assert books().broken() == []


class TestEndpoints:
    """Who is told."""

    BODY = {"url": "https://accounting.example.jp/hook", "events": ["payments.collected"]}

    def test_a_secret_is_shown_once_and_kept_nowhere(self, machine: Machine) -> None:
        made = machine.post("webhook-endpoints", self.BODY, "k1")
        assert made.status_code == 201
        secret = made.json()["secret"]
        assert secret.startswith("whsec_")
        again = machine.post("webhook-endpoints", self.BODY, "k1")
        assert again.json() == {name: value for name, value in made.json().items() if name != "secret"}
        assert "secret" not in machine.get(f"webhook-endpoints/{made.json()['id']}").json()
        assert secret not in machine.get("webhook-endpoints").content.decode()
        with wall.within(TOWN):
            assert secret not in str([*KeptAnswer.objects.values(), *WebhookEndpoint.objects.values()])
            assert len(secret_of(WebhookEndpoint.objects.get())) == 32

    def test_an_address_is_disabled_and_stays_on_the_list(self, machine: Machine) -> None:
        number = machine.post("webhook-endpoints", self.BODY).json()["id"]
        answer = machine.post(f"webhook-endpoints/{number}/disable", {"because": "移転"})
        assert answer.json()["disabled_at"] == "2026-11-20T12:00:00+09:00"
        for wrong, status in (({"x": 1}, 400), ({}, 422), ({"because": 5}, 422), ({"because": " "}, 422)):
            assert machine.post(f"webhook-endpoints/{number}/disable", wrong).status_code == status
        assert machine.get("webhook-endpoints").json()["results"] == [answer.json()]
        assert machine.get(f"webhook-endpoints/{number}").json()["calls"] == []

    @pytest.mark.parametrize(
        "wrong",
        [{"url": "http://10.0.0.1/"}, {"url": 5}, {"url": ""}, {"events": []}, {"events": "all"}, {"events": ["x"]},
         {"events": [5]}, {"events": None}, {"secret": "mine"}],
    )  # fmt: skip
    def test_an_address_that_is_none_is_refused(self, machine: Machine, wrong: dict[str, Any]) -> None:
        assert machine.post("webhook-endpoints", self.BODY | wrong).status_code in (400, 422)
        with wall.within(TOWN):
            assert not WebhookEndpoint.objects.exists()

    def test_only_who_may_set_may_register_or_see(self, machine: Machine) -> None:
        viewer = Machine("viewer", "payments.view", "payments.refund")
        assert viewer.post("webhook-endpoints", self.BODY).status_code == 403
        assert viewer.get("webhook-endpoints").status_code == 403
