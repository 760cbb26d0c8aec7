"""Cases as a clerk decides them (照合待ちの画面の試験)."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.balances import books, of_charges
from municipal.payments.models import Charge, CollectionFile, Decision, Report
from municipal.payments.operations import take_in
from municipal.payments.tests.booking import CLERK, file_of, report

from .entering import text
from .handing_in import NOON, charge_two_fees, number, report_of, taken
from .keeping import staff


@pytest.fixture(autouse=True)
def _charged(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        charge_two_fees()
        yield


@pytest.fixture
def clerk() -> Client:
    return staff("payments.view", "payments.collect", "payments.refund", "payments.close")


def test_a_double_payment_is_decided_undone_and_decided_again(clerk: Client) -> None:
    taken(report(number(), 30_000), report(number(), 30_000, channel="app", reference="B7"))
    listed = text(clerk.get("/money/queues"))
    assert "二重納付" in listed
    assert "甲野" in listed
    place = f"/money/queues/{report_of('B7')}"
    page = text(clerk.get(place))
    assert "判断していない額 30,000円" in page
    assert "秘密町" not in page
    with wall.within(TOWN):
        debt = Charge.objects.get(assessment__fee="904")
    said = {"charge": str(debt.pk), "yen": "10800", "reason": "本人の申出", "key": "a"}
    assert [clerk.post(f"{place}/decide/applied", said).status_code for _ in range(2)] == [302, 302]
    assert "判断していない額 19,200円" in text(clerk.get(place))
    refunded = {"yen": "19200", "reason": "残りを還付", "key": "b"}
    assert clerk.post(f"{place}/give-back/refunded", refunded).status_code == 302
    assert "判断を待つものは残っていません" in text(clerk.get(place))
    with wall.within(TOWN):
        assert of_charges([debt.pk])[debt.pk].outstanding == 0
        last = Decision.objects.latest("pk").pk
    assert clerk.post(f"/money/queues/decisions/{last}/undo", {"reason": "", "key": "c"}).status_code == 302
    assert "判断を待つものは残っていません" in text(clerk.get(place))
    assert clerk.post(f"/money/queues/decisions/{last}/undo", {"reason": "組戻し", "key": "d"}).status_code == 302
    assert "判断していない額 19,200円" in text(clerk.get(place))
    with wall.within(TOWN):
        assert books().broken() == []


@pytest.mark.parametrize(
    ("act", "said", "sentence"),
    [
        ("give-back/refunded", {"yen": "30001", "reason": "x"}, "まだ判断していない額まで"),
        ("give-back/refunded", {"yen": "-1", "reason": "x"}, "1円以上の整数"),
        ("give-back/refunded", {"yen": "100", "reason": ""}, "入力してください"),
        ("decide/applied", {"charge": "999999", "yen": "1", "reason": "x"}, "一覧から選んでください"),
        ("give-back/returned", {"reason": "x"}, "もう選べません"),
    ],
)
def test_a_bad_decision_is_refused_beside_its_field_and_changes_nothing(
    clerk: Client, act: str, said: dict[str, str], sentence: str
) -> None:
    taken(report(number(), 30_000), report(number(), 30_000, channel="app", reference="B7"))
    answer = clerk.post(f"/money/queues/{report_of('B7')}/{act}", said | {"key": "k"})
    assert answer.status_code == 422
    assert sentence in text(answer)
    with wall.within(TOWN):
        assert not Decision.objects.exists()


def test_money_for_a_misread_number_finds_the_slip_that_differs_in_one_digit(clerk: Client) -> None:
    right = number()
    misread = right[:-1] + str((int(right[-1]) + 5) % 10)
    taken(report(misread, 30_000))
    place = f"/money/queues/{report_of('A1')}"
    page = text(clerk.get(place))
    assert right in page
    assert "同じ額" in page
    wrong = clerk.post(f"{place}/decide/identified", {"number": "7" * 20, "reason": "通帳", "key": "a"})
    assert "この納付番号の納付書はありません" in text(wrong)
    assert clerk.post(f"{place}/decide/identified", {"number": right, "reason": "通帳", "key": "b"}).status_code == 302
    with wall.within(TOWN):
        assert (books().suspense, books().total.applied) == (0, 30_000)


def test_giving_back_needs_its_own_permission() -> None:
    taken(report(number(), 30_000), report(number(), 30_000, channel="app", reference="B7"))
    collector = staff("payments.collect", login="collector")
    place = f"/money/queues/{report_of('B7')}"
    assert "還付を記帳する" not in text(collector.get(place))
    assert collector.post(f"{place}/give-back/refunded", {"yen": "1", "reason": "x", "key": "a"}).status_code == 403
    assert collector.post(f"{place}/decide/refunded", {"yen": "1", "reason": "x", "key": "b"}).status_code == 404


def test_a_protected_payer_is_marked_and_no_address_is_shown(clerk: Client) -> None:
    with wall.within(TOWN):
        protect(actor=CLERK, addressee=Addressee.objects.get(), starts_on=date(2026, 1, 1), ends_on=None, is_own=True)
    taken(report(number(), 30_000), report(number(), 30_000, channel="app", reference="B7"))
    for path in ("/money/queues", f"/money/queues/{report_of('B7')}"):
        page = text(clerk.get(path))
        assert "支援措置" in page
        assert "秘密町" not in page


def test_reports_of_another_town_and_matched_ones_have_no_case(clerk: Client) -> None:
    taken(report(number(), 30_000))
    assert clerk.get(f"/money/queues/{report_of('A1')}").status_code == 404
    with wall.within(OTHER_TOWN):
        take_in(actor=CLERK, name="o.csv", data=file_of(report("9" * 20, 5, reference="OTHER")))
        foreign, file = Report.objects.get().pk, CollectionFile.objects.get().pk
    assert clerk.get(f"/money/queues/{foreign}").status_code == 404
    assert clerk.get(f"/money/collections/{file}").status_code == 404


def test_the_pages_ask_no_more_of_the_database_for_many_cases(
    clerk: Client, django_assert_max_num_queries: Any
) -> None:
    taken(*(report("9" * 20, 500, reference=f"R{at}") for at in range(30)))
    with django_assert_max_num_queries(40):
        page = clerk.get("/money/queues")
    assert len(re.findall("/money/queues/\\d+", page.content.decode())) == 25
