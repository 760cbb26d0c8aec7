"""Payers as a clerk finds and keeps them (納付義務者の画面の試験)."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee, Recipient
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.tests.people import newcomer

from .entering import text
from .keeping import key_in
from .payer_acts import COMPANY, NOON, TYPED, entered, owing, page, redirected


@pytest.fixture(autouse=True)
def _today(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def clerk() -> Client:
    return browser_of(somebody("payments.view", "payments.payers"))


@pytest.fixture
def resident() -> Addressee:
    """甲野花子, who lives at 松町１番地."""
    with wall.within(TOWN):
        return newcomer(valid_from=date(2020, 4, 1)).addressee


def test_a_non_resident_is_entered_and_found_by_number_name_and_kana(clerk: Client) -> None:
    number = entered(clerk)
    for asked in (number, "乙田", "乙田一", "おつだ", "オツダ ハジメ", "ﾊｼﾞﾒ"):
        found = text(clerk.get("/money/payers", {"q": asked}))
        assert "1件見つかりました" in found, asked
        assert number in found
    assert "〒000-0401" in page(clerk, number)
    assert "見本県見本市本通２番地" in page(clerk, number)


def test_a_corporation_is_found_by_its_number(clerk: Client) -> None:
    number = entered(clerk, kind="corporation", name="架空商事株式会社", corporate_number=COMPANY)
    assert number in text(clerk.get("/money/payers", {"q": COMPANY}))
    assert "架空商事株式会社 御中" in page(clerk, number)


def test_a_resident_is_found_in_the_same_box(clerk: Client, resident: Addressee) -> None:
    for asked in ("甲野", "こうの", resident.number):
        assert resident.number in text(clerk.get("/money/payers", {"q": asked}))
    assert "架空県架空市松町１番地" in page(clerk, resident.number)


@pytest.mark.parametrize("asked", ["㈱架空", "甲\x00", "長" * 101])
def test_a_search_for_what_no_register_holds_is_answered_with_a_sentence(clerk: Client, asked: str) -> None:
    answer = clerk.get("/money/payers", {"q": asked})
    assert answer.status_code == 422
    assert "入力を確かめてください" in text(answer)


def test_nobody_found_is_said_with_what_to_try_next(clerk: Client) -> None:
    assert "見つかりませんでした" in text(clerk.get("/money/payers", {"q": "存在しない"}))
    assert "見つかり" not in text(clerk.get("/money/payers"))


def test_a_form_sent_twice_enters_one_payer(clerk: Client) -> None:
    said = TYPED | {"key": key_in(clerk.get("/money/payers/new"))}
    answers = [clerk.post("/money/payers/new", said)["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    with wall.within(TOWN):
        assert Addressee.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": ""}, "氏名又は名称を入力してください"),
        ({"kind": ""}, "住登外者か法人かを選んで"),
        ({"postal_code": "12"}, "郵便番号は7桁"),
        ({"block": ""}, "住所を、市区町村と町字"),
        ({"corporate_number": COMPANY}, "法人番号は法人だけ"),
        ({"kind": "corporation", "corporate_number": "1234567890123"}, "法人番号が正しくありません"),
        ({"name": "甲\u202e野"}, "向きを変える"),
        ({"building": "棟" * 301}, "300文字以内"),
    ],
)
def test_a_bad_entry_comes_back_with_one_sentence(clerk: Client, said: dict[str, str], sentence: str) -> None:
    answer = clerk.post("/money/payers/new", TYPED | said | {"key": "one"})
    assert answer.status_code == 422
    assert sentence in text(answer)
    with wall.within(TOWN):
        assert not Addressee.objects.exists()


def test_a_correction_shows_what_was_said_before(clerk: Client) -> None:
    number = entered(clerk)
    form = clerk.get(f"/money/payers/{number}/correct")
    assert 'value="本通"' in form.content.decode()
    said = TYPED | {"name": "乙川　一", "reason": "婚姻による改氏", "key": key_in(form)}
    assert clerk.post(f"/money/payers/{number}/correct", said).status_code == 302
    shown = page(clerk, number)
    assert "婚姻による改氏" in shown
    assert shown.index("乙川 一") < shown.rindex("乙田 一")
    assert number in text(clerk.get("/money/payers", {"q": "乙田"}))


def test_a_resident_is_not_corrected_on_this_screen(clerk: Client, resident: Addressee) -> None:
    assert clerk.get(f"/money/payers/{resident.number}/correct").status_code == 404
    assert "宛名を訂正する" not in page(clerk, resident.number)


def test_mail_goes_to_a_recipient_until_it_is_ended(clerk: Client) -> None:
    number = entered(clerk)
    assert redirected(clerk, number, kind="tax_agent", name="丙山　澪").status_code == 302
    assert "納税管理人（乙田 一 様分）" in page(clerk, number)
    with wall.within(TOWN):
        row = Recipient.objects.get().pk
    ended = {"do": "end", "last_day": "R8.11.19", "key": "end-1"}
    assert clerk.post(f"/money/payers/{number}/recipients/{row}/end", ended).status_code == 302
    shown = page(clerk, number)
    assert "納税管理人（" not in shown
    assert "令和8年11月1日 〜 令和8年11月19日 終了" in shown


def test_a_recipient_entered_by_mistake_is_taken_back(clerk: Client) -> None:
    number = entered(clerk)
    redirected(clerk, number)
    with wall.within(TOWN):
        row = Recipient.objects.get().pk
    path = f"/money/payers/{number}/recipients/{row}/end"
    assert clerk.post(path, {"do": "mistake", "key": "m-1"}).status_code == 302
    assert "別県別市" not in page(clerk, number)
    again = clerk.post(path, {"do": "mistake", "key": "m-2"})
    assert (again.status_code, "見つかりません" in text(again)) == (422, True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"last_day": "R8.10.1"}, "終了日は開始日以降"),
        ({"first_day": ""}, "日付を入れてください"),
        ({"kind": "guardian"}, "送付先の氏名又は名称を入力"),
        ({"city": ""}, "送付先の住所を"),
        ({"subject": "000"}, "料金を一覧から選んで"),
    ],
)
def test_a_bad_recipient_comes_back_with_one_sentence(clerk: Client, said: dict[str, str], sentence: str) -> None:
    number = entered(clerk)
    answer = redirected(clerk, number, **said)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_an_end_without_a_day_comes_back_open(clerk: Client) -> None:
    number = entered(clerk)
    redirected(clerk, number)
    with wall.within(TOWN):
        row = Recipient.objects.get().pk
    answer = clerk.post(f"/money/payers/{number}/recipients/{row}/end", {"do": "end", "last_day": "いつか", "key": "e"})
    assert answer.status_code == 422
    assert "日付を読み取れません" in text(answer)
    assert "<details open>" in answer.content.decode()


def test_the_page_says_what_is_owed_and_what_is_overdue(clerk: Client, resident: Addressee) -> None:
    owing(resident)
    owing(resident, fee="903", reference="0002", total_yen=5_000, due_on=[date(2027, 3, 31)])
    shown = page(clerk, resident.number)
    assert "未納額 105,900円" in shown
    assert len(re.findall("納期限経過", shown)) == 1


def test_whoever_is_shown_is_disclosed(clerk: Client, resident: Addressee) -> None:
    clerk.get("/money/payers", {"q": resident.number})
    page(clerk, resident.number)
    with wall.within(TOWN):
        seen = Entry.objects.filter(kind="disclosure", subjects=[resident.pk])
        assert [list(one.fields) for one in seen.order_by("seq")] == [
            ["name", "kana"], ["name", "kana", "mailing", "charges"],
        ]  # fmt: skip


def test_who_may_only_look_is_offered_no_act_and_refused_every_one(resident: Addressee) -> None:
    reader = browser_of(somebody("payments.view", login_name="reader"))
    shown = page(reader, resident.number)
    assert "送付先を登録する" not in shown
    for path in ("new", f"{resident.number}/recipients/new", f"{resident.number}/correct"):
        assert reader.get(f"/money/payers/{path}").status_code == 403
    stranger = browser_of(somebody("residents.view", login_name="stranger"))
    assert stranger.get(f"/money/payers/{resident.number}").status_code == 403


def test_another_towns_payer_is_not_there(clerk: Client) -> None:
    number = entered(clerk)
    other = browser_of(somebody("payments.view", "payments.payers", town=OTHER_TOWN))
    assert other.get(f"/money/payers/{number}").status_code == 404
    assert "見つかりませんでした" in text(other.get("/money/payers", {"q": "乙田"}))
    assert other.get("/money/payers/１２３").status_code == 404
