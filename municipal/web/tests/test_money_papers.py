"""Papers about money and the table of a year, as a clerk gets them (公金の文書と決算の表の画面の試験)."""

from collections.abc import Iterator

import pytest

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.models import Posting
from municipal.payments.tests.behind import NOON, late, paid
from municipal.payments.tests.booking import payer
from municipal.web.tests.entering import text
from municipal.web.tests.keeping import staff

ALL = ("payments.view", "payments.arrears", "payments.refund")


@pytest.fixture(autouse=True)
def _today(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def test_papers_come_as_pdf_or_say_why_not() -> None:
    with wall.within(TOWN):
        owner = payer("71")
        charge = late(owner=owner)
        payer("72")
    client = staff(*ALL)
    nothing = client.get(f"/money/arrears/charges/{charge.pk}/receipt.pdf", follow=True)
    assert "確定した納付がないため" in text(nothing)
    with wall.within(TOWN):
        paid(charge, 100_000, "2026-10-19", "A1")
        posting = Posting.objects.get(kind="collect").pk
    for path in (
        f"/money/arrears/charges/{charge.pk}/receipt.pdf", "/money/arrears/payers/71/statement.pdf?on=2026-12-01",
        "/money/arrears/payers/71/statement.pdf?on=nonsense", "/money/arrears/payers/71/certificate.pdf?year=2026",
    ):  # fmt: skip
        answer = client.get(path)
        assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF"), path
    for path, why in (
        ("/money/arrears/payers/71/certificate.pdf?year=1999", "証明できる調定がありません"),
        ("/money/arrears/payers/71/certificate.pdf?year=二千", "西暦4桁"),
        ("/money/arrears/payers/72/statement.pdf", "調定がありません"),
        (f"/money/arrears/postings/{posting}/notice.pdf", "還付または充当の処理がない"),
    ):
        assert why in text(client.get(path, follow=True)), path
    assert client.get("/money/arrears/postings/999999/notice.pdf").status_code == 404
    assert client.get("/money/arrears/charges/999999/receipt.pdf").status_code == 404


def test_the_table_of_a_year_is_shown_and_comes_in_the_shape_of_a_citys_open_data() -> None:
    with wall.within(TOWN):
        owner = payer("71")
        paid(late(owner=owner, fee="904"), 120_000, "2026-07-01", "A1")
        late(owner=owner, fee="913", reference="2")
    client = staff(*ALL)
    page = text(client.get("/money/settlement-table"))
    assert "軽自動車税（種別割） 現年課税分 100,000 120,000 20,000 0 0 120.0 -" in page
    assert "合計 全体 200,000 120,000 20,000 0 100,000 60.0 -" in page
    assert "途中の数字" in page
    lines = client.get("/money/settlement-table.csv?year=2026").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("year,taxItem,taxItemContents,carryoverClassification,adjustedAmount,incomeAmount")
    assert lines[1] == "令和8年度,軽自動車税,種別割,現年課税分,100000,120000,0,0,120.0,,20000,0"
    assert "この会計年度の調定はありません" in text(client.get("/money/settlement-table?year=2019"))
    assert client.get("/money/settlement-table?year=x").status_code == 200
