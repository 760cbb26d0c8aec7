"""Received notices on screen: a file, the list, the entry from it (受信した通知の画面の試験)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.actors import System
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.models import Received
from municipal.residents.received import COLUMNS

from .entering import decided, entered, fields, moved_in, newest, opened, sent, signed_in, text

NOW = datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)


@pytest.fixture
def clerk(two_towns: str) -> Iterator[Client]:
    with clock.stopped_at(NOW):
        # The made-up town has notices of its own.
        with wall.within(TOWN):
            Received.objects.update(closed_because="研修用")
        yield signed_in("counter")


@pytest.fixture
def chief(clerk: Client) -> Client:
    return signed_in("chief")


def upload(client: Client, kind: str, content: bytes | str, key: str = "k1") -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post("/received/file", {"kind": kind, "key": key, "file": SimpleUploadedFile("n.csv", raw)})


def file_of(kind: str, **said: str) -> str:
    columns = COLUMNS[kind]
    return ",".join(columns.values()) + "\r\n" + ",".join(said.get(name, "") for name in columns)


@pytest.fixture
def left(clerk: Client, chief: Client) -> Any:
    """Who has announced a move-out, and the line that says they arrived."""
    number = moved_in(clerk, chief)[0]
    said = {"event_on": "R8.11.20", "place-prefecture": "見本県", "place-city": "見本市"}
    decided(chief, entered(clerk, opened(clerk, "move_out", person=number), **said))
    arrived = {
        "noticed_on": "2026-11-24", "sender": "見本市", "resident_code": newest(number).resident_code,
        "name": "転入　太郎", "event_on": "2026-11-18", "prefecture": "見本県", "city": "見本市", "block": "本通",
    }  # fmt: skip
    return number, file_of("arrival", **arrived)


@pytest.mark.clause("resident-record/1.0#4.5.6/m3", "resident-record/1.0#4.5.6/m4", "resident-record/1.0#4.1.3.1.2/m2")
def test_an_arrival_is_taken_in_from_the_list(clerk: Client, chief: Client, left: Any) -> None:
    number, content = left
    assert upload(clerk, "arrival", content).status_code == 302
    page = clerk.get("/received")
    assert page.context["rows"][0]["name"] == "転入　太郎"
    assert "本通" not in page.content.decode()
    (row,) = page.context["rows"]
    shown = opened(clerk, "arrival_notice", person=number, answers=row["id"])
    said = fields(shown)
    assert (said["event_on"], said["place-block"], said["movers"]) == (["令和8年11月18日"], ["本通"], [number])
    checked = sent(clerk, shown, "check")
    assert "令和8年11月18日" in text(checked)
    draft = entered(clerk, shown)
    assert "仮登録中" in text(clerk.get("/received"))
    decided(chief, draft)
    assert newest(number).confirmed_destination_block == "本通"
    assert "取り込んでいない通知はありません" in text(clerk.get("/received"))
    assert clerk.get(f"/entries/arrival_notice?person={number}&answers={row['id']}").status_code == 404


def test_an_amended_entry_still_answers_its_notice(clerk: Client, chief: Client, left: Any) -> None:
    number, content = left
    upload(clerk, "arrival", content)
    (row,) = clerk.get("/received").context["rows"]
    draft = entered(clerk, opened(clerk, "arrival_notice", person=number, answers=row["id"]))
    again = clerk.get(f"/entries/arrival_notice?draft={draft}&version=1&person={number}")
    entered(clerk, again, **{"place-lot": "９番地"})
    decided(chief, draft)
    assert newest(number).confirmed_destination_lot == "９番地"
    assert newest(number).event.answers_id == row["id"]


def test_a_certificate_opens_a_move_in_by_card(clerk: Client, chief: Client) -> None:
    code = "99900000223"
    said = {
        "noticed_on": "2026-11-20", "sender": "見本市", "resident_code": code, "name": "見本　新", "sex": "1",
        "born_on": "1990-01-02", "relationship": "世帯主", "domicile": "見本県", "register_head": "見本　新",
        "planned_on": "2026-11-19", "prefecture": "見本県", "city": "見本市", "block": "本通",
    }  # fmt: skip
    upload(clerk, "move_out", file_of("move_out", **said))
    (row,) = clerk.get("/received").context["rows"]
    shown = clerk.get(f"/entries/move_in_by_card?answers={row['id']}")
    found = fields(shown)
    assert (found["people-0-family_name"], found["planned_on"]) == (["見本"], ["R8.11.19"])
    assert (found["came_from-block"], found["people-0-domicile"]) == (["本通"], ["見本県"])


def test_a_file_sent_twice_is_taken_in_once(clerk: Client, left: Any) -> None:
    _number, content = left
    upload(clerk, "arrival", content, "same")
    upload(clerk, "arrival", content, "same")
    assert clerk.get("/received").context["count"] == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "CSVファイルを選んでください。"), (b"\xff\xfe\x00", "UTF-8ではありません"), ("氏名\r\n", "ファイルに列"),
        (file_of("arrival", name="誰か"), "2行目に"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_a_sentence(clerk: Client, content: Any, sentence: str) -> None:
    answer = upload(clerk, "arrival", content)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_notice_is_set_aside_with_a_reason(clerk: Client, left: Any) -> None:
    upload(clerk, "arrival", left[1])
    (row,) = clerk.get("/received").context["rows"]
    assert clerk.post(f"/received/{row['id']}/close", {"because": ""}).status_code in (400, 422)
    assert clerk.post(f"/received/{row['id']}/close", {"because": "誤送"}).status_code == 302
    assert clerk.get("/received").context["count"] == 0
    assert clerk.post("/received/99999/close", {"because": "誤送"}).status_code in (400, 404, 409, 422)


def test_nobody_without_the_permission_sees_notices(two_towns: str) -> None:
    viewer = browser_of(somebody("residents.view", login_name="viewer"))
    for path in ("/received", "/received/file"):
        assert viewer.get(path).status_code == 403


def test_where_a_protected_person_went_is_on_no_page(clerk: Client, left: Any) -> None:
    number, content = left
    upload(clerk, "arrival", content)
    with wall.within(TOWN):
        one = Addressee.objects.get(number=number)
        protect(actor=System(), addressee=one, starts_on=clock.today(), ends_on=None, is_own=True)
    listed = clerk.get("/received")
    (row,) = listed.context["rows"]
    assert row["badges"] == ["protected"]
    shown = opened(clerk, "arrival_notice", person=number, answers=row["id"])
    for page in (listed, shown):
        assert "本通" not in page.content.decode()
    assert fields(shown)["place-block"] == [""]
