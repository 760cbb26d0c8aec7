"""A resident chooses one of four languages, and every page of theirs keeps to it (言語の選択の試験)."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from conftest import TOWN
from municipal.web.languages import COOKIE, LANGUAGES, OF_RESIDENTS, day_said, moment_said

FIND = {"ja": ">さがす<", "ja-easy": ">さがす<", "en": ">Search<", "ko": ">찾기<"}
NOTHING = {"ja": "見つかりません", "ja-easy": "見つかりません", "en": "Not found", "ko": "찾을 수 없습니다"}


@pytest.fixture
def reader(town: int) -> Client:
    return Client()


def text(client: Client, path: str, **headers: str) -> str:
    return client.get(path, headers=headers or None).content.decode()


@pytest.mark.parametrize("language", ["xx", "ko'", "ja_Easy", "KO", "", "k" * 5000])
def test_a_language_that_there_is_not_is_japanese_and_is_not_kept(reader: Client, language: str) -> None:
    answer = reader.get(f"/pay/{TOWN}", {"lang": language})
    assert '<html lang="ja">' in answer.content.decode()
    assert COOKIE not in answer.cookies
    reader.cookies[COOKIE] = language
    assert '<html lang="ja">' in text(reader, f"/pay/{TOWN}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_once_chosen_is_kept_by_this_browser_on_every_page(reader: Client, language: str) -> None:
    answer = reader.get(f"/procedures/{TOWN}?lang={language}")
    assert FIND[language] in answer.content.decode()
    kept = answer.cookies[COOKIE]
    assert (kept.value, kept["httponly"], kept["samesite"]) == (language, True, "Lax")
    for path in (f"/procedures/{TOWN}", f"/pay/{TOWN}", f"/me/{TOWN}", f"/events/{TOWN}", f"/apply/{TOWN}/status"):
        page = reader.get(path)
        assert f'<html lang="{language[:2]}">' in page.content.decode(), path
        assert page["Content-Language"] == language[:2]
        assert "Cookie" in page["Vary"]
        # It is set where it is asked for, not on every page.
        assert COOKIE not in page.cookies


def test_pages_of_who_pays_and_of_who_signs_in_offer_all_four_and_keep_what_was_asked(reader: Client) -> None:
    for path in (f"/pay/{TOWN}", f"/me/{TOWN}"):
        page = text(reader, f"{path}?about=7&lang=ko")
        for language, name in LANGUAGES.items():
            assert f'href="?about=7&amp;lang={language}"' in page
            assert f">{name}</a>" in page
        assert page.count('aria-current="true"') == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_and_an_error_come_in_the_language_of_the_reader(reader: Client, language: str) -> None:
    reader.cookies[COOKIE] = language
    wrong = reader.post(f"/pay/{TOWN}", {"code": "1", "confirmation": "1"}).content.decode()
    others = {tongue: _said(tongue, "番号はどこにありますか") for tongue in LANGUAGES}
    assert [tongue for tongue, said in others.items() if said in wrong] == [
        tongue for tongue, said in others.items() if said == others[language]
    ]
    assert NOTHING[language] in text(reader, f"/apply/{TOWN}/no-such-procedure")


def _said(language: str, sentence: str) -> str:
    with override(language):
        return gettext(sentence)


def test_a_browser_that_asks_for_korean_or_english_gets_it_without_choosing(reader: Client) -> None:
    assert '<html lang="ko">' in text(reader, f"/pay/{TOWN}", accept_language="ko-KR,ko;q=0.9")
    assert '<html lang="en">' in text(reader, f"/pay/{TOWN}", accept_language="en-GB")
    assert '<html lang="ja">' in text(reader, f"/pay/{TOWN}", accept_language="fr")


def test_pages_of_staff_know_nothing_of_it(reader: Client) -> None:
    reader.cookies[COOKIE] = "ko"
    assert '<html lang="ja">' in text(reader, "/sign-in?lang=ko")
    for path in (
        "/procedures/edit",
        "/procedures/edit/entries/move-out",
        "/payers",
        "/measures",
        "/payments",
        "/events-x",
    ):
        assert not OF_RESIDENTS.match(path), path


@pytest.mark.parametrize(
    ("language", "day"),
    [("ja", "令和8年11月3日"), ("ja-easy", "2026年11月3日"), ("en", "3 November 2026"), ("ko", "2026년 11월 3일")],
)
def test_a_day_is_written_as_the_reader_of_the_page_writes_it(language: str, day: str) -> None:
    said, at = day_said(date(2026, 11, 3)), moment_said(datetime(2026, 11, 2, 16, 5, tzinfo=UTC))
    with override(language):
        assert str(said) == day
        assert str(at) == f"{day} 01:05"
