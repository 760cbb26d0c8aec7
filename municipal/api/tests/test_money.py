"""Charges, payments, refunds and the feed, for whom they are meant and nobody else (公金APIの試験)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.models import Charge, Posting, PostingKind
from municipal.payments.operations import reverse, revise
from municipal.payments.tests.booking import CLERK, charged, collected, report, slip_of, taken

from .machines import Machine
from .treasury import NOON, everything, overpaid, some_charges

LATER = NOON + timedelta(minutes=5)
LISTS = ("charges", "payments", "refunds", "payment-events")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def machine(db: None) -> Machine:
    return Machine("treasury", "payments.view", "payments.refund", "payments.settings")


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
        found = {
            state: [(one["period"], one["state"]) for one in everything(machine, "charges", state=state)]
            for state in ("unpaid", "overdue", "paid", "overpaid", "written_off", "none")
        }
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
