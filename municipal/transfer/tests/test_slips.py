"""Notices, certificates, applications and cards come in as CSV (届書等のCSVの取込みの試験)."""

from typing import Any

import pytest

from municipal.core.numbers import RESIDENT_RECORD_CODE
from municipal.core.refusals import Refused
from municipal.residents.models import Draft, DraftState, ResidentRecord
from municipal.residents.operations import decide
from municipal.residents.tests.acting import CHIEF, CLERK, act, family, people_of
from municipal.transfer.operations import take_in_slips

pytestmark = [pytest.mark.django_db, pytest.mark.clause("resident-record/1.0#10.8/m1")]
HEADING = (
    "届出番号,異動の種類,異動日,届出日,届出人,届出人の資格,新住所_都道府県,新住所_市区郡町村名,新住所_町字,新住所_番地号表記,"
    "前住所_都道府県,前住所_市区郡町村名,氏名,氏名_フリガナ,生年月日,性別,続柄表記,住民票コード,本籍,戸籍_筆頭者"
)


def code(serial: int) -> str:
    return RESIDENT_RECORD_CODE.of(f"{9_990_500_000 + serial:010d}")


def lot(row: Any) -> str:
    return str(row.address_lot)


def family_of_two(kind: str = "転入") -> bytes:
    said = f"7,{kind},R8.5.11,R8.5.20,見本　太郎,self,架空県,架空市,松町,３番地,架空県,隣市"
    home = "架空県架空市松町３番地,見本　太郎"
    rows = (
        f"{said},見本　太郎,ミホン　タロウ,S60.4.1,1,世帯主,{code(1)},{home}",
        f"{said},見本　花子,ミホン　ハナコ,昭和61年頃,2,妻,{code(2)},{home}",
    )
    return "\n".join((HEADING, *rows)).encode()


def test_a_notice_of_two_people_is_one_provisional_entry_that_somebody_decides(town: int, may: None) -> None:
    [made] = take_in_slips(actor=CLERK, kind="notices", content=family_of_two())
    assert made.problem == ""
    assert made.draft
    assert Draft.objects.get(pk=made.draft).state == DraftState.WAITING
    assert not ResidentRecord.objects.exists()
    decide(actor=CHIEF, draft=made.draft)
    found = {row.name: (str(row.born_on), row.relationship, lot(row)) for row in ResidentRecord.objects.all()}
    assert found == {
        "見本　太郎": ("1985-04-01", "世帯主", "３番地"), "見本　花子": ("1986-00-00/昭和61年頃", "妻", "３番地"),
    }  # fmt: skip


def test_a_move_out_certificate_is_entered_as_a_move_in(town: int, may: None) -> None:
    [made] = take_in_slips(actor=CLERK, kind="move_out_certificates", content=family_of_two(""))
    assert (made.problem, Draft.objects.get().act) == ("", "move_in")


@pytest.mark.parametrize("kind", ["applications", "cards"])
@pytest.mark.parametrize("line", ["甲野　花子,S61.2.3,架空県架空市,123456789012", "甲野花子,1986-02-03,,"])
def test_an_application_or_a_card_leads_to_the_person_it_names(town: int, may: None, kind: str, line: str) -> None:
    home = people_of(act("move_in", people=family()))
    content = f"氏名,生年月日,住所,個人番号\n{line}\n".encode("cp932")
    [made] = take_in_slips(actor=CLERK, kind=kind, content=content)
    assert (made.numbers, made.problem) == ([home[1].addressee.number], "")
    assert "123456789012" not in str(made)


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        ("notices", f"{HEADING}\n1,世界旅行,R8.5.11\n", "異動の種類"),
        ("notices", f"{HEADING},米穀\n1,転入{',' * 18},x\n", "知らない項目"),
        ("notices", f"{HEADING}\n1,転入,R8.13.11\n", "月は1から12"),
        ("applications", "氏名,生年月日\n甲野,\n", "必要"),
        ("applications", "氏名,生年月日\nだれか,S60.1.1\n", "見つかりません"),
        ("cards", "宛名番号\n99\n", "見つかりません"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_told_with_its_row(town: int, may: None, kind: str, content: str, why: str) -> None:
    [made] = take_in_slips(actor=CLERK, kind=kind, content=content.encode())
    assert (made.row, made.draft, made.numbers) == (2, None, [])
    assert why in made.problem


def test_one_wrong_slip_does_not_stop_the_others(town: int, may: None) -> None:
    content = family_of_two() + f"\n8,世界旅行,R8.5.11{',' * 17}\n".encode()
    first, second = take_in_slips(actor=CLERK, kind="notices", content=content)
    assert first.draft is not None
    assert second.row == 4
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "content"), [("weather", b"a\n1\n"), ("notices", b""), ("notices", b"\xff\x00"), ("notices", b"a\0\n1\n"),
                          ("notices", b"a\n" + b"1\n" * 2_001)]
)  # fmt: skip
def test_what_is_no_such_file_is_refused(town: int, may: None, kind: str, content: bytes) -> None:
    with pytest.raises(Refused):
        take_in_slips(actor=CLERK, kind=kind, content=content)
