"""Non-residents and corporations: entered, corrected, every former entry kept (住登外者・法人の試験)."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from conftest import TOWN
from municipal.addressees.models import Addressee, AddresseeKind, DirectoryRecord
from municipal.addressees.operations import DirectoryEntry, correct_payer, register_payer
from municipal.audit.models import Entry
from municipal.core.actors import System
from municipal.core.numbers import CORPORATE_NUMBER, is_own_number
from municipal.core.refusals import Refused
from municipal.municipalities import wall

CLERK = System(actor_kind="staff", actor_id=1)
HOME = {"prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地", "postal_code": "0000401"}
COMPANY = CORPORATE_NUMBER.of("000012345678")


def entry(**said: Any) -> DirectoryEntry:
    return DirectoryEntry(
        **{"kind": "non_resident", "name": "乙田　一", "kana": "オツダ　ハジメ", "address": HOME, **said}
    )


def company(**said: Any) -> DirectoryEntry:
    return entry(**{"kind": "corporation", "name": "架空商事株式会社", "corporate_number": COMPANY, **said})


def registered(said: DirectoryEntry) -> Addressee:
    return register_payer(actor=CLERK, entry=said)


def test_a_non_resident_gets_a_number_with_a_check_digit_and_a_first_row(town: int) -> None:
    made = registered(entry())
    assert is_own_number(made.number)
    first = made.directory_records.get()
    assert (first.serial, first.name, vars(first)["mailing_city"], first.reason) == (1, "乙田　一", "見本市", "")


def test_a_corporation_is_known_by_its_number(town: int) -> None:
    made = registered(company())
    assert (made.kind, made.corporate_number) == (AddresseeKind.CORPORATION, COMPANY)


def test_a_correction_keeps_what_was_said_before(town: int) -> None:
    made = registered(entry())
    now = correct_payer(actor=CLERK, addressee=made, entry=entry(name="乙川　一"), reason="婚姻による改氏")
    assert (now.name, now.number) == ("乙川　一", made.number)
    rows = list(DirectoryRecord.objects.order_by("serial").values_list("serial", "name", "reason"))
    assert rows == [(1, "乙田　一", ""), (2, "乙川　一", "婚姻による改氏")]


def test_what_another_system_said_is_kept_at_the_first_correction(town: int) -> None:
    taken = Addressee.objects.create(
        number="17", kind="non_resident", name="元の名", mailing_city="元市", born_on="1980-01-01"
    )
    correct_payer(actor=CLERK, addressee=taken, entry=entry(), reason="照会による訂正")
    rows = list(DirectoryRecord.objects.order_by("serial"))
    assert [(row.name, vars(row)["mailing_city"]) for row in rows] == [("元の名", "元市"), ("乙田　一", "見本市")]
    assert {str(row.born_on) for row in rows} == {"1980-01-01"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "resident"}, "住登外者か法人か"),
        ({"name": "　"}, "氏名又は名称を入力"),
        ({"name": "甲\x00"}, "NUL文字"),
        ({"name": "甲" * 101}, "100文字以内"),
        ({"kana": "甲\n"}, None),
        ({"kana": "コウ\nノ"}, "制御文字"),
        ({"address": {}}, "住所を、市区町村と町字"),
        ({"address": HOME | {"postal_code": "12345"}}, "郵便番号は7桁"),
        ({"corporate_number": COMPANY}, "法人番号は法人だけ"),
    ],
)
def test_a_bad_entry_is_refused_and_takes_no_number(town: int, said: dict[str, Any], sentence: str | None) -> None:
    if sentence is None:
        # Blanks and line ends around a text are nobody's name.
        assert registered(entry(**said)).kana == "甲"
        return
    with pytest.raises(Refused, match=sentence):
        registered(entry(**said))
    assert not Addressee.objects.exists()
    assert not DirectoryRecord.objects.exists()


@pytest.mark.parametrize("number", ["1234567890123", COMPANY[:-1], f"{COMPANY}0", "１" * 13, "abc"])
def test_a_corporate_number_that_cannot_be_is_refused(town: int, number: str) -> None:
    with pytest.raises(Refused, match="法人番号が正しくありません"):
        registered(company(corporate_number=number))


def test_a_corporation_is_registered_once(town: int) -> None:
    registered(company())
    with pytest.raises(Refused, match="すでに登録"):
        registered(company(name="別の名称"))
    registered(company(corporate_number=""))


def test_a_corporation_abroad_needs_no_town_in_japan(town: int) -> None:
    made = registered(company(address={"country": "英国", "abroad": "1 Invented Street"}))
    assert (vars(made)["mailing_city"], vars(made)["mailing_abroad"]) == ("", "1 Invented Street")


def test_the_codes_of_an_address_stay_as_long_as_the_address(town: int) -> None:
    made = registered(entry(address=HOME | {"municipality_code": "990027"}))
    renamed = correct_payer(actor=CLERK, addressee=made, entry=entry(name="乙川　一"), reason="改氏")
    assert vars(renamed)["mailing_municipality_code"] == "990027"
    moved = correct_payer(actor=CLERK, addressee=made, entry=entry(address=HOME | {"city": "別市"}), reason="転居")
    assert vars(moved)["mailing_municipality_code"] == ""


@pytest.mark.parametrize(
    ("said", "reason", "sentence"),
    [
        ({}, "念のため", "変更された項目がありません"),
        ({"name": "乙川　一"}, "　", "訂正の理由を入力"),
        ({"kind": "corporation"}, "法人でした", "宛名種別は変更できません"),
        ({"name": ""}, "誤り", "氏名又は名称を入力"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    town: int, said: dict[str, Any], reason: str, sentence: str
) -> None:
    made = registered(entry())
    with pytest.raises(Refused, match=sentence):
        correct_payer(actor=CLERK, addressee=made, entry=entry(**said), reason=reason)
    assert made.directory_records.count() == 1


def test_a_resident_is_not_corrected_here(town: int) -> None:
    resident = Addressee.objects.create(number="17", kind="resident", name="甲野　花子")
    with pytest.raises(Refused, match="住民記録の異動"):
        correct_payer(actor=CLERK, addressee=resident, entry=entry(), reason="訂正")


def test_the_database_changes_no_former_entry(committed_db: str) -> None:
    with wall.within(TOWN):
        made = registered(entry())
    for role in ("default", "owner"):
        with wall.within(TOWN, using=role), pytest.raises(DatabaseError), transaction.atomic(using=role):
            DirectoryRecord.objects.using(role).filter(addressee=made).update(name="別人")


def test_the_audit_names_the_items_and_never_what_they_say(committed_db: str) -> None:
    with wall.within(TOWN):
        made = registered(entry())
        correct_payer(actor=CLERK, addressee=made, entry=entry(name="乙川　一"), reason="改氏")
    with wall.within(TOWN):
        found = list(Entry.objects.filter(act="addressees.correct_payer").order_by("pk"))
    assert [(one.act, list(one.fields)) for one in found][-1] == ("addressees.correct_payer", ["name"])
    assert "乙川" not in repr([vars(one) for one in found])
