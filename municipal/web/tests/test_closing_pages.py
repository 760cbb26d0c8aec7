"""Money on the account, and closing (三者照合・締めの画面の試験)."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.test import Client

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.balances import books
from municipal.payments.credits import COLUMNS
from municipal.payments.files import written
from municipal.payments.models import Closing, YearClosing
from municipal.payments.tests.booking import report

from .entering import text
from .handing_in import NOON, charge_two_fees, number, taken, upload
from .keeping import staff


@pytest.fixture(autouse=True)
def _charged(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        charge_two_fees()
        yield


@pytest.fixture
def clerk() -> Client:
    return staff("payments.view", "payments.collect", "payments.refund", "payments.close")


def test_settlements_are_tried_then_booked_and_reconciled(clerk: Client) -> None:
    taken(report(number(), 30_000, paid_on="2026-11-02"), report(number(1), 800, paid_on="2026-11-18", reference="A2"))
    data = written(COLUMNS, [("store", "S1", 30_000, "2026-11-10"), ("store", "S2", 700, "2026-11-19")])
    tried = text(clerk.post("/money/reconciliation/settlements", {"file": upload("s.csv", data), "do": "try"}))
    assert "入金 2件 30,700円" in tried
    assert "まだ記帳していません" in tried
    booked = {"file": upload("s.csv", data), "do": "book"}
    assert "記帳しました" in text(clerk.post("/money/reconciliation/settlements", booked))
    page = text(clerk.get("/money/reconciliation"))
    assert "コンビニエンスストア 30,800 30,700 100" in page
    assert "合計の合う収納日がありません" in page
    sheet = clerk.get("/money/reconciliation.csv").content.decode("utf-8-sig").splitlines()
    assert [line.rsplit(",", 1)[1] for line in sheet] == ["状態", "一致", "入金待ち", "通知と合わない入金"]
    said = {"channel": "store", "reference": "S3", "yen": "100", "credited_on": "R8.11.20", "key": "k"}
    assert [clerk.post("/money/reconciliation/settlements/new", said).status_code for _ in range(2)] == [302, 302]
    again = clerk.post("/money/reconciliation/settlements/new", said | {"key": "other"})
    assert again.status_code == 422
    assert "すでに登録されています" in text(again)
    with wall.within(TOWN):
        assert books().balances["in_transit"] == 0


def test_a_day_is_closed_knowing_what_stands_open(clerk: Client) -> None:
    taken(report("9" * 20, 500))
    page = text(clerk.get("/money/closing"))
    assert "該当なし 1件 500円" in page
    assert "令和8年度" in page
    said = {"day": "R8.11.19", "key": "a"}
    assert clerk.post("/money/closing", said).status_code == 422
    assert [clerk.post("/money/closing", said | {"is_known": "on"}).status_code for _ in range(2)] == [302, 302]
    for day in ("R8.11.19", "R8.11.18", "R9.1.1", "昨日"):
        answer = clerk.post("/money/closing", {"day": day, "is_known": "on", "key": day})
        assert answer.status_code == 422
    with wall.within(TOWN):
        assert Closing.objects.get().closed_through == date(2026, 11, 19)
    assert "令和8年11月19日" in text(clerk.get("/money/closing"))


def test_a_year_is_closed_on_the_page_after_its_last_day(clerk: Client) -> None:
    early = clerk.post("/money/closing/year", {"year": "2026", "is_known": "on", "key": "a"})
    assert early.status_code == 422
    assert "6月1日から" in text(early)
    with clock.stopped_at(datetime(2027, 6, 1, 9, tzinfo=clock.TOKYO)):
        later = staff("payments.close", login="later")
        assert "令和8年度の出納を閉鎖する" in text(later.get("/money/closing"))
        assert later.post("/money/closing/year", {"year": "2026", "key": "b"}).status_code == 422
        said = {"year": "2026", "is_known": "on", "key": "c"}
        assert [later.post("/money/closing/year", said).status_code for _ in range(2)] == [302, 302]
        assert "令和9年度" in text(later.get("/money/closing"))
    with wall.within(TOWN):
        assert YearClosing.objects.get().fiscal_year == 2026
