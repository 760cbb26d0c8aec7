"""What of a record is shown, to whom, and how it is written (表示項目の試験)."""

from datetime import date

import pytest

from municipal.core.dates import RegisterDate
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import (
    FIELDS_BY_PERMISSION,
    HIDDEN,
    WITHHELD,
    WITHHELD_FIELDS,
    changed_fields,
    items,
    labels,
    why_not_shown,
    written,
)

EVERY_ITEM = frozenset(FIELDS_BY_PERMISSION)


def record(**said: object) -> ResidentRecord:
    known = {
        "municipality_id": 990019,
        "kind": "1",
        "status": "1",
        "name": "甲野　花子",
        "address_lot": "１番地",
        "relationship": "妻",
    }
    return ResidentRecord(**(known | said))


@pytest.mark.clause(
    "resident-record/1.0#1.1.9/m1",
    "resident-record/1.0#1.1.9/m2",
    "resident-record/1.0#1.1.9/n1",
    "resident-record/1.0#1.1.9/n2",
)
@pytest.mark.parametrize(
    ("field", "value", "kind", "text"),
    [
        ("born_on", RegisterDate(1985, 4, 1), "1", "昭和60年4月1日"),
        ("born_on", RegisterDate(1985, 4, 1), "2", "1985年4月1日"),
        ("stay_expires_on", date(2027, 3, 31), "2", "2027年3月31日"),
        ("became_resident_on", RegisterDate(2020, 5, 1), "2", "令和2年5月1日"),
        ("move_out_planned_on", date(2019, 5, 1), "1", "令和元年5月1日"),
        ("born_on", RegisterDate.entered("年月日不詳"), "1", "年月日不詳"),
        ("born_on", RegisterDate.entered("昭和25年 月日不詳"), "1", "昭和25年 月日不詳"),
        ("is_voter", True, "1", "有"),
        ("is_voter", False, "1", "無"),
        ("is_voter", None, "1", ""),
        ("sex", "2", "1", "女"),
        ("reason", "move_in", "1", "国内転入"),
        ("reason", "of_another_system", "1", "of_another_system"),
        ("address_lot", "１番地", "1", "１番地"),
    ],
)
def test_staff_read_era_dates_names_of_codes_and_words(field: str, value: object, kind: str, text: str) -> None:
    assert written(field, value, kind=kind) == text


def test_no_address_of_any_kind_is_shown_of_a_protected_person() -> None:
    addresses = [name for name in labels() if name.startswith(("address_", "planned_", "confirmed_", "domicile"))]
    hidden = {name for name in addresses if why_not_shown(name, permissions=EVERY_ITEM, withheld=WITHHELD_FIELDS)}
    assert set(addresses) - hidden == {"address_set_on"}
    assert set(labels()) | {name for name in WITHHELD_FIELDS if name not in labels()} >= WITHHELD_FIELDS


@pytest.mark.clause("resident-record/1.0#10.4/m1")
@pytest.mark.parametrize(
    ("field", "permission"),
    [
        ("domicile", "item.family_register"),
        ("register_head", "item.family_register"),
        ("resident_code", "item.resident_code"),
        ("residence_status", "item.residence_status"),
        ("stay_expires_on", "item.residence_status"),
    ],
)
def test_an_item_is_hidden_without_its_permission(field: str, permission: str) -> None:
    assert why_not_shown(field, permissions=EVERY_ITEM - {permission}, withheld=()) == HIDDEN
    assert why_not_shown(field, permissions={permission}, withheld=()) == ""


@pytest.mark.clause("resident-record/1.0#10.4/n1")
def test_no_permission_hides_the_relationship() -> None:
    assert not any("relationship" in fields or "head_name" in fields for fields in FIELDS_BY_PERMISSION.values())
    (item,) = items(record(), ["relationship"], permissions=(), withheld=WITHHELD_FIELDS)
    assert item.text == "妻"


def test_an_item_that_is_not_shown_carries_no_text() -> None:
    (lot,) = items(record(), ["address_lot"], permissions=EVERY_ITEM, withheld=WITHHELD_FIELDS)
    assert (lot.label, lot.text, lot.why_empty) == ("住所_番地号表記", "", WITHHELD)


def test_what_changed_between_two_rows_is_named_by_item() -> None:
    before, after = record(), record(address_lot="８番地", reason="move_within")
    assert changed_fields(before, after) == ["reason", "address_lot"]
    assert "name" in changed_fields(None, before)
    assert changed_fields(before, before) == []
