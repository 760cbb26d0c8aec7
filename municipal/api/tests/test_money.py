"""Charges, payments, refunds and the feed, for whom they are meant and nobody else (公金APIの試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office.models import KeptAnswer
from municipal.payments.balances import books, of_charges
from municipal.payments.models import Charge, Posting, PostingKind, WebhookEndpoint
from municipal.payments.operations import reverse, revise
from municipal.payments.tests.booking import CLERK, charged, collected, report, slip_of, taken
from municipal.payments.webhooks import secret_of

from .machines import Machine

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
LATER = NOON + timedelta(minutes=5)
LISTS = ("charges", "payments", "refunds", "payment-events")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def machine(db: None) -> Machine:
    return Machine("treasury", "payments.view", "payments.refund", "payments.settings")


def some_charges(**said: Any) -> list[Charge]:
    with wall.within(TOWN):
        return charged(**said)


def overpaid() -> str:
    """A charge that was paid 5,000 yen too much; its id for the API."""
    with wall.within(TOWN):
        charge = charged()[0]
        collected(charge, 25_900, "notice:1", over=5_000)
    return f"ch_{charge.pk}"


def everything(machine: Machine, path: str, **said: str) -> list[dict[str, Any]]:
    """Every row of a list, page by page."""
    rows, cursor = [], ""
    while True:
        query = "&".join(f"{name}={value}" for name, value in {**said, "cursor": cursor}.items() if value)
        answer = machine.get(f"{path}?limit=2&{query}")
        assert answer.status_code == 200, answer.content.decode()
        page = answer.json()
        rows += page["results"]
        if not page["next"] or not page.get("has_more", True):
            return rows
        cursor = page["next"]


class TestCharges:
    """What is owed."""

    def test_a_charge_says_how_it_stands_and_who_by_number_only(self, machine: Machine) -> None:
        charge = some_charges()[0]
        with wall.within(TOWN):
            collected(charge, 900, "notice:1")
        answer = machine.get("charges?limit=1")
        assert answer.json()["results"] == [
            {
                "id": f"ch_{charge.pk}", "payer": "1", "fee": "905", "levy_year": 2026, "fiscal_year": 2026,
                "reference": "0001", "period": 1, "due_on": "2026-06-30", "state": "overdue", "charged": 25_900,
                "applied": 900, "written_off": 0, "outstanding": 25_000, "overpaid": 0, "refunded": 0,
                "refund_amount_available": 0,
            }
        ]  # fmt: skip
        assert "甲野" not in answer.content.decode()

    def test_pages_hold_each_charge_once(self, machine: Machine) -> None:
        made = some_charges()
        assert [one["id"] for one in everything(machine, "charges")] == [f"ch_{one.pk}" for one in made]

    def test_each_state_is_found_by_its_word_and_says_it(self, machine: Machine) -> None:
        days = [date(2026, 6, 30), date(2026, 8, 31), date(2026, 10, 31), date(2026, 12, 25)]
        made = some_charges(due_on=days)
        with wall.within(TOWN):
            collected(made[0], 25_900, "a")
            collected(made[1], 25_000, "b", over=3)
            revise(actor=CLERK, assessment=made[0].assessment, total_yen=75_900, reason="減額")
        found = {state: [] for state in ("unpaid", "overdue", "paid", "overpaid", "written_off", "none")}
        for state in found:
            found[state] = [(one["period"], one["state"]) for one in everything(machine, "charges", state=state)]
        assert found == {
            "unpaid": [], "overdue": [(3, "overdue")], "paid": [(1, "paid")], "overpaid": [(2, "overpaid")],
            "written_off": [], "none": [(4, "none")],
        }  # fmt: skip

    def test_a_list_is_narrowed_by_payer_fee_and_year(self, machine: Machine) -> None:
        some_charges()
        for query, count in (("payer=1", 4), ("payer=2", 0), ("fee=905", 4), ("fee=901", 0), ("levy_year=2026", 4),
                             ("levy_year=2025", 0)):  # fmt: skip
            assert len(machine.get(f"charges?{query}").json()["results"]) == count, query

    def test_the_detail_has_slips_and_what_was_paid_on_them(self, machine: Machine) -> None:
        with wall.within(TOWN):
            charge = charged()[0]
            slip = slip_of(charge)
            taken(report(slip.number, 25_900))
        found = machine.get(f"charges/ch_{charge.pk}").json()
        assert [one["number"] for one in found["slips"]] == [slip.number]
        assert (found["slips"][0]["is_current"], found["slips"][0]["is_withdrawn"]) == (True, False)
        assert [(one["yen"], one["match"], one["charge"]) for one in found["payments"]] == [
            (25_900, "matched", f"ch_{charge.pk}")
        ]
        assert found["slips"][0]["issued_at"] == "2026-11-20T12:00:00+09:00"
        assert slip.confirmation not in str(found)


class TestPayments:
    """What came in."""

    def test_reports_are_told_with_what_became_of_them(self, machine: Machine) -> None:
        with wall.within(TOWN):
            slip = slip_of(charged()[0])
            taken(report(slip.number, 25_900), report("9" * 20, 7, reference="B"))
            posting = Posting.objects.get(reports__slip=slip)
            reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="誤り")
        first, second = everything(machine, "payments")
        assert (first["match"], first["is_reversed"], first["event"]) == ("matched", True, f"ev_{posting.pk}")
        assert (second["match"], second["charge"], second["is_reversed"]) == ("unknown", None, False)
        assert machine.get(f"payments/{first['id']}").json() == first

    def test_a_list_is_narrowed(self, machine: Machine) -> None:
        with wall.within(TOWN):
            slip = slip_of(charged()[0])
            taken(report(slip.number, 25_900), report("9" * 20, 7, reference="B", channel="app"))
        for query, count in (
            ("channel=app", 1), ("match=matched", 1), ("stage=provisional", 0), ("paid_from=2026-11-19", 2),
            ("paid_from=2026-11-20", 0), ("paid_until=2026-11-18", 0), (f"charge=ch_{slip.charge_id}", 1),
        ):  # fmt: skip
            assert len(machine.get(f"payments?{query}").json()["results"]) == count, query


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
        assert everything(machine, "refunds", charge=body["charge"]) == [said]
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


class TestEvents:
    """The feed of the books."""

    def test_every_event_comes_once_in_the_order_of_the_books(self, machine: Machine) -> None:
        overpaid()
        with wall.within(TOWN):
            posting = Posting.objects.get(kind=PostingKind.COLLECT)
            reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="誤り")
        with clock.stopped_at(LATER):
            found = everything(machine, "payment-events")
        assert [one["type"] for one in found] == ["payments.charged", "payments.collected", "payments.reversed"]
        assert found[2]["reverses"] == found[1]["id"] == f"ev_{posting.pk}"
        assert {
            "debit": "in_transit",
            "credit": "overpaid",
            "yen": 5_000,
            "charge": found[1]["transfers"][0]["charge"],
        } in (found[1]["transfers"])
        assert found[0]["occurred_at"] == "2026-11-20T12:00:00+09:00"

    def test_the_newest_minute_is_held_back(self, machine: Machine) -> None:
        overpaid()
        assert machine.get("payment-events").json() == {"has_more": False, "next": None, "results": []}

    def test_who_is_at_the_end_asks_again_with_the_same_cursor(self, machine: Machine) -> None:
        charge = some_charges()[0]
        with clock.stopped_at(LATER):
            end = machine.get("payment-events").json()["next"]
            assert machine.get(f"payment-events?cursor={end}").json()["next"] == end
            with wall.within(TOWN):
                collected(charge, 10, "notice:9")
        with clock.stopped_at(LATER + timedelta(minutes=5)):
            later = machine.get(f"payment-events?cursor={end}").json()
            assert [one["type"] for one in later["results"]] == ["payments.collected"]
            assert machine.get(f"payment-events?cursor={end}&type=payments.charged").json()["results"] == []


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


@pytest.mark.parametrize("path", [*LISTS, "webhook-endpoints"])
def test_without_the_permission_or_a_key_nothing_is_said(db: None, path: str) -> None:
    assert Machine("clerk", "residents.view", "residents.search").get(path).status_code == 403
    assert Client(raise_request_exception=False).get(f"/api/v1/{path}").status_code == 401


def test_another_towns_money_is_not_there(machine: Machine) -> None:
    number = overpaid()
    other = Machine("far", "payments.view", "payments.refund", town=OTHER_TOWN)
    with clock.stopped_at(LATER):
        for path in LISTS:
            assert other.get(path).json()["results"] == [], path
    with wall.within(TOWN):
        posting = Posting.objects.order_by("pk")[0].pk
    for path in (f"charges/{number}", f"refunds/rf_{posting}", "payments/pm_1"):
        assert other.get(path).status_code == 404
    body = {"charge": number, "yen": 1, "refund_amount_available": 5_000}
    assert other.post("refunds", body).status_code == 422


def test_whoever_is_delivered_counts_as_seen(machine: Machine) -> None:
    overpaid()
    with clock.stopped_at(LATER):
        for path in ("charges", "payment-events"):
            machine.get(path)
    with wall.within(TOWN):
        payer = Charge.objects.all()[0].assessment.payer_id
        shown = Entry.objects.filter(kind="disclosure").order_by("seq")
        assert [list(one.subjects) for one in shown] == [[payer], [payer]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("charges?nonsense=1", 400), ("charges?limit=0", 422), ("charges?cursor=x", 422), ("charges?cursor=ev_1", 422),
        ("charges?state=rich", 422), ("charges?levy_year=R8", 422), ("charges?levy_year=２０２６", 422),
        ("charges?payer=%00", 422), ("charges?payer=" + "1" * 21, 422), ("charges?fee=9055", 422),
        ("charges?payer=' OR 1=1", 200), ("charges/1", 404), ("charges/ch_0", 404), ("charges/ch_" + "9" * 30, 404),
        ("charges/ch_１", 404), ("payments?channel=post", 422), ("payments?match=x", 422), ("payments?charge=1", 422),
        ("payments?paid_from=2026-02-30", 422), ("payments?paid_until=x", 422), ("payments/pm_x", 404),
        ("payments/pm_1?x=1", 400), ("refunds?charge=ch_x", 422), ("refunds?cursor=pm_1", 422), ("refunds/rf_1", 404),
        ("payment-events?type=x", 422), ("payment-events?cursor=ev_01", 422), ("payment-events?cursor=ev_5", 200),
        ("webhook-endpoints/we_1", 404), ("webhook-endpoints?x=1", 400),
    ],
)  # fmt: skip
def test_bad_input_of_every_kind_gets_one_clear_sentence(machine: Machine, path: str, status: int) -> None:
    answer = machine.get(path)
    assert answer.status_code == status, answer.content.decode()[:300]
    if status != 200:
        assert answer.json()["messages"]["ja"].endswith("。")
        assert answer.json()["messages"]["en"].endswith(".")


def test_a_list_asks_few_questions_however_many_rows(machine: Machine, django_assert_max_num_queries: Any) -> None:
    with wall.within(TOWN):
        slips = [slip_of(one) for one in charged()]
        taken(*(report(one.number, one.yen, reference=one.number) for one in slips))
    with clock.stopped_at(LATER):
        for path in LISTS:
            with django_assert_max_num_queries(30):
                assert machine.get(path).status_code == 200
