"""The treasurer's desk, figures, fees, settings and books as a clerk sees them (公金の画面の試験)."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.payments.models import MoneySettings, Posting, PostingKind
from municipal.payments.tests.booking import charged, collected, report, slip_of, taken
from municipal.statistics import charts

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
EVERYTHING = ("payments.view", "payments.assess", "payments.collect", "payments.refund", "payments.settings")
PAGES = ("", "/figures", "/fees", "/ledger", "/ledger/accounts", "/assessments")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def client() -> Client:
    return browser_of(somebody(*EVERYTHING))


def text(answer: Any) -> str:
    """What a person reads, without tags and double spaces."""
    assert answer.status_code in (200, 422), answer.content.decode()[-2000:]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def some_money() -> int:
    """Paid right, and by nobody known; the posting that was collected."""
    with wall.within(TOWN):
        slip = slip_of(charged()[0])
        taken(report(slip.number, 25_900), report("9" * 20, 700, reference="A2"))
        return int(Posting.objects.filter(kind=PostingKind.COLLECT).order_by("pk")[0].pk)


def test_the_desk_shows_what_waits_and_that_the_books_are_even(client: Client) -> None:
    some_money()
    page = text(client.get("/money"))
    assert "元帳は合っています" in page
    assert "該当なし 1 700 1日前から" in page
    assert "1件（2行）" in page
    assert "令和8年12月" in page or "31日以内に来る納期限はありません" in page
    assert "調定額 100,900" in page


def test_the_desk_cries_when_an_identity_does_not_hold(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.payments.balances.Books.broken", lambda self: ["debits = credits"])
    assert "元帳が合いません" in text(client.get("/money"))


def test_an_empty_town_has_pages_that_say_so(client: Client) -> None:
    assert "照合待ちはありません" in text(client.get("/money"))
    assert "まだ調定がありません" in text(client.get("/money/figures"))
    assert "この条件に合う仕訳はありません" in text(client.get("/money/ledger"))


@pytest.mark.parametrize("page", PAGES)
def test_only_who_may_see_money_sees_it(page: str) -> None:
    assert browser_of(somebody("residents.view", "jobs.run")).get(f"/money{page}").status_code == 403


def test_the_figures_stand_in_charts_with_their_tables_and_files(client: Client) -> None:
    some_money()
    answer = client.get("/money/figures?month=2026-11")
    page = text(answer)
    assert answer.content.count(b"<svg class=") == 3
    assert "令和8年11月20日 26,600" in page
    assert "コンビニエンスストア 2 26,600" in page
    assert "令和8年度 100,900 25,900 0 75,000 0 0 25.7% 一致" in page
    days = client.get("/money/figures/days.csv?month=2026-11")
    assert list(csv.reader(io.StringIO(days.content.decode("utf-8-sig"))))[1] == ["2026-11-20", "26600"]
    assert b"2,26600" in client.get("/money/figures/channels.csv?month=2026-11").content
    assert b"100900" in client.get("/money/figures/fees.csv").content
    assert client.get("/money/figures/secrets.csv").status_code == 404
    assert "この月の収納はありません" in text(client.get("/money/figures?month=2026-10"))


@pytest.mark.parametrize("month", ["2026-13", "x", "1-1", "９９９９-01", "2026-11-01", "0000-01"])
def test_a_month_that_is_none_is_named(client: Client, month: str) -> None:
    answer = client.get("/money/figures", {"month": month})
    assert answer.status_code == 422
    assert "月は 2026-11 の形で" in text(answer) or "7" in text(answer)
    assert client.get("/money/figures/days.csv", {"month": month}).status_code == 200


def test_a_chart_says_in_words_what_it_draws_and_escapes_what_it_is_given() -> None:
    drawn = charts.columns([charts.Column("<1>", 5), charts.Column("2", -5)], title="a<b")
    assert "&lt;1&gt; 5、2 -5" in drawn
    assert "a&lt;b" in drawn
    assert {"-4", "0", "4"} <= set(re.findall(r">(-?[\d,]+)</text>", drawn))
    shares = charts.shares([charts.Share("甲", (3, 0, 4))], title="t", names=("一", "二", "三"))
    assert "甲 一3 二0 三4" in shares
    # A legend for each part, a bar for each part that is something.
    assert shares.count("<rect") == 3 + 2
    assert charts.columns([], title="t").startswith("<svg")
    assert charts.shares([], title="t", names=()).startswith("<svg")


def test_the_fees_say_how_sure_they_are(client: Client) -> None:
    page = text(client.get("/money/fees"))
    assert "901 国民健康保険料 強制徴収公債権" in page
    assert page.count("未確認（暫定）") > 10
    assert "none" not in page
    assert "principal" not in page


def test_the_settings_are_changed_once_and_kept_in_bounds(client: Client) -> None:
    page = client.get("/money/settings")
    assert "0.169mm" in text(page)
    said = {
        "office": "会計課", "floor_per": "band", "year_by": "credited", "demand_days": "25", "dots_per_module": "2",
        "printer_dpi": "300", "key": "k1",
    }  # fmt: skip
    assert client.post("/money/settings", said).status_code == 302
    assert client.post("/money/settings", said).status_code == 302
    with wall.within(TOWN):
        row = MoneySettings.objects.get()
        assert (row.office, row.floor_per, row.year_by, row.demand_days) == ("会計課", "band", "credited", 25)
        assert Entry.objects.filter(act="payments.change_settings").count() == 1
    for wrong in ({"dots_per_module": "9"}, {"floor_per": "x"}, {"office": " "}, {"demand_days": "-1"}, {"office": ""}):
        answer = client.post("/money/settings", said | {"key": "k2"} | wrong)
        assert answer.status_code == 422, wrong
        assert "入力を確かめてください" in text(answer)
    assert browser_of(somebody("payments.view", login_name="b")).get("/money/settings").status_code == 403


def test_the_ledger_is_narrowed_by_day_kind_account_payer_and_charge(client: Client) -> None:
    some_money()
    with wall.within(TOWN):
        charge = Posting.objects.filter(kind=PostingKind.COLLECT)[0].transfers.all()[0].charge_id
    for query, count in (
        ({}, 3), ({"kind": "collect"}, 2), ({"account": "suspense"}, 1), ({"payer": "1"}, 2), ({"payer": "2"}, 0),
        ({"charge": str(charge)}, 2), ({"first": "R8.11.21"}, 0), ({"last": "R8.11.20"}, 3),
        ({"payer": "1", "kind": "charge"}, 1), ({"before": "0"}, 0), ({"before": "x"}, 3),
    ):  # fmt: skip
        page = client.get("/money/ledger", query).content.decode()
        assert len(set(re.findall(r"/money/ledger/(\d+)\"", page))) == count, query


@pytest.mark.parametrize(
    "query",
    [{"kind": "x"}, {"account": "gold"}, {"first": "2026-02-30"}, {"charge": "-1"}, {"charge": "9" * 40},
     {"payer": "1" * 16}],
)  # fmt: skip
def test_a_filter_that_is_none_is_named_and_nothing_fails(client: Client, query: dict[str, str]) -> None:
    assert client.get("/money/ledger", query).status_code == 422


def test_the_ledger_is_paged_without_gap_or_repetition(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.web.views.money_ledger.PAGE", 2)
    with wall.within(TOWN):
        charge = charged()[0]
        for number in range(4):
            collected(charge, 10, f"notice:{number}")
    path, seen = "/money/ledger?kind=collect", []
    while path:
        page = client.get(path).content.decode()
        seen += [int(one) for one in re.findall(r'/money/ledger/(\d+)"', page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = "/money/ledger" + following[1].replace("&amp;", "&") if following else ""
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 4


def test_a_posting_is_undone_with_a_reason_once(client: Client) -> None:
    number = some_money()
    path = f"/money/ledger/{number}"
    assert "取消しの仕訳を記帳する" in text(client.get(path))
    assert client.post(path, {"reason": " ", "key": "k0"}).status_code == 422
    first = client.post(path, {"reason": "二重に取り込んだ", "key": "k1"})
    again = client.post(path, {"reason": "二重に取り込んだ", "key": "k1"})
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    page = text(client.get(path))
    assert "取消済み" in page
    assert "取消しの仕訳を記帳する" not in page
    assert client.post(path, {"reason": "もう一度", "key": "k2"}).status_code == 422
    with wall.within(TOWN):
        assert Posting.objects.filter(kind=PostingKind.REVERSE).count() == 1


def test_who_may_not_do_a_thing_may_not_undo_it(client: Client) -> None:
    number = some_money()
    viewer = browser_of(somebody("payments.view", "payments.refund", login_name="b"))
    assert "取消しの仕訳を記帳する" not in text(viewer.get(f"/money/ledger/{number}"))
    assert viewer.post(f"/money/ledger/{number}", {"reason": "x", "key": "k"}).status_code == 403
    with wall.within(TOWN):
        assert not Posting.objects.filter(kind=PostingKind.REVERSE).exists()


def test_the_books_of_another_town_are_not_there() -> None:
    number = some_money()
    other = browser_of(somebody(*EVERYTHING, town=OTHER_TOWN, login_name="o"))
    assert other.get(f"/money/ledger/{number}").status_code == 404
    assert "この条件に合う仕訳はありません" in text(other.get("/money/ledger"))


def test_balances_and_journals_are_of_the_day_that_is_asked(client: Client) -> None:
    some_money()
    assert "借方と貸方は一致しています" in text(client.get("/money/ledger/accounts"))
    page = text(client.get("/money/ledger/accounts?day=R8.11.19"))
    assert "令和8年11月19日" in page
    assert "100,900" not in page
    assert client.get("/money/ledger/accounts?day=x").status_code == 422
    journal = client.get("/money/ledger/journal.csv?first=R8.11.1&last=R8.11.30")
    assert journal["Content-Disposition"] == 'attachment; filename="journal-20261101-20261130.csv"'
    assert "仮受金" in journal.content.decode("utf-8-sig")
    for wrong in ("", "?first=R8.11.1", "?first=x&last=y", "?first=R8.11.2&last=R8.11.1"):
        assert client.get(f"/money/ledger/journal.csv{wrong}").status_code == 422, wrong


def test_no_name_stands_in_the_books(client: Client) -> None:
    number = some_money()
    for path in (
        "/money",
        "/money/figures",
        "/money/ledger",
        f"/money/ledger/{number}",
        "/money/ledger/journal.csv?first=R8.4.1&last=R9.3.31",
    ):
        assert "甲野" not in client.get(path).content.decode(), path


def test_a_day_of_a_month_has_every_day_of_it_in_the_chart(client: Client) -> None:
    some_money()
    drawn = client.get("/money/figures?month=2026-11").content.decode()
    assert "30 0" in re.search(r'<desc id="days-desc">([^<]+)', drawn)[1]  # type: ignore[index]
