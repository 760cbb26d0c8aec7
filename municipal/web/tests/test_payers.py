"""Payers as a clerk sees and keeps them (納付義務者の画面の試験)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee, DirectoryRecord, Recipient
from municipal.addressees.operations import protect
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.numbers import CORPORATE_NUMBER
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.payments.models import Assessment, JointPayer
from municipal.payments.operations import Joint, assess, name_joint_payers
from municipal.payments.tests.booking import assessed
from municipal.residents.tests.people import newcomer

from .entering import text
from .keeping import key_in

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
CLERK = System(actor_kind="staff", actor_id=1)
COMPANY = CORPORATE_NUMBER.of("000012345678")
TYPED = {
    "kind": "non_resident", "name": "乙田　一", "kana": "オツダ　ハジメ", "postal_code": "000-0401",
    "prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地",
}  # fmt: skip
ELSEWHERE = {"prefecture": "別県", "city": "別市", "block": "栗町", "lot": "７"}


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


def entered(clerk: Client, **said: str) -> str:
    """The number of somebody who was entered on the screen."""
    key = key_in(clerk.get("/money/payers/new"))
    answer = clerk.post("/money/payers/new", TYPED | said | {"key": key})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"]).rsplit("/", 1)[1]


def redirected(clerk: Client, number: str, **said: str) -> Any:
    path = f"/money/payers/{number}/recipients/new"
    usual = {"kind": "other_address", "first_day": "R8.11.1", "key": key_in(clerk.get(path))}
    return clerk.post(path, usual | ELSEWHERE | said)


def page(clerk: Client, number: str) -> str:
    return text(clerk.get(f"/money/payers/{number}"))


def owing(payer: Addressee, **said: Any) -> Assessment:
    with wall.within(TOWN):
        return assess(actor=CLERK, assessed=assessed(payer, **said))


def guarded(payer: Addressee) -> None:
    with wall.within(TOWN):
        protect(actor=CLERK, addressee=payer, starts_on=date(2026, 4, 1), ends_on=None, is_own=True)


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


def test_a_protected_payers_address_is_on_no_page(clerk: Client, resident: Addressee) -> None:
    guarded(resident)
    owing(resident)
    assert redirected(clerk, resident.number, name="安全　花子", is_safe_for_protected="on").status_code == 302
    for path in ("", "/recipients/new"):
        shown = text(clerk.get(f"/money/payers/{resident.number}{path}"))
        assert "松町" not in shown
        assert "栗町" not in shown
        assert "安全 花子" not in shown
    shown = page(clerk, resident.number)
    assert "本人が指定した送付先に送ります" in shown
    assert "支援措置の対象者です" in shown


def test_a_protected_payer_without_a_safe_address_is_handed_the_slip(clerk: Client, resident: Addressee) -> None:
    guarded(resident)
    redirected(clerk, resident.number)
    shown = page(clerk, resident.number)
    assert "の窓口でお渡しします" in shown
    assert "栗町" not in shown


def test_a_protected_non_residents_address_is_neither_filled_in_nor_lost(clerk: Client) -> None:
    number = entered(clerk)
    with wall.within(TOWN):
        guarded_one = Addressee.objects.get(number=number)
    guarded(guarded_one)
    form = clerk.get(f"/money/payers/{number}/correct")
    assert "本通" not in form.content.decode()
    empty = dict.fromkeys(("postal_code", "prefecture", "city", "block", "lot"), "")
    said = TYPED | empty | {"name": "乙川　一", "reason": "改氏", "key": key_in(form)}
    assert clerk.post(f"/money/payers/{number}/correct", said).status_code == 302
    assert "本通" not in page(clerk, number)
    with wall.within(TOWN):
        assert DirectoryRecord.objects.latest("serial").mailing_block == "本通"


def test_joint_payers_are_named_and_let_go(clerk: Client, resident: Addressee) -> None:
    number = entered(clerk)
    first = owing(resident)
    path = f"/money/payers/{resident.number}/joint/{first.pk}"
    said = {"person": number, "share": "1/2", "key": key_in(clerk.get(path))}
    assert clerk.post(path, said).status_code == 302
    assert "乙田 一" in text(clerk.get(path))
    assert "ほかの方と連帯して納付する賦課" in page(clerk, number)
    with wall.within(TOWN):
        row = JointPayer.objects.get().pk
    assert clerk.post(f"{path}/{row}", {"key": "r-1"}).status_code == 302
    assert "連帯納税義務者は登録されていません" in text(clerk.get(path))
    assert "連帯して納付" not in page(clerk, number)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("99999", "この宛名番号の方は登録されていません"),
        ("self", "納付義務者本人は"),
        ("abc", "15桁以内の数字"),
        ("", "15桁以内の数字"),
    ],
)
def test_a_joint_payer_who_cannot_be_is_refused(clerk: Client, resident: Addressee, person: str, sentence: str) -> None:
    path = f"/money/payers/{resident.number}/joint/{owing(resident).pk}"
    answer = clerk.post(path, {"person": resident.number if person == "self" else person, "key": "j"})
    assert (answer.status_code, sentence in text(answer)) == (422, True)


def test_a_co_owner_is_told_nothing_of_where_a_protected_payer_lives(clerk: Client, resident: Addressee) -> None:
    number, first = entered(clerk), owing(resident)
    guarded(resident)
    with wall.within(TOWN):
        owner = Addressee.objects.get(number=number)
        name_joint_payers(actor=CLERK, assessment=first, people=[Joint(owner, "1/2")])
    for path in (f"/money/payers/{number}", f"/money/payers/{resident.number}/joint/{first.pk}"):
        assert "松町" not in text(clerk.get(path))


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
