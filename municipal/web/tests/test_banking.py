"""Direct debit as a clerk does it: enter, ask, take in, send slips to the rest (口座振替の画面の試験)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.audit.models import Entry
from municipal.banking.models import BankSettings, Mandate, TransferOrder
from municipal.banking.tests.bank import NOON, SINCE, mandate, refund_account
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.balances import books
from municipal.payments.tests.booking import CLERK, payer, report, taken
from municipal.web.tests.entering import text
from municipal.web.tests.keeping import key_in, staff

from .banking import (
    ACCOUNT,
    charge_of,
    clerk,
    known_to_its_bank,
    outstanding,
    over_paid,
    requested,
    sent_back,
    somebody_new,
)


@pytest.fixture(autouse=True)
def _today(two_towns: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def who(_today: None) -> Addressee:
    return somebody_new()


def test_the_town_says_first_who_it_is_to_its_bank() -> None:
    client = clerk("payments.settings")
    assert "銀行への依頼人の設定がありません" in text(client.get("/money/banking"))
    said = ACCOUNT | {"debit_client": "4001", "transfer_client": "4002", "holder": "みほんし"}
    wrong = client.post("/money/banking/settings", said | {"debit_client": "40-01", "key": "a"})
    assert wrong.status_code == 422
    assert "10桁以内の数字" in text(wrong)
    assert client.post("/money/banking/settings", said | {"key": "b"}).status_code == 302
    with wall.within(TOWN):
        assert BankSettings.objects.get().client_name == "ﾐﾎﾝｼ"
    assert "銀行への依頼人の設定がありません" not in text(client.get("/money/banking"))
    assert 'value="0000004001"' in client.get("/money/banking/settings").content.decode()
    assert clerk_without_settings().get("/money/banking/settings").status_code == 403


def clerk_without_settings() -> Client:
    return staff("payments.view", "payments.collect", login="second")


def test_a_mandate_is_entered_shown_masked_and_ended(who: Addressee) -> None:
    client = clerk()
    page = client.get(f"/money/banking/mandates/new?payer={who.number}")
    assert f'value="{who.number}"' in page.content.decode()
    said = ACCOUNT | {"payer": who.number, "fee": "905", "starts_on": "R8.4.1", "key": key_in(page)}
    made = client.post("/money/banking/mandates/new", said)
    assert client.post("/money/banking/mandates/new", said)["Location"] == made["Location"]
    shown = client.get(made["Location"])
    for place in (made["Location"], "/money/banking/mandates", f"/money/banking/mandates?payer={who.number}"):
        page = client.get(place)
        assert "****567" in text(page)
        assert "1234567" not in page.content.decode()
        assert who.name.split()[0] in text(page)
    assert "ｺｳﾉ ﾀﾛｳ" in text(shown)
    assert "この宛名番号の口座振替依頼はありません" in text(client.get("/money/banking/mandates?payer=1"))
    end = f"{made['Location']}/end"
    assert client.post(end, {"ends_on": "R8.12.1", "reason": "", "key": "e1"}).status_code == 422
    assert client.post(end, {"ends_on": "R8.4.1", "reason": "解約", "key": "e2"}).status_code == 422
    assert client.post(end, {"ends_on": "R8.12.1", "reason": "解約", "key": "e3"}).status_code == 302
    assert "依頼を終了する" not in text(client.get(made["Location"]))
    with wall.within(TOWN):
        assert Mandate.objects.get().valid.upper == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"payer": "999999"}, "この宛名番号の方は登録されていません"),
        ({"payer": "x"}, "宛名番号"),
        ({"fee": "000"}, "料金を一覧から選んでください"),
        ({"kind": "7"}, "預金種目を一覧から選んでください"),
        ({"holder": "甲野"}, "使えない文字「甲」"),
        ({"bank_code": "12"}, "4桁の数字で入力してください"),
        ({"starts_on": "昨日"}, "いずれかの形で入力してください"),
        ({"number": "123456789"}, "7"),
    ],
)
def test_what_is_wrong_with_a_mandate_is_said_beside_its_field(who: Addressee, said: dict[str, str], says: str) -> None:
    usual = ACCOUNT | {"payer": who.number, "fee": "905", "starts_on": "R8.4.1", "key": "k"}
    answer = clerk().post("/money/banking/mandates/new", usual | said)
    assert answer.status_code == 422
    assert says in text(answer)
    with wall.within(TOWN):
        assert not Mandate.objects.exists()


def test_short_of_funds_from_the_request_to_the_slip(who: Addressee) -> None:
    known_to_its_bank()
    charge, client = charge_of(who), clerk("payments.slips")
    with wall.within(TOWN):
        mandate(who)
        other = payer("900000000000002")
        mandate(other, number="7654321")
    paid = charge_of(other, "2", 500)
    ready = client.get("/money/banking/debits")
    assert "令和8年11月30日" in text(ready)
    assert "30,500" in text(ready)
    assert "fee=905&amp;due_on=2026-11-30" in ready.content.decode()
    place = requested(client)
    file = client.get(f"{place}/request.dat")
    assert file.content.count(b"\r\n") == 5
    assert client.get(f"{place}/request.dat").content == file.content
    assert "1234567" in file.content.decode("ascii", "replace")
    assert "1234567" not in client.get(place).content.decode()
    tried = client.post(f"{place}/results", {"do": "try", "key": "t", "file": sent_back("1", "0")})
    assert "まだ何も変わっていません" in text(tried)
    assert "振替済 1件 500円 振替不能 1件 30,000円" in text(tried)
    assert outstanding(paid) == 500
    done = client.post(f"{place}/results", {"do": "take", "key": "d", "file": sent_back("1", "0")})
    assert done.status_code == 302
    assert (outstanding(charge), outstanding(paid)) == (30_000, 0)
    shown = text(client.get(place))
    assert "資金不足" in shown
    assert "振替済 1件、振替不能 1件、結果待ち 0件" in shown
    slip = client.post(f"{place}/slips", {"pay_until": "R8.12.25", "key": "s"})
    assert slip.status_code == 302
    assert client.post(f"{place}/slips", {"pay_until": "R8.12.25", "key": "s"}).status_code == 302
    with wall.within(TOWN):
        newest = charge.slips.get(successors__isnull=True)
        taken(report(newest.number, 30_000))
        assert books().broken() == []
    assert outstanding(charge) == 0
    assert "納付書を発行する" not in text(client.get(place))


def test_a_file_that_is_none_is_refused_beside_its_field_and_nothing_is_booked(who: Addressee) -> None:
    known_to_its_bank()
    charge, client = charge_of(who), clerk()
    with wall.within(TOWN):
        mandate(who)
    place = requested(client)
    for do in ("try", "take"):
        for number, (data, says) in enumerate(
            [
                (b"\xff\xfe", "長さが2バイト"),
                (b"", "結果データを選んでください"),
                (b"2" + b" " * 119, "数字ではありません"),
            ]
        ):
            file = SimpleUploadedFile("x.dat", data)
            answer = client.post(f"{place}/results", {"do": do, "key": f"{do}{number}", "file": file})
            assert answer.status_code == 422
            assert says in text(answer)
    assert outstanding(charge) == 30_000
    assert client.post(f"{place}/results", {"do": "take", "key": "none"}).status_code == 422
    assert client.post("/money/banking/debits/999/results", {"do": "try", "file": sent_back("0")}).status_code == 404


def test_the_same_results_twice_are_refused_in_words(who: Addressee) -> None:
    known_to_its_bank()
    charge, client = charge_of(who), clerk()
    with wall.within(TOWN):
        mandate(who)
    second = charge_of(who, "3", 700)
    place = requested(client)
    part = sent_back("0", "")
    assert client.post(f"{place}/results", {"do": "take", "key": "1", "file": part}).status_code == 302
    again = client.post(f"{place}/results", {"do": "take", "key": "2", "file": sent_back("0", "")})
    assert again.status_code == 422
    assert "すでに取り込まれています" in text(again)
    assert sorted([outstanding(charge), outstanding(second)]) in ([0, 700], [0, 30_000])
    withdrawn = client.post(f"{place}/withdraw", {"reason": "渡さなかった", "key": "w"})
    assert withdrawn.status_code == 302
    assert "委託者の都合" in text(client.get(place))


def test_a_request_is_refused_in_words(who: Addressee) -> None:
    client, said = clerk(), {"fee": "905", "due_on": "R8.11.30", "debit_on": "R8.11.30"}
    assert "依頼人の設定がありません" in text(client.post("/money/banking/debits/new", said | {"key": "1"}))
    known_to_its_bank()
    answers = [
        client.post("/money/banking/debits/new", said | {"key": f"k{number}"} | changed)
        for number, changed in enumerate([{}, {"debit_on": "R8.11.28"}, {"debit_on": ""}, {"fee": ""}])
    ]
    assert [answer.status_code for answer in answers] == [422] * 4
    assert "請求する調定がありません" in text(answers[0])
    assert "休業日" in text(answers[1])


def test_who_only_looks_changes_nothing_and_gets_no_file(who: Addressee) -> None:
    known_to_its_bank()
    with wall.within(TOWN):
        mandate(who)
        refund_account(who)
    charge_of(who)
    over_paid(who)
    place = requested(clerk())
    onlooker = staff("payments.view", login="onlooker")
    for path in ("", "/mandates", "/debits", "/refunds"):
        assert onlooker.get(f"/money/banking{path}").status_code == 200
    assert onlooker.get(place).status_code == 200
    forbidden: list[Any] = [
        onlooker.get(f"{place}/request.dat"), onlooker.get(f"/money/banking/refunds/accounts/{who.number}"),
        onlooker.get("/money/banking/mandates/new"), onlooker.post(f"{place}/results"),
        onlooker.post(f"{place}/withdraw", {"reason": "x"}), onlooker.post(f"{place}/slips"),
    ]  # fmt: skip
    assert {answer.status_code for answer in forbidden} == {403}
    ticked = {"chosen": "over-1", "pay_on": "R8.11.24", "key": "o"}
    assert onlooker.post("/money/banking/refunds", ticked).status_code == 200
    assert "請求データを作る" not in text(onlooker.get("/money/banking/debits"))
    with wall.within(TOWN):
        assert not TransferOrder.objects.exists()
    assert staff("residents.view", login="stranger").get("/money/banking").status_code == 403


def test_whoever_is_shown_or_handed_over_counts_as_seen_and_a_protected_payer_is_marked(who: Addressee) -> None:
    known_to_its_bank()
    with wall.within(TOWN):
        mandate(who)
        protect(actor=CLERK, addressee=who, starts_on=SINCE, ends_on=None, is_own=True)
    charge_of(who)
    client = clerk()
    place = requested(client)
    client.get(f"{place}/request.dat")
    for path in (place, "/money/banking/mandates", "/money/banking/refunds"):
        client.get(path)
    assert "支援措置" in text(client.get(place))
    with wall.within(TOWN):
        seen = Entry.objects.filter(kind="disclosure", subjects__contains=[who.pk])
        assert {field for one in seen for field in one.fields} == {"name", "bank_account"}
