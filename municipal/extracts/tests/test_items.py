"""The items are those of the published lists, under their names, of their types (抽出の項目の試験)."""

import csv
from pathlib import Path

import pytest
from django.apps import apps

from municipal.addressees.models import Addressee
from municipal.conformance.packs import find
from municipal.core.codes import table
from municipal.core.refusals import Refused
from municipal.extracts.beside import NOT_ASKED, TABLES
from municipal.extracts.items import Kind
from municipal.extracts.queries import Column, Order, Query, ready
from municipal.extracts.running import everything
from municipal.extracts.sources import sources
from municipal.identity.permissions import PERMISSIONS
from municipal.residents.models import Household, ResidentEvent, ResidentRecord

MISSING = Path(__file__).parent / "examples" / "items_not_offered.csv"
PACK = find("resident-record-data")
LISTED = {item.name_ja: item for item in PACK.items if item.table in ("residents", "history")}
RECORDS = sources()["residents"].items


def not_offered() -> dict[str, str]:
    with MISSING.open(encoding="utf-8", newline="") as file:
        return {row["項目"]: row["理由"] for row in csv.DictReader(file)}


@pytest.mark.clause("resident-record/1.0#10.1/m4", "resident-record/1.0#10.1/m5")
def test_every_listed_item_is_offered_under_its_name_or_says_why_not() -> None:
    assert sorted(set(LISTED) - set(RECORDS) - set(not_offered())) == []
    assert sorted(set(not_offered()) & set(RECORDS)) == []
    assert all(not_offered().values())


@pytest.mark.clause("resident-record/1.0#10.1/m6")
def test_length_and_codes_are_those_of_the_list() -> None:
    longer = [
        name
        for name, item in RECORDS.items()
        if name in LISTED and item.length and (LISTED[name].max_length or 0) > item.length
    ]
    assert longer == []
    assert RECORDS["性別"].codes == "sex"
    assert [item.name for item in RECORDS.values() if item.codes and not table(item.codes)] == []


@pytest.mark.clause("resident-record/1.0#10.1/m6")
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("氏名", Kind.TEXT),
        ("生年月日", Kind.DAY),
        ("生年月日_不詳フラグ", Kind.NUMBER),
        ("生年月日_不詳表記", Kind.TEXT),
        ("記載順位", Kind.NUMBER),
        ("国保資格有無", Kind.YES),
        ("在留期間の満了の日", Kind.DAY),
        ("記録日時", Kind.DAY),
    ],
)
def test_an_item_has_its_type(name: str, kind: Kind) -> None:
    assert RECORDS[name].kind is kind


def test_unusual_characters_are_allowed_where_names_and_addresses_stand() -> None:
    assert RECORDS["氏名"].may_be_unusual
    assert not RECORDS["住民票コード"].may_be_unusual


@pytest.mark.clause("resident-record/1.0#10.1/m1", "resident-record/1.0#10.1/m2", "resident-record/1.0#10.1/m8")
def test_every_column_of_the_register_can_be_asked_for() -> None:
    own = {"id", "municipality_id", "event_id", "addressee_id", "household_id"}
    for code, model in (("residents", ResidentRecord), ("removed", ResidentRecord), ("history", ResidentRecord)):
        asked = {item.path for item in sources()[code].items.values()}
        assert {field.attname for field in model._meta.fields} - own - asked == set()
    assert {field.attname for field in Addressee._meta.fields} - own - {
        item.path for item in sources()["addressees"].items.values()
    } == set()
    events = {item.path for item in sources()["events"].items.values()}
    assert {field.attname for field in ResidentEvent._meta.fields} - own - events <= {
        "subjects",
        "cancels_id",
        "follows_id",
        "answers_id",
    }
    assert Household._meta.get_field("number").attname in {item.path for item in sources()["households"].items.values()}


ROOMS = ("addressees", "numbers", "places", "residents", "certificates")


@pytest.mark.clause("resident-record/1.0#10.1/m2", "resident-record/1.0#10.1/m7")
def test_every_table_of_the_register_is_a_source_or_says_why_not() -> None:
    asked = {ResidentRecord, Household, ResidentEvent, Addressee, *(table.model for table in TABLES)}
    there = {model._meta.label for room in ROOMS for model in apps.get_app_config(room).get_models()}
    named = {model._meta.label for model in asked}
    assert sorted(there - named - set(NOT_ASKED)) == []
    assert sorted(set(NOT_ASKED) & named) == []
    assert sorted(set(NOT_ASKED) - there) == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(sources()))
def test_every_item_of_every_source_can_be_asked_for_compared_and_ordered(town: int, code: str) -> None:
    found = sources()[code]
    listed = [name for name, item in found.items.items() if not item.is_only_counted]
    columns = tuple(Column(f"[{name}]") for name in listed)
    where = " or ".join(f"ISBLANK([{name}])" for name in listed[:40])
    query = Query(code, columns, where, (Order(f"[{listed[0]}]"),))
    assert list(everything(ready(query, permissions=set(PERMISSIONS), hidden={1, 2}))) == []


@pytest.mark.clause("resident-record/1.0#10.1/m7")
def test_what_the_chapters_on_management_and_inquiry_keep_can_be_asked_for_too() -> None:
    assert "個人番号カード発行有無" in RECORDS
    assert {"異動の種類", "届出人の氏名", "本人確認の方法"} <= set(sources()["events"].items)
    assert "交付日" in " ".join(sources()["certificates"].items) or len(sources()["certificates"].items) > 10
    with pytest.raises(Refused) as refused:
        ready(Query("certificates", (Column("[目的]"),)), permissions={"extracts.run"}, hidden=())
    assert refused.value.code == "source_forbidden"


def test_the_individual_number_is_no_item_anywhere() -> None:
    assert [item.name for one in sources().values() for item in one.items.values() if item.name == "個人番号"] == []


def test_the_adult_ward_flag_is_only_counted() -> None:
    assert [item.name for item in RECORDS.values() if item.is_only_counted] == ["成年被後見人_該当有無"]
