"""A clerk rewrites a procedure, another publishes it, residents read it (手続カタログの編集画面の試験)."""

import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from conftest import TOWN
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.procedures import offered as offering
from municipal.procedures.catalogue import entry_of, written
from municipal.procedures.models import ProcedureVersion
from municipal.procedures.tests.sample import said, sample

NEW = sample(title=said("転出の届出"))
EDIT = "/procedures/edit/entries/move-out"


@pytest.fixture(autouse=True)
def _one_entry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(offering, "shipped", lambda: (entry_of(sample()),))
    offering._kept.cache_clear()
    yield
    offering._kept.cache_clear()


@pytest.fixture
def writer(committed_db: str) -> Client:
    return browser_of(somebody("procedures.edit", login_name="writer"))


@pytest.fixture
def chief(committed_db: str) -> Client:
    return browser_of(somebody("procedures.edit", "procedures.publish", login_name="chief"))


def saved(client: Client, text: str = "", **more: str) -> Any:
    return client.post(EDIT, {"text": text or written(NEW), "seen": "", "key": uuid4().hex} | more)


def acted(client: Client, act: str, number: int, **more: str) -> Any:
    return client.post(f"/procedures/edit/versions/{number}", {"act": act, "key": uuid4().hex} | more)


def only() -> ProcedureVersion:
    with wall.within(TOWN):
        return ProcedureVersion.objects.get()


def test_from_the_first_letter_to_the_residents_page(writer: Client, chief: Client) -> None:
    assert saved(writer).status_code == 302
    page = writer.get(f"/procedures/edit/versions/{only().pk}").content.decode()
    assert "<ins>" in page
    assert "転出の届出" in page
    assert acted(writer, "propose", only().pk).status_code == 302
    assert "公開の承認待ち" in chief.get("/procedures/edit").content.decode()
    assert "転出の届出" not in Client().get(f"/procedures/{TOWN}/entries/move-out").content.decode()
    assert acted(chief, "publish", only().pk).status_code == 302
    assert "転出の届出" in Client().get(f"/procedures/{TOWN}/entries/move-out").content.decode()


def test_who_wrote_it_does_not_publish_it(chief: Client) -> None:
    saved(chief)
    acted(chief, "propose", only().pk)
    assert "公開する</button>" not in chief.get(f"/procedures/edit/versions/{only().pk}").content.decode()
    answer = acted(chief, "publish", only().pk)
    assert (answer.status_code, only().state) == (422, "proposed")
    assert "別の職員" in answer.content.decode()


def test_a_clerk_without_the_permission_does_not_publish(writer: Client, chief: Client) -> None:
    saved(chief)
    acted(chief, "propose", only().pk)
    assert acted(writer, "publish", only().pk).status_code == 422
    assert only().state == "proposed"


def test_somebody_without_any_of_the_permissions_sees_nothing(committed_db: str) -> None:
    client = browser_of(somebody("payments.view"))
    for path in ("/procedures/edit", EDIT, "/procedures/edit/file.json"):
        assert client.get(path).status_code == 403
    assert saved(client).status_code == 403
    assert Client().get("/procedures/edit").status_code in (302, 401)


def test_what_was_typed_wrongly_is_all_named_and_nothing_is_lost(writer: Client) -> None:
    answer = saved(writer, written(sample(events=["party"], kind="maybe")))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "見つかった誤り（2件）" in text
    assert "party" in text
    answer = saved(writer, "{")
    assert "JSONとして読めません" in answer.content.decode()
    assert saved(writer, "x" * 200_001).status_code == 422
    with wall.within(TOWN):
        assert ProcedureVersion.objects.count() == 0


def test_a_button_pressed_twice_saves_once(writer: Client) -> None:
    key = uuid4().hex
    assert [saved(writer, key=key).status_code for _press in range(2)] == [302, 302]
    assert only().number == 2


def test_a_wording_goes_back_with_a_reason_and_the_writer_reads_it(writer: Client, chief: Client) -> None:
    saved(writer)
    acted(writer, "propose", only().pk)
    assert writer.get(EDIT).status_code == 302
    assert acted(chief, "return", only().pk, reason="").status_code == 422
    assert acted(chief, "return", only().pk, reason="期限が<違い>ます").status_code == 302
    assert "期限が&lt;違い&gt;ます" in writer.get(EDIT).content.decode()


def test_a_draft_is_thrown_away(writer: Client) -> None:
    saved(writer)
    assert acted(writer, "discard", only().pk).status_code == 302
    with wall.within(TOWN):
        assert ProcedureVersion.objects.count() == 0


@pytest.mark.parametrize("act", ["", "delete", "propose'--"])
def test_an_act_that_is_none_is_refused(writer: Client, act: str) -> None:
    saved(writer)
    assert acted(writer, act, only().pk).status_code == 422
    assert only().state == "draft"


@pytest.mark.parametrize("path", ["/procedures/edit/entries/nowhere", "/procedures/edit/versions/999"])
def test_what_is_not_there_is_not_found(writer: Client, path: str) -> None:
    assert writer.get(path).status_code == 404


def test_the_catalogue_is_one_file_and_comes_in_as_drafts(writer: Client) -> None:
    found = json.loads(b"".join(writer.get("/procedures/edit/file.json")))
    assert [one["id"] for one in found["entries"]] == ["move-out"]
    found["entries"][0]["title"] = said("転出の届出")
    found["entries"].append(sample(id="other"))
    file = io.BytesIO(json.dumps(found).encode())
    file.name = "procedures.json"
    assert writer.post("/procedures/edit/take-in", {"file": file, "key": uuid4().hex}).status_code == 302
    with wall.within(TOWN):
        assert sorted(ProcedureVersion.objects.values_list("procedure__code", "state")) == [
            ("move-out", "draft"), ("other", "draft"),
        ]  # fmt: skip
    assert "other" in writer.get("/procedures/edit").content.decode()


@pytest.mark.parametrize("data", [b"", b"{", b"\x00\x01", b'{"format": "kijun-procedures/1", "entries": [1]}'])
def test_a_file_that_is_no_catalogue_is_refused_in_a_sentence(writer: Client, data: bytes) -> None:
    file = io.BytesIO(data)
    file.name = "x.json"
    answer = writer.post("/procedures/edit/take-in", {"file": file, "key": uuid4().hex})
    assert answer.status_code == 422
    assert "入力を確かめてください" in answer.content.decode()
