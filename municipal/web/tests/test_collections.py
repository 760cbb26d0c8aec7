"""Files of money, cases, reconciliation and closing as a clerk sees them (収納・照合・締めの画面の試験)."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.balances import books, of_charges
from municipal.payments.credits import COLUMNS
from municipal.payments.files import written
from municipal.payments.models import Charge, Closing, CollectionFile, Decision, ReceivedFile, Report, Slip, YearClosing
from municipal.payments.operations import assess, issue_slips, take_in
from municipal.payments.tests.booking import CLERK, assessed, file_of, report

from .entering import text
from .keeping import key_in, staff

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _charged(committed_db: str) -> Any:
    """One payer owes two fees, the first with a slip."""
    with clock.stopped_at(NOON):
        with wall.within(TOWN):
            owner = Addressee.objects.create(
                number="1", kind="non_resident", name="甲野　太郎", mailing_city="架空市", mailing_block="秘密町",
                mailing_lot="9番地",
            )  # fmt: skip
            for fee, yen in (("905", 30_000), ("904", 10_800)):
                assess(actor=CLERK, assessed=assessed(owner, fee=fee, total_yen=yen, due_on=[date(2026, 6, 30)]))
            issue_slips(
                actor=CLERK, charges=list(Charge.objects.select_related("assessment")), pay_until=date(2027, 1, 8)
            )
        yield


@pytest.fixture
def clerk() -> Client:
    return staff("payments.view", "payments.collect", "payments.refund", "payments.close")


def number(at: int = 0) -> str:
    with wall.within(TOWN):
        return Slip.objects.order_by("pk")[at].number


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def handed_in(client: Client, data: bytes) -> str:
    """The page of a file that was handed in and tried."""
    answer = client.post("/money/collections", {"file": upload("store.csv", data)})
    assert answer.status_code == 302, text(answer)
    worked()
    return str(answer["Location"])


def worked() -> None:
    with wall.within(TOWN):
        waiting = list(Job.objects.filter(state="waiting").values_list("pk", flat=True))
    for job in waiting:
        jobs.run(TOWN, job)


def taken(*lines: dict[str, str]) -> None:
    with wall.within(TOWN):
        take_in(actor=CLERK, name="store.csv", data=file_of(*lines))


def report_of(reference: str) -> int:
    with wall.within(TOWN):
        return Report.objects.get(reference=reference).pk


def test_a_file_is_tried_then_booked_and_every_line_has_its_result(clerk: Client) -> None:
    lines = [report(number(), 30_000), report("9" * 20, 500, reference="A2"), report(number(), 0, reference="A3")]
    place = handed_in(clerk, file_of(*lines))
    tried = text(clerk.get(place))
    assert "3行、30,500円です。まだ記帳していません" in tried
    assert "取り込めない1行は除いて" in tried
    with wall.within(TOWN):
        assert not Report.objects.exists()
    said = {"key": key_in(clerk.get(place))}
    assert [clerk.post(place, said).status_code for _ in range(2)] == [302, 302]
    assert clerk.get(place)["Refresh"] == "3"
    worked()
    assert "取込み済み" in text(clerk.get(place))
    rows = clerk.get(f"{place}/rows.csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["行", "2", "3", "4"]
    assert "消し込みました" in rows[1]
    assert "仮受金" in rows[2]
    assert "1円以上" in rows[3]
    assert "1円以上" in clerk.get(f"{place}/errors.csv").content.decode("utf-8-sig")
    with wall.within(TOWN):
        assert (CollectionFile.objects.count(), Report.objects.count(), books().broken()) == (1, 2, [])


def test_the_same_file_again_leads_to_the_same_page_and_changes_nothing(clerk: Client) -> None:
    data = file_of(report(number(), 30_000))
    place = handed_in(clerk, data)
    clerk.post(place, {"key": "k1"})
    worked()
    assert handed_in(clerk, data) == place
    assert clerk.post(place, {"key": "k2"}).status_code == 409
    worked()
    with wall.within(TOWN):
        assert (ReceivedFile.objects.count(), Report.objects.count()) == (1, 1)
    other = handed_in(clerk, file_of(report(number(), 30_000), report("9" * 20, 1)))
    assert "取込み済み 1 取込み済みの内容です" in text(clerk.get(other))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a,b\n", "1行目の項目名が違います"), (b"\xff\xfe", "UTF-8ではありません"), (b"", "選んでください"),
        (file_of(report("9" * 20, 500))[:-3], "途中で切れています"),
        (file_of(report("9" * 20, 500)).replace(b"end,1", b"end,2"), "最終行の件数"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_one_sentence_and_not_kept(
    clerk: Client, data: bytes, sentence: str
) -> None:
    answer = clerk.post("/money/collections", {"file": upload("x.csv", data)})
    assert answer.status_code == 422
    assert sentence in text(answer)
    with wall.within(TOWN):
        assert not ReceivedFile.objects.exists()


def test_a_file_taken_in_elsewhere_meanwhile_is_refused_by_the_worker_and_said_so(clerk: Client) -> None:
    data = file_of(report(number(), 30_000))
    place = handed_in(clerk, data)
    clerk.post(place, {"key": "k1"})
    with wall.within(TOWN):
        take_in(actor=CLERK, name="x.csv", data=data)
    worked()
    assert "取込み済み" in text(clerk.get(place))
    with wall.within(TOWN):
        assert (Report.objects.count(), books().broken()) == (1, [])


def test_a_payment_number_shows_what_came_for_it(clerk: Client) -> None:
    taken(report(number(), 30_000))
    assert "一致" in text(clerk.get("/money/collections", {"number": number()}))
    assert "届いていません" in text(clerk.get("/money/collections", {"number": "5" * 20}))
    assert "store.csv" in text(clerk.get("/money/collections"))
    with wall.within(TOWN):
        file = CollectionFile.objects.get().pk
    assert number() in text(clerk.get(f"/money/collections/{file}", {"match": "matched"}))
    assert number() not in text(clerk.get(f"/money/collections/{file}", {"match": "unknown"}))


def test_who_may_only_look_takes_nothing_in() -> None:
    reader = staff("payments.view")
    assert "渡して試行する" not in text(reader.get("/money/collections"))
    answer = reader.post("/money/collections", {"file": upload("x.csv", file_of(report(number(), 5)))})
    assert answer.status_code == 422
    assert reader.get("/money/closing").status_code == 403
    with wall.within(TOWN):
        assert not ReceivedFile.objects.exists()


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


def test_the_pages_ask_no_more_of_the_database_for_many_cases(
    clerk: Client, django_assert_max_num_queries: Any
) -> None:
    taken(*(report("9" * 20, 500, reference=f"R{at}") for at in range(30)))
    with django_assert_max_num_queries(40):
        page = clerk.get("/money/queues")
    assert len(re.findall("/money/queues/\\d+", page.content.decode())) == 25
