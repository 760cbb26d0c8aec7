"""Files of reports as a clerk hands them in (収納の画面の試験)."""

from collections.abc import Iterator

import pytest
from django.test import Client

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.balances import books
from municipal.payments.models import CollectionFile, ReceivedFile, Report
from municipal.payments.operations import take_in
from municipal.payments.tests.booking import CLERK, file_of, report

from .entering import text
from .handing_in import NOON, charge_two_fees, handed_in, number, taken, upload, worked
from .keeping import key_in, staff


@pytest.fixture(autouse=True)
def _charged(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        charge_two_fees()
        yield


@pytest.fixture
def clerk() -> Client:
    return staff("payments.view", "payments.collect", "payments.refund", "payments.close")


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
    assert "一致" in rows[1]
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
    assert "取込み済み 1 取込み済みの内容。" in text(clerk.get(other))


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
