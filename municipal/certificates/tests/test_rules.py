"""What a certificate says, by tables that a clerk can read (証明書の規則の試験)."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from municipal.certificates.contents import Block, Contents, Item, as_json, read
from municipal.certificates.kinds import KINDS, MARKS
from municipal.certificates.rules.items import CHOOSABLE, OMITTABLE, Facts, address_of, allowed, entries, items_of
from municipal.certificates.rules.numbering import IssueNumber
from municipal.certificates.rules.wording import title_of_office, with_reading
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord

EXAMPLES = Path(__file__).parent / "examples"
REGISTER_DATES = {"born_on", "became_resident_on", "became_foreign_resident_on", "removed_on", "address_set_on"}
KIND = {"日本人": "1", "外国人": "2"}


def rows(name: str) -> list[Any]:
    """The rows of an example table, named by their line."""
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[1:]
    return [pytest.param(*row, id=f"{name}:{number}") for number, row in enumerate(lines, 2)]


def facts(kind: str = "1", **values: Any) -> Facts:
    """Somebody who has lived here since 15 April 2019."""
    blank = {field.attname: field.get_default() for field in ResidentRecord._meta.fields if not field.is_relation}
    own = {
        "kind": kind, "name": "甲野　太郎", "name_kana": "コウノ　タロウ", "sex": "1",
        "born_on": RegisterDate(1985, 4, 1), "became_resident_on": RegisterDate(2019, 4, 15),
        "address_set_on": RegisterDate(2019, 4, 15), "resident_code": "99900000029",
    }  # fmt: skip
    known = {"address": "架空県架空市松町１番地　松ハイツ１０１"}
    return Facts(blank | own | values, known, "架空県架空市松町１番地", None)


def said(found: Facts, form: str, key: str, omits: frozenset[str] = frozenset(), *, has_reading: bool = False) -> str:
    items = {item.key: item.text for item in items_of(found, KINDS[form], omits, has_reading=has_reading)}
    return items[key]


@pytest.mark.clause("resident-record/1.0#1.1.9/m1", "resident-record/1.0#1.1.9/n1", "resident-record/1.0#1.1.9/n2")
@pytest.mark.parametrize(("kind", "field", "stored", "printed"), rows("dates.csv"))
def test_a_date_is_printed_in_its_calendar_only(kind: str, field: str, stored: str, printed: str) -> None:
    value: Any = RegisterDate.parse(stored) if field in REGISTER_DATES else date.fromisoformat(stored)
    form = "person_copy" if field in {*REGISTER_DATES, "stay_expires_on"} - {"removed_on"} else "removed_copy"
    key = "became_resident_on" if field == "became_foreign_resident_on" else field
    form = "move_out_certificate" if field == "move_out_notified_on" else form
    assert said(facts(KIND[kind], **{field: value}), form, key) == printed


@pytest.mark.clause("resident-record/1.0#5.1/m2", "resident-record/1.0#5.1/m3")
@pytest.mark.parametrize(("kind", "form", "key", "value", "omit", "printed"), rows("empty_values.csv"))
def test_an_item_without_a_value_and_one_left_out_say_so(
    kind: str, form: str, key: str, value: str, omit: str, printed: str
) -> None:
    found = facts(KIND[kind], **({key: value} if value else {}))
    assert said(found, form, key, frozenset(filter(None, [omit]))) == printed


@pytest.mark.clause("resident-record/1.0#5.6/m2", "resident-record/1.0#5.6/n2", "resident-record/1.0#1.3.9/n1")
@pytest.mark.parametrize(("prefecture", "town", "title", "name", "printed"), rows("titles.csv"))
def test_a_title_has_its_prefecture_and_its_name(
    prefecture: str, town: str, title: str, name: str, printed: str
) -> None:
    if not printed:
        with pytest.raises(Refused, match="そろっていません"):
            title_of_office(prefecture, town, title, name)
    else:
        assert "　".join(title_of_office(prefecture, town, title, name)) == printed


@pytest.mark.clause("resident-record/1.0#5.5/m2", "resident-record/1.0#5.5/m3", "resident-record/1.0#5.5/m4")
@pytest.mark.parametrize(
    ("day", "town", "terminal", "printer", "serial", "page", "pages", "printed"), rows("issue_numbers.csv")
)
def test_an_issue_number_follows_its_grammar(
    day: str, town: str, terminal: str, printer: str, serial: str, page: str, pages: str, printed: str
) -> None:
    number = IssueNumber(date.fromisoformat(day), town, terminal, printer, int(serial))
    assert number.on_page(int(page), int(pages)) == printed
    assert printed.startswith(str(number))


@pytest.mark.clause("resident-record/1.0#5.3/o1", "resident-record/1.0#5.3/n2", "resident-record/1.0#5.3/n3")
@pytest.mark.parametrize(
    ("name", "kana", "printed"),
    [
        ("住民　太郎", "ジュウミン　タロウ", "住民　太郎　（ジュウミン　タロウ）"),
        ("住民　太郎", "じゅうみん　たろう", "住民　太郎　（ジュウミン　タロウ）"),
        ("住民　太郎", "ゔぁいおれっと", "住民　太郎　（ヴァイオレット）"),
        ("住民　太郎", "", "住民　太郎"),
        ("", "ジュウミン", ""),
    ],
)
def test_a_reading_stands_in_brackets_and_in_katakana(name: str, kana: str, printed: str) -> None:
    assert with_reading(name, kana) == printed


@pytest.mark.clause("resident-record/1.0#1.1.18/m1", "resident-record/1.0#5.3/o1")
def test_readings_of_names_are_printed_where_the_town_wants_them() -> None:
    foreigner = facts(
        "2", roman_name="ZHANG YULIN", kanji_name="張　玉蓮", name_kana="チャン　ユウリン", alias="住民　花子",
        alias_kana="ジュウミン　ハナコ",
    )  # fmt: skip
    assert said(foreigner, "person_copy", "name", has_reading=True) == "ZHANG YULIN　張　玉蓮　（チャン　ユウリン）"
    assert said(foreigner, "person_copy", "alias", has_reading=True) == "住民　花子　（ジュウミン　ハナコ）"
    former = facts(former_family_name="住基", former_family_kana="ジュウキ")
    assert said(former, "person_copy", "former_family_name", has_reading=True) == "住基　（ジュウキ）"
    assert said(foreigner, "person_copy", "alias") == "住民　花子"
    assert {"is_name_kana_confirmed", "is_former_family_kana_confirmed", "is_alias_kana_confirmed"} <= {
        field.attname for field in ResidentRecord._meta.fields
    }


@pytest.mark.clause("resident-record/1.0#5.3/n1")
def test_no_other_item_gets_a_reading() -> None:
    kana = [
        field.attname for field in ResidentRecord._meta.fields if "kana" in field.attname and "is_" not in field.attname
    ]
    everything = facts(**dict.fromkeys(kana, "カナ"), former_family_name="旧姓")
    printed = items_of(everything, KINDS["person_copy"], (), has_reading=True)
    assert {item.key for item in printed if "（" in item.text} == {"name", "former_family_name"}


@pytest.mark.clause("resident-record/1.0#5.4/m1")
def test_the_building_is_left_out_on_certificates_of_items_only() -> None:
    found, wish = facts(), frozenset({"building"})
    for code, kind in KINDS.items():
        bare = code in {"record_items", "removed_items"}
        assert ("松ハイツ" in address_of(found, kind, wish)) is not bare, code
        assert "松ハイツ" in address_of(found, kind, frozenset())


@pytest.mark.clause("resident-record/1.0#5.1/m8")
def test_no_copy_of_a_resident_has_an_item_for_an_announced_move_out() -> None:
    leaving = facts(move_out_planned_on=date(2026, 11, 30), move_out_notified_on=date(2026, 11, 20))
    for code in ("household_copy", "person_copy", "record_items"):
        printed = items_of(leaving, KINDS[code], (), has_reading=False)
        assert not [item for item in printed if "転出" in item.label or "11月30日" in item.text]


@pytest.mark.clause("resident-record/1.0#5.1/n3")
def test_no_item_takes_a_customary_address() -> None:
    """There is none in the register either: it can only be said in the free remarks (type C)."""
    labels = [
        entry.label
        for kind in KINDS.values()
        for foreign in (True, False)
        for entry in entries(kind, is_foreign=foreign)
    ]
    assert not [label for label in labels if "通称住所" in label]
    assert not [field for field in ResidentRecord._meta.fields if "通称住所" in str(field.verbose_name)]


@pytest.mark.clause("resident-record/1.0#5.7/n1")
def test_nothing_can_be_marked_but_official_use_and_reissue() -> None:
    assert set(MARKS) == {"公用", "再交付"}
    texts = [kind.attestation + kind.name for kind in KINDS.values()]
    assert not [text for text in texts if "附票通知" in text or "規定により免除" in text]


def test_what_a_mover_hands_to_the_next_office_leaves_nothing_out() -> None:
    for code in ("move_out_certificate", "equivalent_certificate"):
        assert allowed(KINDS[code], {*OMITTABLE, *CHOOSABLE}) == frozenset()


def test_the_day_of_setting_the_address_is_printed_after_a_move_inside_only() -> None:
    assert said(facts(), "person_copy", "address_set_on") == "【空欄】"
    moved = facts(address_set_on=RegisterDate(2020, 2, 29))
    assert said(moved, "person_copy", "address_set_on") == "令和2年2月29日"


@pytest.mark.parametrize(
    ("values", "printed"),
    [
        ({"stay_years": 3}, "3年"),
        ({"stay_years": 1, "stay_months": 3}, "1年3月"),
        ({"stay_days": 90}, "90日"),
        ({"landing_period": "6月"}, "6月"),
        ({"provisional_stay_period": "令和8年12月31日まで"}, "令和8年12月31日まで"),
    ],
)
def test_the_period_of_stay_is_written_in_its_units(values: dict[str, Any], printed: str) -> None:
    assert said(facts("2", **values), "person_copy", "stay_period") == printed


def test_contents_survive_their_way_through_json() -> None:
    block = Block("甲野　太郎", (Item("name", "氏名", "甲野　太郎"), Item("individual_number", "個人番号", "", 7)))
    contents = Contents(
        "person_copy", "住民票の写し", "架空市", (Item("address", "住所", "架空市"),), (block,), (block,), ("公用",),
        phrases=("この印は黒色です",), seal=3,
    )  # fmt: skip
    assert read(as_json(contents)) == contents
    assert contents.numbers() == (7, 7)
