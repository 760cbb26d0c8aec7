"""Anybody finds a procedure, reads it in four languages and counts a deadline (手続をさがす画面の試験)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.procedures import offered as offering
from municipal.procedures.catalogue import entry_of, shipped
from municipal.procedures.tests.sample import proof, said, sample

HERE = f"/procedures/{TOWN}"
ELSEWHERE = sample(
    id="passport", kind="elsewhere", title=said("旅券"),
    elsewhere={"where": said("県の窓口へ"), "why": said("県の事務です")},
    asks=[], pages=[], holds=[], evidence=[], deadline=None, workflow="", decision=None, retention=None,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(datetime(2026, 11, 29, 3, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of two; nobody after this test reads it."""
    online = sample(evidence=[proof("photo", "applicant"), proof("tax")],
                    follows=[{"id": "passport", "if": "", "is_ex_officio": False}])  # fmt: skip
    monkeypatch.setattr(offering, "shipped", lambda: (entry_of(online), entry_of(ELSEWHERE)))
    offering._kept.cache_clear()
    yield
    offering._kept.cache_clear()


@pytest.fixture
def client(committed_db: str) -> Client:
    return Client(raise_request_exception=False)


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_where_there_are_two_towns_a_resident_chooses(client: Client) -> None:
    text = text_of(client, "/procedures")
    assert f"/procedures/{TOWN}?" in text
    assert f"/procedures/{OTHER_TOWN}?" in text


@pytest.mark.parametrize("path", ["/procedures/12", "/procedures/999999", f"{HERE}/entries/nowhere", f"{HERE}/x"])
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    text_of(client, path, 404)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("typed", "title"), [("出ていく", "転出届"), ("旅券", "旅券")])
def test_what_is_typed_leads_to_the_procedure(client: Client, typed: str, title: str) -> None:
    text = text_of(client, f"{HERE}?q={typed}")
    assert f"「{typed}」に合う手続" in text
    assert re.search(rf'entries/[a-z-]+\?lang=ja" lang="ja">{title}</a>', text)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("typed", ["宇宙", "<script>alert(1)</script>", "%00", "x" * 3000])
def test_where_nothing_fits_everything_is_offered_and_nothing_typed_becomes_markup(client: Client, typed: str) -> None:
    text = text_of(client, f"{HERE}?q={typed}")
    assert "ほかの言い方で試すか" in text
    assert "できごとからさがす（2の手続）" in text
    assert "<script>alert" not in text


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("language", "title", "button", "tag"),
    [("ja", "転出届", "さがす", "ja"), ("ja-easy", "転出届です", "さがす", "ja"), ("en", "転出届 (en)", "Search", "en"),
     ("ko", "転出届 (ko)", "찾기", "ko"), ("xx", "転出届", "さがす", "ja")],
)  # fmt: skip
def test_an_entry_is_read_in_the_language_of_the_link(
    client: Client, language: str, title: str, button: str, tag: str
) -> None:
    assert f'<h1 lang="{tag}">{title}</h1>' in text_of(client, f"{HERE}/entries/move-out?lang={language}")
    assert f">{button}</button>" in text_of(client, f"{HERE}?lang={language}")


@pytest.mark.usefixtures("small")
def test_a_korean_browser_reads_korean_without_asking(client: Client) -> None:
    answer = client.get(f"{HERE}/entries/move-out", headers={"accept-language": "ko-KR,ko;q=0.9"})
    assert '<h1 lang="ko">' in answer.content.decode()


@pytest.mark.usefixtures("small")
def test_an_entry_says_what_to_bring_what_not_and_what_is_not_certain(client: Client) -> None:
    text = text_of(client, f"{HERE}/entries/move-out")
    assert '<strong lang="ja">photo</strong>' in text
    assert '<s lang="ja">tax</s>' in text
    assert text.count("未確認（暫定）") >= 3
    assert "住民基本台帳法第24条" in text
    assert "旅券" in text
    assert "住民基本台帳法 第24条" not in text_of(client, f"{HERE}/entries/move-out?lang=ja-easy")


@pytest.mark.usefixtures("small")
def test_what_is_done_elsewhere_says_where_and_why(client: Client) -> None:
    text = text_of(client, f"{HERE}/entries/passport")
    assert "県の窓口へ" in text
    assert "県の事務です" in text
    assert "計算する" not in text
    assert "用意する書類はありません" not in text


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("typed", "said_"),
    [("2026-11-20", "令和8年12月4日"), ("R8.11.20", "令和8年12月4日"), ("2026-11-01", "過ぎています"),
     ("きのう", "日付"), ("9999-12-31", "この日付では計算できません"), ("2026-02-30", "日付")],
)  # fmt: skip
def test_a_deadline_is_a_date(client: Client, typed: str, said_: str) -> None:
    assert said_ in text_of(client, f"{HERE}/entries/move-out?on={typed}")


def test_the_guide_ends_within_three_answers_and_starts_again(client: Client) -> None:
    path, asked = f"{HERE}/guide", 0
    while "（3問まで）" in (text := text_of(client, path)):
        asked += 1
        found = re.search(r'<li><a href="(\?[^"]+)"', text)
        assert found
        path = f"{HERE}/guide{found[1].replace('&amp;', '&')}"
    assert 1 <= asked <= 3
    assert "あなたに合いそうな手続" in text
    assert "はじめから答え直す" in text


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en", "ko"])
def test_every_entry_opens_in_every_language_and_no_english_frame_is_japanese(client: Client, language: str) -> None:
    for entry in shipped():
        text = text_of(client, f"{HERE}/entries/{entry.id}?lang={language}")
        assert str(entry.title.said(language).split("&")[0].split("'")[0]) in text
        frame = re.sub(r'<(\w+)[^>]*\slang="(ja|ko)"[^>]*>.*?</\1>', "", text, flags=re.S)
        if language in ("en", "ko"):
            assert not re.search("[ぁ-ん]", frame), (entry.id, re.findall(".{20}[ぁ-ん].{20}", frame)[:3])


def test_the_figures_are_those_of_the_catalogue(client: Client) -> None:
    text = text_of(client, f"{HERE}/principles")
    assert f"（{len(shipped())}件）" in text
    assert "63がいらなくなり、32が残ります" in text
    assert "3원칙의 수치" in text_of(client, f"{HERE}/principles?lang=ko")


def test_nothing_of_a_reader_is_kept(client: Client) -> None:
    answer = client.get(f"{HERE}?q=離婚したい")
    assert not answer.cookies
