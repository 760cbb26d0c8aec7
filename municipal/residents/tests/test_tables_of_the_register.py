"""Every row of four tables that a clerk can read: dates, relationships, removals, investigations (例の表の試験)."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from municipal.addressees.models import LifeState
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord, StoredRecord
from municipal.residents.notices import item_value
from municipal.residents.operations import store_removed
from municipal.residents.rules.days import ordering_day
from municipal.residents.rules.investigating import ABOUT, Looking, is_whole, marked_items
from municipal.residents.rules.records import refuse_unless_dated, refuse_unless_related
from municipal.residents.rules.storing import keep_until, may_be_stored
from municipal.residents.search import Hits
from municipal.residents.shown import labels, written
from municipal.residents.stored import within_reach
from municipal.residents.tests.acting import CLERK
from municipal.residents.tests.people import enter, newcomer
from municipal.transfer.parts.cells import cells_of

V1 = "resident-record/1.0"
HERE = Path(__file__).parent
YES, NO, UNREADABLE = "可", "不可", "読めない"
TODAY = date(2026, 5, 20)


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(name: str, *columns: str) -> list[Any]:
    return [pytest.param(row, id=" ".join(row[column] for column in columns)) for row in rows(name)]


def refused(act: Any, *said: Any) -> str:
    """「可」 where the act goes through."""
    try:
        act(*said)
    except Refused:
        return NO
    return YES


@pytest.mark.clause(
    f"{V1}#1.1.8/m1", f"{V1}#1.1.8/m2", f"{V1}#1.1.8/m4", f"{V1}#1.1.8/m5", f"{V1}#1.1.8/n1", f"{V1}#1.1.9/m3",
    f"{V1}#1.1.1/m2",
)  # fmt: skip
@pytest.mark.parametrize("row", named("unknown_dates.csv", "入力"))
def test_a_date_is_read_kept_shown_handed_over_and_ordered_as_the_table_says(row: dict[str, str]) -> None:
    try:
        value = RegisterDate.entered(row["入力"])
    except Refused:
        assert row["画面"] == UNREADABLE
        return
    assert (value.shown(), str(value)) == (row["画面"], row["保存"])
    assert RegisterDate.parse(row["保存"]) == value
    assert written("born_on", value, kind="1") == row["画面"]
    assert (value.earliest().isoformat(), value.latest().isoformat()) == (row["早くて"], row["遅くて"])
    # No day is put in the place of one that is missing: only the order of rows has one, and it is shown nowhere.
    assert bool(value.date) == (row["転入の異動日"] == YES)
    assert value.earliest() <= ordering_day(value, max(TODAY, value.earliest())) <= value.latest()
    born_on = item_value("born_on", row["保存"])
    assert born_on == value
    assert item_value("registered_under_former_law_on", row["保存"]) == value
    assert refused(refuse_unless_dated, "birth", value) == row["出生・死亡の異動日"]
    assert refused(refuse_unless_dated, "death", value) == row["出生・死亡の異動日"]
    assert refused(refuse_unless_dated, "move_in", value) == row["転入の異動日"]


@pytest.mark.django_db
@pytest.mark.clause(f"{V1}#1.1.8/m5")
def test_an_unknown_date_is_handed_over_as_unknown(town: int) -> None:
    """As the files for other systems write it: the day only if it was written in full, else the words."""
    told = [row for row in rows("unknown_dates.csv") if row["画面"] != UNREADABLE]
    day, flag, words, _era = cells_of(ResidentRecord._meta.get_field("born_on"))
    columns = ", ".join(cell.sql.format("said.text") for cell in (day, flag, words))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM unnest(%s::text[]) AS said (text)", [[row["保存"] for row in told]])
        found = [tuple("" if one is None else str(one) for one in cells) for cells in cursor.fetchall()]
    assert found == [(row["日付の列"], row["不詳フラグ"], row["不詳表記の列"]) for row in told]


def test_dates_sort_by_what_is_known() -> None:
    known = [RegisterDate.entered(row["入力"]) for row in rows("unknown_dates.csv") if row["画面"] != UNREADABLE]
    ordered = sorted(known, key=str)
    assert str(ordered[0]) == "0000-00-00/年月日不詳"
    assert [one.year for one in ordered] == sorted(one.year for one in ordered)


@pytest.mark.clause(f"{V1}#1.1.11/m1", f"{V1}#1.1.11/m2", f"{V1}#1.1.11/n1")
@pytest.mark.parametrize("row", named("relationships.csv", "続柄"))
def test_a_relationship_can_be_recorded_exactly_where_the_table_says(row: dict[str, str]) -> None:
    assert refused(refuse_unless_related, row["続柄"]) == row["登録"]


@pytest.mark.clause(f"{V1}#1.1.5/m6", f"{V1}#1.1.5/m7")
@pytest.mark.parametrize("row", named("removed_records.csv", "消除の事由", "消除の日", "今日"))
def test_where_a_removed_record_is(row: dict[str, str]) -> None:
    removed_on, today = date.fromisoformat(row["消除の日"]), date.fromisoformat(row["今日"])
    assert LifeState(STATES[row["消除の事由"]]).label == row["住民状態"]
    assert may_be_stored(removed_on, today) == (row["除票用データベースにある"] == "はい")
    assert may_be_stored(removed_on, today) != (row["台帳で見つかる"] == "はい")
    assert keep_until(removed_on).isoformat() == row["保存の期限"]
    assert (keep_until(removed_on) <= today) == (row["期限を過ぎた"] == "はい")


STATES = {"転出": "2", "死亡": "3", "職権消除": "9", "失踪宣告": "9"}
REASONS = {
    "転出": "move_out", "死亡": "death", "職権消除": "deletion_ex_officio", "失踪宣告": "deletion_ex_officio",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.clause(f"{V1}#1.1.5/m6", f"{V1}#1.1.5/m9")
def test_the_register_and_the_store_hold_what_the_table_says(town: int, may: None) -> None:
    """All rows of the table that are about today, in one register."""
    told = [row for row in rows("removed_records.csv") if row["今日"] == TODAY.isoformat()]
    people = {}
    for place, row in enumerate(told):
        gone_on = date.fromisoformat(row["消除の日"])
        came = newcomer(valid_from=date(2000, 1, 1), resident_code=f"999{place:08}")
        reason = REASONS[row["消除の事由"]]
        said = {"status": STATES[row["消除の事由"]], "reason": reason, "removal_reason": reason}
        people[enter(came, gone_on, removed_on=RegisterDate.exact(gone_on), **said).addressee_id] = row
    store_removed(actor=CLERK)
    here = within_reach(Hits(tuple(people)), ())[0].addressees
    assert {one: row["台帳で見つかる"] for one, row in people.items()} == {
        one: "はい" if one in here else "いいえ" for one in people
    }
    kept = dict(StoredRecord.objects.values_list("addressee", "keep_until"))
    assert {one: day.isoformat() for one, day in kept.items()} == {
        one: row["保存の期限"] for one, row in people.items() if row["除票用データベースにある"] == "はい"
    }


WORDS = {
    "氏名": "name", "フリガナ": "name_kana", "住所": "address", "続柄": "relationship", "世帯主": "head_name",
    "記載順位": "member_order", "本籍": "domicile", "筆頭者": "register_head", "国籍": "nationality",
}  # fmt: skip


@pytest.mark.parametrize("row", named("investigations.csv", "調査の対象", "開始日", "終了日", "見る日"))
def test_the_mark_stands_beside_what_is_looked_into_and_what_follows_from_it(row: dict[str, str]) -> None:
    about = next(code for code, name in ABOUT.items() if name == row["調査の対象"])
    ended = date.fromisoformat(row["終了日"]) if row["終了日"] else None
    looking = [Looking(about, date.fromisoformat(row["開始日"]), ended)]
    day = date.fromisoformat(row["見る日"])
    fields = {label: name for name, label in labels().items()} | WORDS
    wanted = {fields[word] for word in row["「調査中」の印が付く項目"].split("・") if word != "なし"}
    assert marked_items(looking, day) == wanted
    assert is_whole(looking, day) == (row["画面の上の帯"] == "はい")
