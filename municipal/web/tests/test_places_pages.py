"""Dictionaries, searches, letters and the manual as a clerk sees them (場所・検索・手引の画面の試験)."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import TOWN
from municipal.municipalities import wall
from municipal.places.models import Block, InputPlace
from municipal.residents.models import GraveAlert, RememberedSearch, ResidentRecord
from municipal.web.tests.entering import fields, sent, signed_in, text
from municipal.web.tests.keeping import key_in, staff, typed

pytestmark = pytest.mark.usefixtures("with_places")

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
        "code": block.code, "municipality_code": "990019", "prefecture": "架空県", "city": "架空市",
        "large": "新本陣町",
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
        person = ResidentRecord.objects.filter(status="1").select_related("addressee").order_by("pk")[0]
    answer = mine.post("/search", {"name": person.name, "match": "exact", "sex": person.sex, "times": "any"})
    assert person.name in answer.content.decode()
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
    for said in ("U+9089 U+E0102", "U+20BB7", "1-78-21", "辺"):
        assert said in answer, said
    assert "邉" in text(client.get("/letters", {"q": "U+9089"}))
    assert client.get("/letters", {"q": "あ" * 50}).status_code == 422
    assert client.get("/letters", {"q": "U+D800"}).status_code == 200


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
