"""Dictionaries, runs, bulk changes, days, paper and the manual as a clerk sees them (場所・一括処理の画面の試験)."""

import io
import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from conftest import TOWN
from municipal.batches.models import AddressChange, DayClosing, PaperForm, Schedule
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.places.demo import furnish
from municipal.places.models import Block, InputPlace
from municipal.residents.models import GraveAlert, RememberedSearch, ResidentRecord
from municipal.web.tests.entering import CAME, fields, newcomer, sent, signed_in, text

NOW = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)
pytestmark = pytest.mark.usefixtures("furnished")


@pytest.fixture
def furnished(two_towns: str) -> Any:
    with clock.stopped_at(NOW):
        with wall.within(TOWN):
            furnish(str(TOWN), "架空市")
        yield two_towns


def staff(*permissions: str, login: str = "keeper", **said: Any) -> Client:
    return browser_of(somebody(*permissions, login_name=login, **said))


def key_in(answer: Any) -> str:
    found = re.search(r'name="key" value="(\w+)"', answer.content.decode())
    return found[1] if found else ""


ROUTES = {
    "places.manage": ["/places", "/places/blocks", "/places/officers", "/places/blocks/new", "/places/terminals/new"],
    "jobs.view": ["/runs", "/runs.csv"],
    "jobs.run": ["/runs", "/runs/order/batches.stays_ending"],
    "addresses.change": ["/address-changes"],
    "days.close": ["/days", "/days/2026-11-20"],
    "caught_up.enter": ["/papers"],
    "residents.search": ["/search"],
    "register.settings": ["/manual/grave-alerts"],
}


@pytest.mark.parametrize("permission", ROUTES)
def test_every_page_opens_for_its_permission_and_for_nobody_else(permission: str) -> None:
    allowed, other = staff(permission), staff("audit.view", login="other")
    for path in ROUTES[permission]:
        assert allowed.get(path).status_code == 200, path
        assert other.get(path).status_code == 403, path


@pytest.mark.parametrize(
    "path",
    ["/places/unknown", "/places/blocks/999999999", "/runs/order/nothing", "/runs/order/batches.address_change",
     "/runs/999999999", "/address-changes/999999999", "/days/2026-13-40", "/days/yesterday"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(path: str) -> None:
    client = staff("places.manage", "jobs.run", "addresses.change", "days.close")
    assert client.get(path).status_code == 404


@pytest.mark.clause("resident-record/1.0#1.3.3/m4")
def test_staff_correct_a_block_on_the_screen_and_the_second_press_is_the_same_entry() -> None:
    client = staff("places.manage")
    with wall.within(TOWN):
        block = Block.objects.known().get(code="99001020000")
    shown = client.get(f"/places/blocks/{block.pk}")
    said = {
        "code": block.code, "municipality_code": "990019", "prefecture": "架空県", "city": "架空市", "large": "新本陣町",
        "large_kana": "ｼﾝﾎﾝｼﾞﾝﾁｮｳ", "postal_code": "0000102", "valid_from": "R8.11.1", "key": key_in(shown),
    }  # fmt: skip
    for _ in range(2):
        assert client.post(f"/places/blocks/{block.pk}", said).status_code == 302
    with wall.within(TOWN):
        assert [one.large for one in Block.objects.known().filter(code=block.code).order_by("valid")] == [
            "本陣町", "新本陣町"
        ]  # fmt: skip
        assert Block.objects.on(date(2026, 11, 1)).get(code=block.code).large_kana == "シンホンジンチョウ"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"code": "123"}, "11桁"),
        ({"municipality_code": "990018"}, "全国地方公共団体コード"),
        ({"valid_from": "きのう"}, "日付を読み取れません"),
        ({"valid_until": "H1.1.8"}, "終わりの日"),
        ({"large": "a\u202eb"}, "向き"),
    ],
)
def test_what_cannot_be_registered_is_refused_beside_its_field(said: dict[str, str], sentence: str) -> None:
    client = staff("places.manage")
    usual = {
        "code": "99001990000", "municipality_code": "990019", "prefecture": "架空県", "city": "架空市",
        "valid_from": "R8.4.1",
    }  # fmt: skip
    answer = client.post("/places/blocks/new", usual | said)
    assert answer.status_code == 422
    assert sentence in text(answer)


@pytest.mark.clause("resident-record/1.0#1.3.3/m1", "resident-record/1.0#1.3.3/m2")
def test_a_dictionary_is_taken_in_from_a_file_and_a_broken_one_is_refused() -> None:
    client = staff("places.manage")
    shown = client.get("/places")
    assert "更新の時期です" not in text(shown)
    content = "国名コード,国名,国名_カナ\nVNM,ベトナム社会主義共和国,ベトナム\n".encode()
    said = {"dictionary": "countries", "as_of": "R8.11.20", "source": "国名一覧", "key": key_in(shown)}
    answer = client.post("/places", said | {"file": SimpleUploadedFile("c.csv", content)}, follow=True)
    assert "変更1件、廃止6件" in text(answer)
    answer = client.post("/places", said | {"key": "", "file": SimpleUploadedFile("c.csv", b"\xff\xfe")})
    assert answer.status_code == 422


@pytest.mark.clause(
    "resident-record/1.0#1.3.3/m9", "resident-record/1.0#1.3.3/m10", "resident-record/1.0#1.3.3/m11",
    "resident-record/1.0#1.3.3/m3", "resident-record/1.0#2.3.1/m1",
)  # fmt: skip
def test_an_address_is_called_up_on_the_entry_form_without_a_script() -> None:
    clerk = signed_in("counter")
    shown = clerk.get("/entries/move_in")
    assert "転入の入力" in text(shown)
    shown = sent(clerk, shown, "call:place", **{"place-call": "000-0102"})
    assert fields(shown)["place-block"] == ["本陣町"]
    assert fields(shown)["place-postal_code"] == ["0000102"]
    shown = sent(clerk, shown, "call:place", **{"place-call": "カ カ アオ"})
    assert 'value="take:place:99001010002"' in shown.content.decode()
    shown = sent(clerk, shown, "take:place:99001010001")
    assert fields(shown)["place-block"] == ["青葉一丁目"]
    assert "コーポ月見" in shown.content.decode()
    shown = sent(clerk, shown, "call:came_from", **{"came_from-call": ""})
    for value in ("step:came_from:98", "step:came_from:98001", "step:came_from:98001010"):
        assert f'value="{value}"' in shown.content.decode()
        shown = sent(clerk, shown, value)
    shown = sent(clerk, shown, "take:came_from:98001010002")
    assert fields(shown)["came_from-city"] == ["見本市"]
    shown = sent(clerk, shown, "step:people-0-domicile:99001901")
    shown = sent(clerk, shown, "take:people-0-domicile:99001901000")
    assert fields(shown)["people-0-domicile"] == ["架空県架空市旧本陣"]
    shown = sent(clerk, shown, "call:place", **{"place-call": "ン ン ン"})
    assert "住所辞書に見つかりません" in text(shown)


def typed() -> dict[str, str]:
    return newcomer(0, "太郎", "世帯主", "S60.4.1") | CAME


@pytest.mark.clause("resident-record/1.0#11.1/m2", "resident-record/1.0#11.1/m3")
def test_a_block_outside_the_dictionary_raises_an_alert_and_a_grave_one_needs_the_permission() -> None:
    clerk = signed_in("counter")
    checked = sent(clerk, clerk.get("/entries/move_in"), "check", **typed())
    assert "住所辞書にありません" in text(checked)
    settings = staff("register.settings", login="setter")
    said = {
        "codes": ["address_not_in_dictionary", "no such alert"],
        "key": key_in(settings.get("/manual/grave-alerts")),
    }
    assert settings.post("/manual/grave-alerts", said).status_code == 302
    with wall.within(TOWN):
        assert list(GraveAlert.objects.values_list("code", flat=True)) == ["address_not_in_dictionary"]
    refused = sent(clerk, checked, "enter", confirmed=["address_not_in_dictionary"])
    assert "権限のある職員だけ" in text(refused)
    chief = staff("residents.enter", "alerts.confirm", login="grave", department="市民課")
    checked = sent(chief, chief.get("/entries/move_in"), "check", **typed())
    assert sent(chief, checked, "enter", confirmed=["address_not_in_dictionary"]).status_code == 302


@pytest.mark.clause("resident-record/1.0#1.3.1/m1")
def test_the_history_says_at_which_terminal_an_event_was_decided() -> None:
    with wall.within(TOWN):
        from municipal.core.actors import System
        from municipal.places.models import Terminal
        from municipal.places.operations import put_terminal

        entry = Terminal(code="W09", name="窓口9番", place_code="02", address="127.0.0.1")
        put_terminal(actor=System(), entry=entry, valid_from=date(2026, 1, 1))
    clerk, chief = signed_in("counter"), signed_in("chief")
    checked = sent(clerk, clerk.get("/entries/move_in"), "check", **typed())
    entered = sent(clerk, checked, "enter", confirmed=["address_not_in_dictionary"])
    draft = int(entered["Location"].rsplit("/", 1)[1])
    assert chief.post(f"/drafts/{draft}/decide", {"version": 1}).status_code == 302
    with wall.within(TOWN):
        row = ResidentRecord.objects.order_by("-pk")[0]
        assert (row.input_place, row.input_terminal) == ("汐見支所", "窓口9番")


@pytest.mark.clause(
    "resident-record/1.0#2.1.1/m1", "resident-record/1.0#2.1.1/m2", "resident-record/1.0#2.1.3/m1",
    "resident-record/1.0#2.1.3/n1",
)  # fmt: skip
def test_conditions_find_and_are_remembered_for_whoever_asked() -> None:
    mine, other = staff("residents.search", "residents.view"), staff("residents.search", login="other")
    with wall.within(TOWN):
        person = ResidentRecord.objects.filter(status="1").order_by("pk")[0]
    answer = mine.post("/search", {"name": person.name, "match": "exact", "sex": person.sex, "times": "any"})
    assert person.name in text(answer)
    assert f"/residents/{person.addressee.number}" in answer.content.decode()
    again = re.search(r"/search\?again=(\d+)", answer.content.decode())
    assert again is not None
    assert f'value="{person.name}"' in mine.get(again[0]).content.decode()
    assert again[0] not in other.get("/search").content.decode()
    assert f'value="{person.name}"' not in other.get(again[0]).content.decode()
    mine.get("/residents", {"q": "ンンンン"})
    assert "ンンンン" in text(mine.get("/search"))
    for index in range(25):
        mine.get("/residents", {"q": f"{index + 10_000_000_000}"})
    with wall.within(TOWN):
        assert RememberedSearch.objects.count() == 20


@pytest.mark.clause("resident-record/1.0#2.1.3/n1")
def test_the_lists_of_events_take_no_further_conditions() -> None:
    chief = signed_in("chief")
    plain, narrowed = chief.get("/drafts"), chief.get("/drafts?q=甲&name=甲野&born=S60")
    assert text(plain) == text(narrowed)
    assert 'role="search"' not in plain.content.decode()


def test_too_broad_a_search_gives_nobody_and_says_how_to_narrow_it() -> None:
    client = staff("residents.search")
    answer = client.post("/search", {"sex": "1"})
    assert answer.status_code == 422
    assert "さがす人を決める条件がありません" in text(answer)
    answer = client.post("/search", {"address": "町", "match": "part"})
    assert answer.status_code == 422


@pytest.mark.clause("resident-record/1.0#2.2.3/m1", "resident-record/1.0#2.1.3/m7")
def test_letters_are_enlarged_with_their_codes_and_variants() -> None:
    client = staff("residents.search")
    answer = text(client.get("/letters", {"q": "邉󠄂𠮷"}))
    for said in ("U+9089 U+E0102", "U+20BB7", "1-92-71", "辺"):
        assert said in answer, said
    assert "邉" in text(client.get("/letters", {"q": "U+9089"}))
    assert client.get("/letters", {"q": "あ" * 50}).status_code == 422
    assert client.get("/letters", {"q": "U+D800"}).status_code == 200


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
    extracted = client.post("/address-changes/extract", {"kind": "address", "blocks": "星川町 桜堤", "lots": ""})
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
        assert PaperForm.objects.get(number=numbers[0]).draft is not None


def test_blank_forms_are_printed_from_the_command_line(tmp_path: Any) -> None:
    out = io.StringIO()
    call_command("blank_forms", out=tmp_path / "forms.pdf", town=TOWN, copies=1, stdout=out)
    assert (tmp_path / "forms.pdf").read_bytes().startswith(b"%PDF")
    assert "9 forms, 20261120-0001 to 20261120-0009" in out.getvalue()


@pytest.mark.clause("resident-record/1.0#10.5/m1", "resident-record/1.0#10.5/m2")
def test_every_screen_opens_its_own_explanation() -> None:
    from municipal.tracing.surface import routes
    from municipal.web.manual import pages

    groups = {name.split(":")[0] for name, _ in routes() if ":" in name}
    assert groups - {page.screen for page in pages()} == set()
    client = signed_in("chief")
    for path, screen in (("/", "home"), ("/runs", "runs"), ("/days", "days"), ("/drafts", "drafts")):
        assert f'href="/manual/screens/{screen}"' in client.get(path).content.decode()
        assert client.get(f"/manual/screens/{screen}").status_code == 200
    assert client.get("/manual/screens/nothing").status_code == 302
    assert client.get("/manual").status_code == 200


@pytest.mark.clause("resident-record/1.0#10.5/n1")
def test_there_is_no_printed_booklet() -> None:
    from django.core.management import get_commands

    from municipal.tracing.surface import routes

    offered = {*get_commands(), *(name for name, _ in routes())}
    assert [name for name in offered if "manual" in name and ("pdf" in name or "print" in name)] == []
    assert {name for name in offered if "manual" in name} == {
        "manual:index", "manual:messages", "manual:grave", "manual:page"
    }  # fmt: skip


@pytest.mark.clause("resident-record/1.0#11.1/m3")
def test_the_list_of_messages_names_item_reason_and_remedy() -> None:
    client = staff("residents.search")
    answer = text(client.get("/manual/messages", {"q": "wildcard_too_short"}))
    assert "1件" in answer
    assert "ほかに" in answer
    with wall.within(TOWN):
        assert InputPlace.objects.exists()
