"""Remarks, notes, memos, actual heads, investigations, letters (統合記載欄・メモ・実態調査・通知の試験)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from conftest import OTHER_TOWN
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents import inquiry, remarks
from municipal.residents.demo import furnish_notes
from municipal.residents.models import Investigation, Memo, Remark
from municipal.residents.operations import (
    begin_investigation,
    end_actual_head,
    end_investigation,
    set_actual_head,
    set_standing_note,
    strike_memo,
    strike_remark,
    write_memo,
    write_remark,
)
from municipal.residents.tests.acting import (
    CLERK,
    ELSEWHERE,
    PLACE,
    act,
    day,
    family,
    member,
    newcomer_said,
    newest,
    people_of,
)

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
EVERYTHING = frozenset({"item.family_register", "item.resident_code", "item.residence_status"})
TODAY = date(2026, 5, 20)


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    return people_of(act("move_in", people=family()))


def field(row: Any, **options: Any) -> list[remarks.Line]:
    rows = list(inquiry.history(row.addressee).select_related("event", "addressee"))
    return remarks.lines(rows, permissions=EVERYTHING, **options)


def texts(row: Any, sort: str) -> list[str]:
    return [line.text for line in field(row) if line.sort == sort]


def refusal(act: Any, **said: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(actor=CLERK, **said)
    return caught.value.code


@pytest.mark.clause(f"{V1}#1.1.14/m1", f"{V1}#1.1.14/m5", f"{V1}#1.2.1/m1")
def test_the_lines_of_the_history_make_themselves(home: list[Any]) -> None:
    act("move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18))
    assert texts(home[1], remarks.HISTORY) == [
        "令和8年5月11日　国内転入　記載",
        "令和8年5月18日　転居　住所：「架空県架空市松町１番地」から「架空県架空市松町８番地」　{}".format(
            "住所を定めた年月日：「令和8年5月11日」から「令和8年5月18日」"
        ),
    ]


@pytest.mark.clause(f"{V1}#1.1.14/m2", f"{V1}#1.1.14/m3", f"{V1}#1.1.14/m7", f"{V1}#1.1.14/m8")
def test_a_note_stands_behind_its_row_and_a_remark_behind_the_history(home: list[Any]) -> None:
    act("minor_correction", people=(member(home[0], address_building="松荘"),), basis="ex_officio")
    person = home[0].addressee_id
    write_remark(actor=CLERK, person=person, text="建物名の誤りにつき確認済み", serial=2, item="address_city")
    write_remark(actor=CLERK, person=person, text="住居表示の実施予定あり")
    found = [(line.sort, line.serial, line.text) for line in field(home[0])]
    assert found[2:] == [
        (remarks.NOTE, 2, "住所_市区郡町村名：建物名の誤りにつき確認済み"),
        (remarks.REMARK, None, "住居表示の実施予定あり"),
    ]
    note, free = Remark.objects.order_by("pk")
    assert note.record is not None
    assert (note.record.serial, note.item, free.record) == (2, "address_city", None)
    # However often the record changes, the remark stays what it is: it belongs to no row.
    act("minor_correction", people=(member(home[0], alias="タロ"),), basis="ex_officio")
    assert texts(home[0], remarks.REMARK) == ["住居表示の実施予定あり"]


@pytest.mark.clause(f"{V1}#1.1.14/m4", f"{V1}#1.1.5/m11", f"{V1}#1.1.5/m4")
def test_a_removed_record_says_its_own_items_and_can_be_put_right_by_a_note(home: list[Any]) -> None:
    assert texts(home[3], remarks.REMOVED) == []
    act("move_out", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 5, 18))
    assert texts(home[3], remarks.REMOVED) == [
        "消除の事由：国内転出", "消除の異動年月日：令和8年5月18日", "転出先住所（予定）：見本県見本市本通２番地",
        "消除の届出年月日：令和8年5月20日",
    ]  # fmt: skip
    write_remark(actor=CLERK, person=home[3].addressee_id, text="転出先は誤記。正しくは本通３番地", serial=2)
    assert texts(home[3], remarks.NOTE) == ["転出先は誤記。正しくは本通３番地"]


def test_what_is_replaced_or_taken_away_stays_in_the_table_and_nowhere_else(home: list[Any]) -> None:
    person = home[0].addressee_id
    first = write_remark(actor=CLERK, person=person, text="一")
    second = write_remark(actor=CLERK, person=person, text="二", replaces=first.pk)
    assert texts(home[0], remarks.REMARK) == ["二"]
    assert refusal(write_remark, person=person, text="三", replaces=first.pk) == "replaced"
    strike_remark(actor=CLERK, person=person, remark=second.pk)
    assert texts(home[0], remarks.REMARK) == []
    assert refusal(strike_remark, person=person, remark=second.pk) == "replaced"
    assert [(one.text, one.is_struck) for one in Remark.objects.order_by("pk")] == [
        ("一", False), ("二", False), ("二", True),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        Remark.objects.update(text="四")


@pytest.mark.parametrize(("said", "code"), [
    ({"text": ""}, "empty"), ({"text": " \n"}, "empty"), ({"text": "あ" * 501}, "too_long"),
    ({"text": "a\x00"}, "unstorable"), ({"text": "一", "serial": 99}, "not_found"),
    ({"text": "一", "item": "name"}, "invalid"), ({"text": "一", "serial": 1, "item": "password"}, "invalid"),
    ({"text": "一", "replaces": 10**9}, "not_found"), ({"text": "一", "person": 10**9}, "no_such_person"),
])  # fmt: skip
def test_a_bad_remark_is_refused(home: list[Any], said: dict[str, Any], code: str) -> None:
    found = refusal(write_remark, **{"person": home[0].addressee_id} | said)
    assert found == code or (code in ("too_long", "unstorable") and found)


def test_a_note_of_one_person_is_not_replaced_through_another(home: list[Any]) -> None:
    made = write_remark(actor=CLERK, person=home[0].addressee_id, text="一")
    assert refusal(write_remark, person=home[1].addressee_id, text="二", replaces=made.pk) == "not_found"
    memo = write_memo(actor=CLERK, person=home[0].addressee_id, text="一")
    assert refusal(strike_memo, person=home[1].addressee_id, memo=memo.pk) == "not_found"


def test_a_protected_person_s_remarks_and_addresses_are_said_to_nobody(home: list[Any]) -> None:
    act("move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18))
    write_remark(actor=CLERK, person=home[0].addressee_id, text="松町８番地にいる", serial=2)
    write_remark(actor=CLERK, person=home[0].addressee_id, text="松町８番地にいる")
    protect(actor=CLERK, addressee=home[0].addressee, starts_on=TODAY, ends_on=None, is_own=True)
    said = "\n".join(line.text for line in field(home[0]))
    assert "８番地" not in said
    assert "住所：（記載しない）" in said


@pytest.mark.clause(f"{V1}#1.1.14/m6")
def test_a_standing_note_comes_by_itself_with_every_act_of_its_reason(home: list[Any]) -> None:
    set_standing_note(actor=CLERK, reason="move_within", text="住居表示の地区")
    act("move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18))
    assert {newest(one).remarks for one in home} == {"住居表示の地区"}
    act("minor_correction", people=(member(home[0], alias="タロ"),), event_on=day(2026, 5, 19), basis="ex_officio")
    assert newest(home[0]).remarks == ""
    set_standing_note(actor=CLERK, reason="move_within", text="")
    act("move_within", people=tuple(map(member, home)), place=PLACE, event_on=day(2026, 5, 20))
    assert newest(home[1]).remarks == ""


@pytest.mark.clause(f"{V1}#1.1.15/m1", f"{V1}#1.1.15/m2", f"{V1}#1.1.15/m3")
def test_every_memo_says_who_and_when_and_none_is_lost(home: list[Any]) -> None:
    person = home[0].addressee_id
    first = write_memo(actor=CLERK, person=person, text="窓口で\n強い口調")
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        second = write_memo(actor=CLERK, person=person, text="窓口での注意", replaces=first.pk)
        strike_memo(actor=CLERK, person=person, memo=second.pk)
    rows = list(Memo.objects.order_by("pk"))
    assert [(one.text, one.is_struck, one.written_by_kind, one.written_by_id) for one in rows] == [
        ("窓口で\n強い口調", False, "staff", 1),
        ("窓口での注意", False, "staff", 1),
        ("窓口での注意", True, "staff", 1),
    ]  # fmt: skip
    assert rows[1].written_at - rows[0].written_at == timedelta(hours=1)
    assert refusal(write_memo, person=person, text="あ" * 2001)
    with pytest.raises(DatabaseError), transaction.atomic():
        Memo.objects.all().delete()


@pytest.mark.clause(f"{V1}#1.1.15/m4")
def test_no_memo_comes_into_the_remarks_field_or_any_item(home: list[Any]) -> None:
    write_memo(actor=CLERK, person=home[0].addressee_id, text="秘密のメモ")
    assert all("秘密" not in line.text for line in field(home[0]))
    assert "memo" not in set(vars(home[0]))


@pytest.mark.clause(f"{V1}#4.1.4.3/m1")
def test_the_director_of_a_home_is_named_in_the_remarks_as_long_as_it_is_so(home: list[Any]) -> None:
    number = home[0].household.number
    made = set_actual_head(actor=CLERK, household=number, name="施設　長子", standing="director", since=TODAY)
    assert texts(home[3], remarks.REMARK) == ["事実上の世帯主：施設　長子（施設の長）"]
    assert refusal(set_actual_head, household=number, name="他", standing="other", since=TODAY) == "already_led"
    assert refusal(set_actual_head, household="999", name="他", standing="other", since=TODAY) == "not_found"
    assert refusal(set_actual_head, household=number, name="他", standing="king", since=TODAY) == "invalid"
    assert refusal(end_actual_head, actual_head=made.pk, until=TODAY - timedelta(days=1)) == "ends_early"
    end_actual_head(actor=CLERK, actual_head=made.pk, until=TODAY)
    assert texts(home[3], remarks.REMARK) == []
    assert refusal(end_actual_head, actual_head=made.pk, until=TODAY) == "not_found"


def test_an_investigation_begins_ends_and_stays(home: list[Any]) -> None:
    people = [home[0].addressee_id, home[1].addressee_id]
    said: dict[str, Any] = {"about": "whole", "because": "郵便物の返戻", "started_on": TODAY}
    first, _ = begin_investigation(actor=CLERK, people=people, **said)
    assert refusal(begin_investigation, people=people[:1], **said) == "already_investigated"
    assert refusal(begin_investigation, people=[10**9], **said) == "nobody"
    assert refusal(begin_investigation, people=[], **said) == "nobody"
    assert refusal(begin_investigation, people=people, **said | {"about": "moon"}) == "invalid"
    assert refusal(begin_investigation, people=people, **said | {"started_on": date(2026, 5, 21)}) == "in_future"
    ended: dict[str, Any] = {"investigation": first.pk, "outcome": "as_recorded"}
    assert refusal(end_investigation, **ended, ended_on=date(2026, 5, 19)) == "ends_out_of_range"
    assert refusal(end_investigation, **ended | {"outcome": ""}, ended_on=TODAY) == "invalid"
    end_investigation(actor=CLERK, **ended, ended_on=TODAY)
    assert refusal(end_investigation, **ended, ended_on=TODAY) == "not_found"
    assert [(one.about, one.outcome) for one in Investigation.objects.order_by("pk")] == [
        ("whole", "as_recorded"), ("whole", ""),
    ]  # fmt: skip


def test_another_town_sees_and_touches_none_of_it(home: list[Any]) -> None:
    made = write_memo(actor=CLERK, person=home[0].addressee_id, text="一")
    with pytest.raises(IntegrityError), transaction.atomic():
        Memo.objects.filter(pk=made.pk)
        Memo.objects.create(
            addressee_id=10**9, text="一", written_at=clock.now(), written_by_kind="staff", written_by_id=1
        )
    assert wall.current() != OTHER_TOWN


def test_a_made_up_town_has_something_of_each_to_show_once(town: int, may: None) -> None:
    for serial in (1, 2, 3):
        act("move_in", people=(newcomer_said(f"乙川　{serial}", serial=serial),))
    for _ in range(2):
        furnish_notes()
    assert (Remark.objects.count(), Memo.objects.count(), Investigation.objects.count()) == (2, 2, 1)
