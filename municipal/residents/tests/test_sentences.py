"""Sentences of the text that no other test stands for, one test each (条文ごとの試験)."""

import csv
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import municipal.certificates
from municipal.addressees.fields import RegisterDateField
from municipal.addressees.models import SupportMeasure, Suppression
from municipal.core import clock
from municipal.core.codes import table
from municipal.core.refusals import Refused
from municipal.extracts import inspection_copies
from municipal.numbers.models import IndividualNumber
from municipal.office.models import OutboxEvent
from municipal.residents import inquiry
from municipal.residents.models import Memo, Remark, ResidentRecord
from municipal.residents.notices import ITEMS, item_value
from municipal.residents.operations import preview
from municipal.residents.operations.carrying_out import TOPIC
from municipal.residents.rules.reasons import Group, code_of, division
from municipal.residents.tests.acting import (
    CLERK,
    ELSEWHERE,
    PLACE,
    act,
    day,
    entered,
    family,
    member,
    newcomer_said,
    newest,
    notice,
    people_of,
)
from municipal.transfer.operations import export_residents

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
HERE = Path(__file__).parent
BY_THE_REGISTER = {
    "head_name",
    "addressee_id",
    "household_id",
    "reason",
    "processed_on",
    "event_on",
    "notified_on",
    "status",
}
"""What the register says by itself or by the act; everything else can be put right item by item."""
CORRECT: dict[str, Any] = {
    "sex": "2", "kind": "1", "relationship": "同居人", "resident_code": "99900000011", "member_order": 3,
    "removal_reason": "death",
}  # fmt: skip


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    return people_of(act("move_in", people=family()))


def refused(name: str, **said: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(name, **said)
    return caught.value.code


def _value(name: str) -> Any:
    field = ITEMS[name]
    if name in CORRECT:
        return CORRECT[name]
    if isinstance(field, RegisterDateField):
        return day(2020, 4, 1)
    return {"DateField": date(2020, 4, 1), "BooleanField": True}.get(
        field.get_internal_type(), "1234567"[: field.max_length]
    )


@pytest.mark.clause(f"{V1}#1.1.1/m1")
def test_every_item_of_the_list_is_set_kept_and_put_right(home: list[Any]) -> None:
    with (HERE / "items_of_japanese_residents.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["列"]: row["項目"] for row in csv.DictReader(file)}
    columns = {field.attname for field in ResidentRecord._meta.fields}
    assert listed.keys() - columns == set()
    sayable = [name for name in listed if name not in BY_THE_REGISTER]
    said = {name: item_value(name, _value(name)) for name in sayable}
    # Of somebody who lives here only a move-out says the items of leaving; an error in them is put right all the same.
    act("correction_of_error", people=(member(home[2], **said),), event_on=day(2026, 5, 20), basis="ex_officio")
    row = newest(home[2])
    assert {name: getattr(row, name) for name in said} == said
    # What has a table of its own: individual number, copies issued, suppression and support, remarks and memos.
    beside = {
        IndividualNumber: "addressee",
        Suppression: "addressee",
        SupportMeasure: "",
        Remark: "addressee",
        Memo: "addressee",
    }
    assert all(not link or model._meta.get_field(link) for model, link in beside.items())


@pytest.mark.clause(f"{V1}#1.1.3/m1")
def test_a_record_is_of_one_person_with_what_the_household_shares(home: list[Any]) -> None:
    found = inquiry.person(home[1].addressee.number)
    assert found is not None
    record: Any = found.record
    assert (record.name, record.head_name, record.address_lot) == (
        "甲野　花子",
        "甲野　太郎",
        "１番地",
    )


@pytest.mark.clause(f"{V1}#1.1.15/m4")
def test_no_certificate_reads_memos(home: list[Any]) -> None:
    folder = Path(municipal.certificates.__path__[0])
    sources = [path for path in folder.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    assert sources
    assert [
        path.name for path in sources if "Memo" in path.read_text("utf-8") or "memos" in path.read_text("utf-8")
    ] == []


@pytest.mark.clause(f"{V1}#1.2.2/m1", f"{V1}#1.2.2/m2", f"{V1}#1.2.2/m3")
def test_our_codes_and_the_words_of_the_list_lead_to_each_other() -> None:
    codes = list(table("event_reason"))
    assert [code_of(*division(code)) for code in codes] == codes
    words = {group: [division(code)[1] for code in codes if division(code)[0] == group] for group in Group}
    assert [len(found) for found in words.values()] == [9, 9, 19]
    assert words[Group.ENTRY][:3] == ["国内転入", "国外転入等", "出生"]
    for group, word in ((Group.ENTRY, "転居"), (Group.CORRECTION, "転居取消")):
        with pytest.raises(KeyError):
            code_of(group, word)


@pytest.mark.clause(f"{V1}#1.2.2/n1", f"{V1}#4.2.2.1/n1")
def test_there_is_no_reason_for_a_cancelled_move_and_none_for_a_presumed_death() -> None:
    names = [found.name_ja for found in table("event_reason").values()]
    assert not [name for name in names if "転居取消" in name or "推定" in name or "認定" in name]
    assert [name for name in names if "死亡" in name] == ["死亡"]


@pytest.mark.clause(f"{V1}#4.2.2.1/n2")
def test_no_item_holds_a_cause_of_death() -> None:
    assert not [str(one.verbose_name) for one in ResidentRecord._meta.fields if "死因" in str(one.verbose_name)]
    assert not [name for name in ITEMS if "death" in name]


@pytest.mark.clause(f"{V1}#4.0.3/m4")
def test_the_day_of_processing_is_today_whatever_is_said(home: list[Any]) -> None:
    with clock.stopped_at(datetime(2026, 5, 25, 9, tzinfo=clock.TOKYO)):
        act("minor_correction", people=(member(home[0], alias="タロ"),), event_on=day(2026, 5, 21), basis="ex_officio")
    assert newest(home[0]).processed_on == date(2026, 5, 25)
    with pytest.raises(Refused):
        item_value("processed_on", "2026-05-01")


@pytest.mark.clause(f"{V1}#4.0.8/n2")
def test_an_open_entry_does_not_stop_the_copy_for_inspection(home: list[Any]) -> None:
    before = [row.cells for row in inspection_copies.answer(inspection_copies.Copying(), hidden=()).rows]
    entered("move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18))
    after = [row.cells for row in inspection_copies.answer(inspection_copies.Copying(), hidden=()).rows]
    assert len(before) == 4
    assert after == before


@pytest.mark.clause(f"{V1}#4.1.4.1/n1", f"{V1}#4.1.4.1/n3")
@pytest.mark.parametrize("item", ["address_lot", "address_building", "building_code", "name"])
@pytest.mark.parametrize("name", ["household_split", "household_merger", "household_transfer", "householder_change"])
def test_nothing_but_relationships_goes_along_with_a_household(home: list[Any], name: str, item: str) -> None:
    (other,) = people_of(act("move_in", people=(newcomer_said(serial=20),)))
    movers = home if name == "household_merger" else home[1:2]
    people = tuple(member(one, relationship="子", **{item: "３号"}) for one in movers)
    joins = other.household.number if name in ("household_merger", "household_transfer") else ""
    assert refused(name, people=people, joins=joins, event_on=day(2026, 5, 18)) == "item_not_allowed"


@pytest.mark.clause(f"{V1}#4.1.4.1/n1")
def test_a_household_act_names_no_place(home: list[Any]) -> None:
    son = (member(home[2], relationship="世帯主"),)
    assert refused("household_split", people=son, place=PLACE, event_on=day(2026, 5, 18)) == "item_not_allowed"


@pytest.mark.clause(f"{V1}#4.1.4.1/n4", f"{V1}#4.1.4.1/n2")
def test_a_merger_into_another_building_is_told_once_and_sends_no_address_ahead(home: list[Any]) -> None:
    other = people_of(act("move_in", people=(newcomer_said(serial=20),), place={**PLACE, "building": "離れ"}))[0]
    before = OutboxEvent.objects.count()
    said = (member(other, relationship="同居人"),)
    act("household_merger", people=said, joins=home[0].household.number, event_on=day(2026, 5, 18))
    assert newest(other).address_building == "離れ"
    told = list(OutboxEvent.objects.order_by("pk")[before:])
    assert [(one.topic, one.payload["act"]) for one in told] == [(TOPIC, "household_merger")]


@pytest.mark.clause(f"{V1}#1.1.10/m2", f"{V1}#1.1.10/m1")
def test_a_household_without_a_head_is_handed_over_as_it_is(home: list[Any], tmp_path: Path) -> None:
    act("death", people=(member(home[0]),), event_on=day(2026, 5, 18), basis="family_register")
    export_residents(actor=CLERK, folder=tmp_path)
    with (tmp_path / "residents.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["氏名"]: row["続柄表記"] for row in csv.DictReader(file) if row["住民状態"] == "1"}
    assert found == {"甲野　花子": "妻", "甲野　一郎": "子", "甲野　二子": "子"}


# Cancellations.


@pytest.mark.clause(f"{V1}#4.6.0.1/m3")
def test_an_act_is_cancelled_for_some_of_its_people_and_stands_for_the_others(home: list[Any]) -> None:
    left = act("move_out", people=tuple(map(member, home[2:])), place=ELSEWHERE, event_on=day(2026, 5, 18))
    some = act(
        "cancellation", cancels=left.pk, people=(member(home[2]),), event_on=day(2026, 5, 20), basis="ex_officio"
    )
    assert [newest(one).status for one in home[2:]] == ["1", "2"]
    assert (newest(home[2]).household_id, newest(home[2]).reason) == (home[0].household_id, "cancellation_adding")
    assert some.cancels is None
    said = {"cancels": left.pk, "event_on": day(2026, 5, 20), "basis": "ex_officio"}
    assert refused("cancellation", people=(member(home[2]),), **said) == "rested_on"
    assert refused("cancellation", people=(member(home[0]),), **said) == "not_of_the_event"
    assert refused("cancellation", **said | {"cancels": some.pk}) == "is_cancellation"
    act("cancellation", people=(member(home[3]),), **said)
    assert [newest(one).status for one in home[2:]] == ["1", "1"]


@pytest.mark.clause(f"{V1}#4.6.0.1/m3")
def test_naming_everybody_is_cancelling_the_whole(home: list[Any]) -> None:
    moved = act(
        "move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18)
    )
    whole = act("cancellation", cancels=moved.pk, people=tuple(map(member, home)), event_on=day(2026, 5, 20))
    assert whole.cancels == moved
    assert {newest(one).address_lot for one in home} == {"１番地"}


@pytest.mark.clause(f"{V1}#4.6.0.1/n1")
def test_a_false_act_is_cancelled_like_any_other(home: list[Any]) -> None:
    moved = act(
        "move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18)
    )
    act("cancellation", cancels=moved.pk, event_on=day(2026, 5, 20), basis="ex_officio")
    rows = list(ResidentRecord.objects.filter(addressee=home[0].addressee))
    assert {(row.revision, row.remarks) for row in rows} == {(0, "")}
    assert not [one.name_ja for one in table("event_reason").values() if "虚偽" in one.name_ja]


@pytest.mark.clause(f"{V1}#4.6.0.1/n2")
def test_no_alert_stands_before_cancelling_a_move_out_that_has_come_or_was_reported(home: list[Any]) -> None:
    left = act("move_out", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 5, 18))
    act("arrival_notice", people=(member(home[3]),), place=ELSEWHERE, event_on=day(2026, 5, 19), basis="municipality")
    wanted = notice("cancellation", cancels=left.pk, event_on=day(2026, 5, 20), basis="ex_officio")
    assert preview(wanted).alerts == []


def test_a_row_that_was_taken_over_has_nothing_to_cancel_and_says_so(home: list[Any]) -> None:
    with pytest.raises(Refused) as caught:
        preview(replace(notice("cancellation"), cancels=None))
    assert caught.value.code == "no_such_event"
    assert "移行で取り込まれた履歴" in str(caught.value)
