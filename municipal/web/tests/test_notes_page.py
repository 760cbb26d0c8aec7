"""The page of remarks and memos: permissions, double sends, bad input, other towns (統合記載欄の画面の試験)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.actors import System
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.models import ActualHead, Investigation, Memo, Remark, StandingNote, StoredRecord
from municipal.residents.operations import store_removed

from .entering import decided, entered, moved_in, newest, opened, signed_in, text

V1 = "resident-record/1.0"
NOW = datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)
STEPS = ("remark", "memo", "investigation", "actual-head")


@pytest.fixture
def clerk(two_towns: str) -> Iterator[Client]:
    with clock.stopped_at(NOW):
        yield signed_in("counter")


@pytest.fixture
def numbers(clerk: Client) -> list[str]:
    return moved_in(clerk, signed_in("chief"))


def send(client: Client, number: str, step: str, key: str = "k1", **said: Any) -> Any:
    return client.post(f"/residents/{number}/notes/{step}", {"key": key, **said})


def count(model: Any) -> int:
    with wall.within(TOWN):
        return int(model.objects.count())


@pytest.mark.clause(f"{V1}#1.1.14/m7", f"{V1}#1.1.14/m8", f"{V1}#1.1.15/m1")
def test_what_is_sent_twice_is_written_once(clerk: Client, numbers: list[str]) -> None:
    for _ in range(2):
        assert send(clerk, numbers[0], "remark", text="住居表示の予定").status_code == 302
        assert send(clerk, numbers[0], "memo", "k2", text="大きな声で").status_code == 302
    assert (count(Remark), count(Memo)) == (1, 1)
    assert send(clerk, numbers[0], "remark", text="別の内容").status_code in (409, 422)
    assert count(Remark) == 1
    page = text(clerk.get(f"/residents/{numbers[0]}/notes"))
    assert "住居表示の予定" in page
    assert "大きな声で" in page


def test_a_note_is_written_on_a_row_changed_and_struck(clerk: Client, numbers: list[str]) -> None:
    send(clerk, numbers[0], "remark", serial="1", item="name", text="氏名の字体を確認")
    with wall.within(TOWN):
        made = Remark.objects.get()
    assert (made.sort, made.item) == ("note", "name")
    assert "氏名：氏名の字体を確認" in text(clerk.get(f"/residents/{numbers[0]}/notes"))
    assert send(clerk, numbers[0], "remark", "k2", do="strike", remark=made.pk).status_code == 302
    assert "氏名の字体を確認" not in text(clerk.get(f"/residents/{numbers[0]}/notes"))
    assert send(clerk, numbers[0], "remark", "k3", do="strike", remark=made.pk).status_code in (409, 422)


@pytest.mark.walk
@pytest.mark.parametrize(("step", "said"), [
    ("remark", {}), ("remark", {"text": " "}), ("remark", {"text": "あ" * 501}), ("remark", {"text": "a\x00"}),
    ("remark", {"text": "あ", "serial": "99"}), ("remark", {"text": "あ", "serial": "x"}),
    ("remark", {"text": "あ", "item": "name"}), ("remark", {"text": "あ", "remark": "9" * 18}),
    ("remark", {"text": "あ", "key": ""}), ("memo", {"text": ""}), ("memo", {"text": "あ" * 2001}),
    ("memo", {"do": "strike", "memo": "12345"}), ("investigation", {}), ("investigation", {"do": "end"}),
    ("investigation", {"do": "end", "investigation": "x"}), ("investigation", {"do": "end", "investigation": "9" * 30}),
    ("investigation", {"do": "begin", "about": "moon", "because": "a"}),
    ("investigation", {"do": "begin", "about": "whole", "because": "a", "started_on": "R99.1.1"}),
    ("investigation", {"do": "begin", "about": "whole", "because": "a", "started_on": "R8.11.26"}),
    ("investigation", {"do": "begin", "about": "whole", "because": "", "started_on": "R8.11.20"}),
    ("investigation", {"do": "begin", "about": "whole", "because": "a", "others": "0000000001"}),
    ("actual-head", {}), ("actual-head", {"name": "甲", "standing": "king"}),
    ("actual-head", {"do": "end", "actual_head": "7"}),
])  # fmt: skip
def test_bad_input_is_refused_on_the_page_and_changes_nothing(
    clerk: Client, numbers: list[str], step: str, said: dict[str, str]
) -> None:
    answer = send(clerk, numbers[0], step, **said)
    assert answer.status_code in (404, 409, 422), answer.content.decode()[:2000]
    assert [count(model) for model in (Remark, Memo, Investigation, ActualHead)] == [0, 0, 0, 0]


def test_every_step_asks_for_its_own_permission(clerk: Client, numbers: list[str]) -> None:
    reader = browser_of(somebody("residents.view", login_name="reader"))
    page = reader.get(f"/residents/{numbers[0]}/notes")
    assert page.status_code == 200
    assert "<form" not in re.sub(
        r"(?s)<header.*?</header>|<footer.*?</footer>", "", page.content.decode().split("<main")[1]
    )
    send(clerk, numbers[0], "memo", text="内緒のメモ")
    assert "内緒のメモ" not in text(reader.get(f"/residents/{numbers[0]}/notes"))
    for step in STEPS:
        assert send(reader, numbers[0], step, text="あ").status_code == 403
    nobody = browser_of(somebody("jobs.view", login_name="nobody"))
    assert nobody.get(f"/residents/{numbers[0]}/notes").status_code == 403
    assert nobody.get("/letters/1").status_code == 403
    assert clerk.get("/register/standing-notes").status_code == 403


def test_nobody_of_another_town_is_found(clerk: Client, numbers: list[str]) -> None:
    with wall.within(OTHER_TOWN):
        theirs = {one.number for one in Addressee.objects.filter(kind="resident")}
    with wall.within(TOWN):
        ours = {one.number for one in Addressee.objects.all()}
    for number in [*sorted(theirs - ours)[:2], "x", "9" * 15]:
        assert clerk.get(f"/residents/{number}/notes").status_code == 404
        for step in STEPS:
            assert send(clerk, number, step, text="あ").status_code == 404
    assert clerk.get("/letters/999999999").status_code == 404
    assert clerk.get("/letters/99999999999999999999999").status_code == 404


def test_an_investigation_of_several_is_marked_on_each_and_ends(clerk: Client, numbers: list[str]) -> None:
    said = {"do": "begin", "about": "address", "because": "返戻", "started_on": "R8.11.20", "others": numbers[1]}
    assert send(clerk, numbers[0], "investigation", **said).status_code == 302
    for number in numbers[:2]:
        assert "調査中" in text(clerk.get(f"/residents/{number}"))
    assert "調査中" not in text(clerk.get(f"/residents/{numbers[2]}"))
    with wall.within(TOWN):
        first = Investigation.objects.order_by("pk")[0]
    end = {"do": "end", "investigation": first.pk, "outcome": "as_recorded"}
    assert send(clerk, numbers[0], "investigation", "k2", **end).status_code == 302
    assert "調査中" not in text(clerk.get(f"/residents/{numbers[0]}"))
    assert "記録のとおり" in text(clerk.get(f"/residents/{numbers[0]}/notes"))


@pytest.mark.clause(f"{V1}#4.1.4.3/m1")
def test_a_director_is_recorded_and_ended(clerk: Client, numbers: list[str]) -> None:
    said = {"name": "施設　長子", "standing": "director", "since": "R8.11.1"}
    assert send(clerk, numbers[0], "actual-head", **said).status_code == 302
    assert "事実上の世帯主：施設 長子（施設の長）" in text(clerk.get(f"/residents/{numbers[3]}/notes"))
    with wall.within(TOWN):
        made = ActualHead.objects.get()
    assert send(clerk, numbers[0], "actual-head", "k2", do="end", actual_head=made.pk).status_code == 302
    assert "事実上の世帯主：" not in text(clerk.get(f"/residents/{numbers[3]}/notes"))


def test_of_a_protected_person_neither_remarks_nor_memos_nor_addresses_are_shown(
    clerk: Client, numbers: list[str]
) -> None:
    send(clerk, numbers[0], "remark", text="MARKER の近く")
    send(clerk, numbers[0], "memo", "k2", text="MARKER にいる")
    with wall.within(TOWN):
        person = Addressee.objects.get(number=numbers[0])
        protect(actor=System(), addressee=person, starts_on=NOW.date(), ends_on=None, is_own=True)
    reader = browser_of(somebody("residents.view", "residents.memo", "residents.history", login_name="reader"))
    for path in (f"/residents/{numbers[0]}/notes", f"/letters/{newest(numbers[0]).event_id}"):
        page = text(reader.get(path))
        assert "MARKER" not in page
        assert "松町" not in page


@pytest.mark.clause(f"{V1}#4.0.4/m2", f"{V1}#4.0.5/m2", f"{V1}#4.2.0.1/m2", f"{V1}#4.2.0.1/m3")
def test_the_letters_of_an_act_and_the_list_of_households_without_a_head(clerk: Client, numbers: list[str]) -> None:
    shown = opened(clerk, "removal_ex_officio", person=numbers[0])
    decided(signed_in_again(), entered(clerk, shown, event_on="R8.11.20", movers=[numbers[0]]))
    page = text(clerk.get(f"/letters/{newest(numbers[0]).event_id}"))
    for expected in ("職権記録書", "職権記載等通知書", "世帯主変更依頼通知書", "転入 花子"):
        assert expected in page.replace("　", " ")
    assert "転入 花子" in text(clerk.get("/letters/headless")).replace("　", " ")


def signed_in_again() -> Client:
    return browser_of(somebody("residents.decide", "residents.enter", "residents.view", login_name="decider"))


def test_a_standing_note_is_set_and_taken_away(clerk: Client) -> None:
    admin = signed_in("admin")
    assert admin.post("/register/standing-notes", {"key": "a", "reason": "move_in", "text": "定型"}).status_code == 302
    assert "定型" in text(admin.get("/register/standing-notes"))
    assert admin.post("/register/standing-notes", {"key": "b", "reason": "no", "text": "定型"}).status_code == 422
    assert admin.post("/register/standing-notes", {"key": "c", "reason": "move_in", "text": ""}).status_code == 302
    assert count(StandingNote) == 0


@pytest.mark.clause(f"{V1}#1.1.5/m8")
def test_a_stored_record_is_found_by_one_search_and_by_those_allowed_only(clerk: Client) -> None:
    with clock.stopped_at(datetime(2036, 11, 25, 10, tzinfo=clock.TOKYO)), wall.within(TOWN):
        assert store_removed(actor=System())
        one = StoredRecord.objects.select_related("addressee")[0].addressee
    page = text(clerk.get("/residents", {"q": one.number, "purpose": "counter"}))
    assert "除票用データベースで見つかりました" in page
    assert clerk.get(f"/residents/{one.number}").status_code == 200
    may = ("residents.search", "residents.view", "residents.history", "residents.print")
    reader = browser_of(somebody(*may, login_name="reader"))
    assert "見つかりませんでした" in text(reader.get("/residents", {"q": one.number, "purpose": "counter"}))
    for path in ("", "/history", "/notes", "/household"):
        assert reader.get(f"/residents/{one.number}{path}").status_code == 403
    assert reader.post(f"/residents/{one.number}/print").status_code == 403
