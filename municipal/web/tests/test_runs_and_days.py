"""Runs, bulk changes, days and paper as a clerk sees them (一括処理・日締めの画面の試験)."""

import io
import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.batches.models import AddressChange, DayClosing, PaperForm, Schedule
from municipal.batches.operations import take_changes
from municipal.batches.rules import headings
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.residents.acts.standing import newest_periods
from municipal.residents.inquiry import withheld
from municipal.residents.models import Draft, ResidentRecord
from municipal.residents.operations import decide
from municipal.web.tests.entering import sent, signed_in, text
from municipal.web.tests.keeping import key_in, staff, typed

pytestmark = pytest.mark.usefixtures("with_places")


@pytest.mark.clause(
    "resident-record/1.0#9.1/m1", "resident-record/1.0#9.1/m2", "resident-record/1.0#9.1/m3",
    "resident-record/1.0#9.1/m4", "resident-record/1.0#9.1/m5", "resident-record/1.0#9.1/m7",
    "resident-record/1.0#9.1/m10",
)  # fmt: skip
def test_a_run_is_ordered_with_the_parameters_of_before_and_what_changed_stands_out() -> None:
    client = staff("jobs.run", "residents.view", department="市民課")
    page = client.get("/runs/order/batches.stays_ending")
    assert 'value="90"' in page.content.decode()
    for days in ("3650", "200"):
        said = {"days_ahead": days, "key": key_in(client.get("/runs/order/batches.stays_ending"))}
        answer = client.post("/runs/order/batches.stays_ending", said)
        assert client.post("/runs/order/batches.stays_ending", said)["Location"] == answer["Location"]
        jobs.run(TOWN, int(answer["Location"].rsplit("/", 1)[1]))
    page = client.get("/runs/order/batches.stays_ending")
    assert 'value="200"' in page.content.decode()
    assert "前回: 200" in text(page)
    detail = text(client.get(answer["Location"]))
    assert "200 変更 3650" in detail
    assert "市民課" in detail
    assert "Celery beat" in text(client.get("/runs"))
    lines = client.get("/runs.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "番号,処理,試行,受付日時,終了日時,入力場所・端末,正否,件数,エラー件数,エラーコード"
    assert len(lines) == 3
    assert "完了" in lines[1]
    bad = client.post("/runs/order/batches.stays_ending", {"days_ahead": "-1"})
    assert bad.status_code == 422


@pytest.mark.clause("resident-record/1.0#9.1/m1")
def test_a_run_is_scheduled_and_stopped_on_the_screen() -> None:
    client = staff("jobs.run")
    said = {"days_ahead": "30", "timing": "weekly", "weekday": "0", "at": "22:00", "key": "k1"}
    assert client.post("/runs/order/batches.measures_ending", said).status_code == 302
    with wall.within(TOWN):
        schedule = Schedule.objects.get()
        assert schedule.next_at == datetime(2026, 11, 23, 22, tzinfo=clock.TOKYO)
        assert not Job.objects.exists()
    assert "毎" not in text(client.get("/runs")).split("予約はありません")[0][-1:]
    assert client.post(f"/runs/schedules/{schedule.pk}/stop").status_code == 302
    assert client.post(f"/runs/schedules/{schedule.pk}/stop").status_code == 404
    assert client.post("/runs/order/batches.measures_ending", said | {"key": "k2", "weekday": ""}).status_code == 422


@pytest.mark.clause("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m2", "resident-record/1.0#9.7/m4")
def test_addresses_change_in_bulk_from_extraction_to_letters() -> None:
    client = staff("addresses.change", "jobs.view")
    asked = {"kind": "address", "blocks": "星川町 桜堤", "lots": ""}
    extracted = client.post("/address-changes/extract", asked | {"do": "file"})
    lines = extracted.content.decode("utf-8-sig").splitlines()
    assert len(lines) > 2
    changed = [lines[0]]
    for line in lines[1:]:
        cells = line.split(",")
        changed.append(",".join([*cells[:6], "新星川町", *cells[7:]]))
    file = SimpleUploadedFile("c.csv", "\n".join(changed).encode())
    said = {"kind": "address", "effective_on": "R8.11.16", "basis": "令和8年告示第1号", "key": "k1", "file": file}
    answer = client.post("/address-changes", said)
    place = answer["Location"]
    with wall.within(TOWN):
        change = AddressChange.objects.get()
    for step in ("trial", "final"):
        assert client.post(f"{place}/next", {"do": step, "key": step}).status_code == 302
        with wall.within(TOWN):
            job = Job.objects.order_by("-pk")[0]
        assert "自動で新しくなります" in text(client.get(place))
        jobs.run(TOWN, job.pk)
    assert "本処理" in text(client.get(place))
    results = client.get(f"{place}/results.csv").content.decode("utf-8-sig")
    assert results.count("変更した") == len(lines) - 1 - results.count("除いた")
    for when in ("before", "after"):
        letters = client.get(f"{place}/letters-{when}.pdf")
        assert letters.content.startswith(b"%PDF")
    assert client.post(f"{place}/next", {"do": "final", "key": "again"}).status_code == 409
    assert client.post(f"{place}/next", {"do": "", "key": "x"}).status_code == 422
    with wall.within(TOWN):
        change.refresh_from_db()
        assert change.final_id is not None


@pytest.mark.clause("resident-record/1.0#9.7/m1", "resident-record/1.0#9.7/m2")
def test_the_page_says_for_how_many_households_there_is_no_line_and_no_letter_and_names_nobody() -> None:
    client = staff("addresses.change")
    with wall.within(TOWN):
        everybody = newest_periods().filter(is_registered=True).exclude(addressee__in=withheld())
        first: Any = everybody.select_related("record__household", "addressee").order_by("addressee")[0]
        number, addressee, block = first.record.household.number, first.addressee, first.record.address_block
        here = newest_periods().filter(is_registered=True, record__address_block=block)
        total = len({one.household_id for one in here})
        protect(actor=System(), addressee=addressee, starts_on=date(2026, 11, 16), ends_on=None, is_own=True)
        hidden = len({one.household_id for one in here if one.addressee_id in withheld()})
        line = ",".join([number, block, "1", "", "", "", "新星川町", "1", "", "", ""])
        content = "\n".join([",".join(headings("address")), line]).encode()
        change = take_changes(
            actor=System(), kind="address", content=content, effective_on=date(2026, 11, 16), basis="告示"
        )
    page = text(client.post("/address-changes/extract", {"kind": "address", "blocks": block, "lots": ""}))
    assert f"{total - hidden}世帯が見つかりました" in page
    assert f"支援措置の対象者のいる {hidden}世帯は、ファイルに入りません" in page
    # Of a few lots it is not said: it would tell who is protected.
    few = text(client.post("/address-changes/extract", {"kind": "address", "blocks": block, "lots": "1-9"}))
    assert "支援措置の対象者のいる世帯はファイルに入りません" in few
    assert not re.search(r"対象者のいる \d+世帯", few)
    shown = text(client.get(f"/address-changes/{change.pk}"))
    assert "支援措置の対象者のいる 1世帯の通知書は入りません" in shown
    for secret in (addressee.name, addressee.number, number):
        assert secret not in page + shown
    # A block without anybody protected is not worried about.
    assert "ファイルに入りません" not in text(
        client.post("/address-changes/extract", {"kind": "address", "blocks": "無い町", "lots": ""})
    )


def test_a_day_is_closed_with_counted_cash_and_opened_again_with_a_trace() -> None:
    client = staff("days.close")
    path = "/days/2026-11-20"
    assert client.post(path, {"cash_yen": "300", "key": "a"}).status_code == 422
    said = {"cash_yen": "300", "explanation": "釣銭の戻し忘れ", "key": "b"}
    assert [client.post(path, said).status_code for _ in range(2)] == [302, 302]
    with wall.within(TOWN):
        closing = DayClosing.objects.get()
        assert (closing.serial, closing.difference_yen) == (1, 300)
    assert "釣銭の戻し忘れ" in text(client.get("/days"))
    assert client.post(path, {"because": "", "key": "c"}).status_code == 422
    assert client.post(path, {"because": "証明書の訂正", "key": "d"}).status_code == 302
    assert client.post(path, {"cash_yen": "0", "key": "e"}).status_code == 302
    with wall.within(TOWN):
        assert list(DayClosing.objects.order_by("serial").values_list("serial", "cash_yen")) == [(1, 300), (2, 0)]
    assert client.post("/days/2026-11-21", {"cash_yen": "0", "key": "f"}).status_code == 422
    assert client.post("/days/2026-11-19", {"cash_yen": "9" * 30, "key": "g"}).status_code == 422


def test_paper_of_a_day_without_the_system_is_entered_in_its_order_and_nothing_gets_lost() -> None:
    clerk = signed_in("counter")
    printed = clerk.post("/papers/print", {"acts": ["move_in", "death"], "copies": "2", "key": "p"})
    assert printed.content.startswith(b"%PDF")
    assert clerk.post("/papers/print", {"acts": ["move_in", "death"], "copies": "2", "key": "p"}).status_code == 200
    with wall.within(TOWN):
        numbers = list(PaperForm.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [f"20261120-{index:04}" for index in range(1, 5)]
    with clock.stopped_at(datetime(2026, 11, 20, 10, 5, tzinfo=clock.TOKYO)):
        for number, at in ((numbers[1], "10:04"), (numbers[0], "10:01")):
            said = {"number": number, "on": "R8.11.20", "at": at, "key": number}
            assert clerk.post("/papers", said).status_code == 302
        assert clerk.post("/papers", {"number": numbers[2], "on": "R8.11.20", "at": "23:00"}).status_code == 422
        assert clerk.post("/papers", {"number": "20261120-9999", "on": "R8.11.20", "at": "11:00"}).status_code == 422
        assert clerk.post("/papers", {"number": numbers[3], "because": "破れた", "key": "s"}).status_code == 302
        page = clerk.get("/papers")
        assert "未入力の用紙 2枚" in text(page)
        # The later form is out of turn; the earlier one is entered as any move-in.
        for number, status in ((numbers[1], 422), (numbers[0], 302)):
            shown = clerk.get(f"/entries/move_in?paper={number}")
            checked = sent(clerk, shown, "check", **typed())
            answer = sent(clerk, checked, "enter", confirmed=["address_not_in_dictionary"])
            assert answer.status_code == status, text(answer)
    with wall.within(TOWN):
        states = list(PaperForm.objects.order_by("number").values_list("state", flat=True))
        assert states == ["entered", "received", "blank", "spoilt"]
        draft = PaperForm.objects.get(number=numbers[0]).draft
        assert draft is not None
    _marked_as_caught_up(clerk, draft, numbers[0])


def _marked_as_caught_up(clerk: Any, draft: Draft, number: str) -> None:
    """The paper is said where the entry is decided, and beside the act in the history; and beside no other."""
    said = f"受付用紙 {number}、受付 令和8年11月20日 10:01"
    assert said in text(clerk.get(f"/drafts/{draft.pk}"))
    with wall.within(TOWN):
        event = decide(actor=System(), draft=draft.pk, version=None)
        person = event.records.select_related("addressee").first()
        assert person is not None
        other = ResidentRecord.objects.exclude(event=event).exclude(event=None).select_related("addressee").first()
    shown = text(clerk.get(f"/residents/{person.addressee.number}/history"))
    assert shown.count(said) == 1
    assert said in text(clerk.get(f"/drafts/{draft.pk}"))
    assert other is None or "受付用紙" not in text(clerk.get(f"/residents/{other.addressee.number}/history"))


def test_blank_forms_are_printed_from_the_command_line(tmp_path: Any) -> None:
    out = io.StringIO()
    call_command("blank_forms", out=tmp_path / "forms.pdf", town=TOWN, copies=1, stdout=out)
    assert (tmp_path / "forms.pdf").read_bytes().startswith(b"%PDF")
    assert "9 forms, 20261120-0001 to 20261120-0009" in out.getvalue()
