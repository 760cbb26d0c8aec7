"""Slips as a clerk orders, finds, prints, issues anew and withdraws them (納付書の画面の試験)."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.models import Slip, SlipRun
from municipal.payments.operations import assess
from municipal.payments.printing import place_of
from municipal.payments.tests.booking import CLERK, assessed, collected

from .entering import text
from .keeping import key_in, staff

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
DUE = [date(2026, 12, 1), date(2027, 2, 1)]
ORDER = {"fee": "901", "levy_year": "2026", "periods": "", "order": "number", "pay_until": ""}


@pytest.fixture(autouse=True)
def _charged(committed_db: str, settings: Any, tmp_path: Path) -> Any:
    """Three people owe two instalments each."""
    settings.KIJUN_PAYMENTS = tmp_path
    with clock.stopped_at(NOON):
        with wall.within(TOWN):
            for number in ("1", "2", "3"):
                owner = Addressee.objects.create(
                    number=number, kind="non_resident", name=f"甲野　{number}", mailing_city="架空市",
                    mailing_block="松町", mailing_lot=f"{number}番地",
                )  # fmt: skip
                assess(
                    actor=CLERK,
                    assessed=assessed(owner, fee="901", reference=number, total_yen=20_000, due_on=DUE),
                )
        yield


@pytest.fixture
def clerk() -> Client:
    return staff("payments.view", "payments.slips")


def ordered(client: Client, **said: str) -> SlipRun:
    """A run that was ordered on the page and carried out by a worker."""
    answer = client.post("/money/slips/order", ORDER | {"key": "k1"} | said)
    assert answer.status_code == 302, text(answer)
    with wall.within(TOWN):
        run = SlipRun.objects.latest("pk")
    jobs.run(TOWN, run.job_id)
    return run


def slips() -> list[Slip]:
    with wall.within(TOWN):
        return list(Slip.objects.select_related("charge").order_by("pk"))


def pages_of(answer: Any) -> int:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return len(pypdfium2.PdfDocument(body))


def test_a_run_is_ordered_once_however_often_the_button_is_pressed(clerk: Client) -> None:
    said = ORDER | {"key": key_in(clerk.get("/money/slips/order"))}
    places = {clerk.post("/money/slips/order", said)["Location"] for _ in range(3)}
    assert len(places) == 1
    with wall.within(TOWN):
        assert SlipRun.objects.count() == Job.objects.count() == 1
    assert clerk.post("/money/slips/order", said | {"fee": "902"}).status_code == 422


def test_the_page_of_a_run_is_new_by_itself_until_it_has_ended(clerk: Client) -> None:
    clerk.post("/money/slips/order", ORDER | {"key": "k"})
    with wall.within(TOWN):
        run = SlipRun.objects.get()
    before = clerk.get(f"/money/slips/runs/{run.pk}")
    assert before["Refresh"] == "3"
    assert "PDFを取り出す" not in text(before)
    jobs.run(TOWN, run.job_id)
    after = clerk.get(f"/money/slips/runs/{run.pk}")
    assert "Refresh" not in after
    assert "6枚" in text(after)
    assert "甲野 2" in text(after).replace("　", " ")
    assert f"/money/slips/runs/{run.pk}" in clerk.get("/money/slips").content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"fee": ""}, "料金を一覧から選んでください"),
        ({"fee": "000"}, "料金を一覧から選んでください"),
        ({"levy_year": "R8"}, "年度を西暦4桁で入力してください"),
        ({"levy_year": "99999999999999999999"}, "年度を西暦4桁で入力してください"),
        ({"levy_year": "2025"}, "まだ発行していない調定がありません"),
        ({"periods": "1,x"}, "期別は1から99までの数で入力してください"),
        ({"periods": "0"}, "期別は1から99までの数で入力してください"),
        ({"periods": "100"}, "期別は1から99までの数で入力してください"),
        ({"periods": "7"}, "まだ発行していない調定がありません"),
        ({"pay_until": "2026-02-30"}, "日付"),
        ({"pay_until": "R8.11.19"}, "支払期限は今日以降の日にしてください"),
        ({"order": "weight"}, "選択"),
    ],
)
def test_an_order_that_cannot_be_is_answered_with_one_sentence(
    clerk: Client, said: dict[str, str], sentence: str
) -> None:
    answer = clerk.post("/money/slips/order", ORDER | {"key": "k"} | said)
    assert answer.status_code == 422
    assert sentence in text(answer)
    with wall.within(TOWN):
        assert not SlipRun.objects.exists()


def test_periods_may_be_typed_in_any_usual_way(clerk: Client) -> None:
    assert ordered(clerk, periods=" 2、1, 1").periods == [1, 2]


def test_files_are_taken_by_part_by_person_and_singly_and_whoever_took_them_is_known(clerk: Client) -> None:
    run = ordered(clerk)
    assert pages_of(clerk.get(f"/money/slips/runs/{run.pk}/mail.pdf")) == 7
    assert pages_of(clerk.get(f"/money/slips/runs/{run.pk}/payers/2/slips.pdf")) == 2
    assert pages_of(clerk.get(f"/money/slips/{slips()[0].number}/slip.pdf")) == 1
    with wall.within(TOWN):
        shown = Entry.objects.filter(kind="disclosure", fields__contains=["address"]).order_by("seq")
        assert [len(one.subjects) for one in shown] == [3, 1, 1]
    for path in ("counter.pdf", "other.pdf", "payers/9/slips.pdf"):
        assert clerk.get(f"/money/slips/runs/{run.pk}/{path}").status_code == 404


def test_a_protected_payer_is_listed_for_the_counter_and_has_a_file_apart(clerk: Client) -> None:
    with wall.within(TOWN):
        owner = Addressee.objects.get(number="2")
        protect(actor=CLERK, addressee=owner, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), is_own=True)
    run = ordered(clerk)
    page = text(clerk.get(f"/money/slips/runs/{run.pk}"))
    assert "窓口渡し 2枚" in page
    assert pages_of(clerk.get(f"/money/slips/runs/{run.pk}/mail.pdf")) == 5
    assert pages_of(clerk.get(f"/money/slips/runs/{run.pk}/counter.pdf")) == 3
    assert "2番地" not in page


def test_a_file_that_could_not_be_written_is_told_and_printed_again(clerk: Client) -> None:
    run = ordered(clerk)
    with wall.within(TOWN):
        place = place_of(run)
    folder = place.parent
    place.unlink()
    folder.rmdir()
    folder.write_text("a file where the folder should be")
    said = {"key": key_in(clerk.get(f"/money/slips/runs/{run.pk}"))}
    for _ in range(2):
        assert clerk.post(f"/money/slips/runs/{run.pk}/print", said).status_code == 302
    with wall.within(TOWN):
        again = Job.objects.latest("pk")
        assert Job.objects.count() == 2
    jobs.run(TOWN, again.pk)
    page = text(clerk.get(f"/money/slips/runs/{run.pk}"))
    assert "書き込めませんでした" in page
    assert "郵送分のPDF" not in page
    folder.unlink()
    clerk.post(f"/money/slips/runs/{run.pk}/print", {"key": "second"})
    with wall.within(TOWN):
        again = Job.objects.latest("pk")
    jobs.run(TOWN, again.pk)
    assert "郵送分のPDF" in text(clerk.get(f"/money/slips/runs/{run.pk}"))


def test_a_slip_shows_its_codes_and_is_found_by_either_number(clerk: Client) -> None:
    ordered(clerk)
    slip = slips()[0]
    answer = clerk.get(f"/money/slips?number={slip.number}")
    assert answer["Location"] == f"/money/slips/{slip.number}"
    assert clerk.get(f"/money/slips?number=99999{slip.number}{slip.confirmation}901")["Location"] == answer["Location"]
    page = clerk.get(answer["Location"])
    assert len(re.findall(r"data:image/svg\+xml;base64,", page.content.decode())) == 2
    assert "見本" in text(page)
    missing = clerk.get("/money/slips?number=12")
    assert missing.status_code == 404
    assert "この納付番号の納付書はありません" in text(missing)
    assert clerk.get("/money/slips/12").status_code == 404


def test_a_slip_is_issued_anew_once_and_the_chain_is_shown(clerk: Client) -> None:
    ordered(clerk)
    slip = slips()[0]
    said = {"key": "again", "pay_until": "R9.1.31"}
    places = {clerk.post(f"/money/slips/{slip.number}/reissue", said)["Location"] for _ in range(2)}
    (place,) = places
    page = text(clerk.get(place))
    assert "1回目" in page
    assert slip.number in page
    assert "令和9年1月31日" in page
    second = clerk.post(f"/money/slips/{slip.number}/reissue", {"key": "other", "pay_until": ""})
    assert second.status_code == 422
    assert "すでに差し替えられています" in text(second)
    past = clerk.post(f"{place}/reissue", {"key": "past", "pay_until": "R8.1.1"})
    assert past.status_code == 422
    assert "今日以降" in text(past)


def test_a_paid_slip_is_not_issued_anew(clerk: Client) -> None:
    ordered(clerk)
    slip = slips()[0]
    with wall.within(TOWN):
        collected(slip.charge, slip.yen, "test")
    assert "再発行する" not in text(clerk.get(f"/money/slips/{slip.number}"))
    answer = clerk.post(f"/money/slips/{slip.number}/reissue", {"key": "k"})
    assert answer.status_code == 422
    assert "納付済み" in text(answer)


def test_a_slip_is_withdrawn_once_and_for_a_reason(clerk: Client) -> None:
    ordered(clerk)
    place = f"/money/slips/{slips()[0].number}"
    for reason in ("", "　", "あ" * 201, "a\x07"):
        assert clerk.post(f"{place}/withdraw", {"key": f"bad {len(reason)}", "reason": reason}).status_code == 422
    assert clerk.post(f"{place}/withdraw", {"key": "k", "reason": "二重に発行したため"}).status_code == 302
    assert "二重に発行したため" in text(clerk.get(place))
    again = clerk.post(f"{place}/withdraw", {"key": "k2", "reason": "もう一度"})
    assert again.status_code == 422
    assert "すでに取り消されています" in text(again)


def test_whoever_may_only_look_changes_nothing_and_takes_no_file(clerk: Client) -> None:
    run = ordered(clerk)
    reader = staff("payments.view", login="reader")
    number = slips()[0].number
    for path in ("/money/slips", f"/money/slips/runs/{run.pk}", f"/money/slips/{number}"):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert "PDFを取り出す" not in text(answer)
        assert "再発行する" not in text(answer)
    for path in ("order", f"runs/{run.pk}/mail.pdf", f"runs/{run.pk}/payers/1/slips.pdf", f"{number}/slip.pdf"):
        assert reader.get(f"/money/slips/{path}").status_code == 403
    for path in ("order", f"runs/{run.pk}/print", f"{number}/reissue", f"{number}/withdraw"):
        assert reader.post(f"/money/slips/{path}", {"key": "x", "reason": "x"}).status_code == 403


def test_another_town_sees_nothing_of_it(clerk: Client) -> None:
    run = ordered(clerk)
    stranger = staff("payments.view", "payments.slips", login="stranger", town=OTHER_TOWN)
    assert stranger.get(f"/money/slips/runs/{run.pk}").status_code == 404
    assert stranger.get(f"/money/slips/{slips()[0].number}").status_code == 404
    assert stranger.get(f"/money/slips/runs/{run.pk}/mail.pdf").status_code == 404
