"""The pack of the recommended data sets, and what its rules take for right (オープンデータの仕様と規則)."""

import csv
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from municipal.conformance.engine import Asked, check
from municipal.conformance.packs import find
from municipal.conformance.recognition import items_by_heading, plain, recognise
from municipal.conformance.rules.opendata import CODES, DATES, PHONES, TIMES, number
from municipal.conformance.rules.opendata.code_without_check_digit import whole
from municipal.conformance.rules.opendata.day_foreign import NAMES, is_in_calendar, notation
from municipal.conformance.rules.opendata.mixed_generations import of_generation
from municipal.conformance.rules.opendata.part_columns import is_municipality, municipalities, prefectures
from municipal.conformance.rules.opendata.phone_form import is_phone, lost_its_zero, several
from municipal.conformance.rules.opendata.placeholder import is_placeholder
from municipal.conformance.rules.opendata.time_of_day import minutes

DAY = date(2026, 11, 23)
PACK = find("open-data-sets@2021")
SETS = {
    "aed": (23, 4),
    "care_service": (23, 5),
    "hospital": (27, 10),
    "cultural_property": (35, 3),
    "tourism": (31, 4),
    "event": (33, 9),
    "public_wireless_lan": (19, 3),
    "public_toilet": (33, 8),
    "fire_water": (12, 1),
    "evacuation_site": (27, 15),
    "population": (47, 41),
    "public_facility": (25, 3),
    "childcare": (29, 3),
    "open_data_list": (15, 4),
}


def test_the_pack_has_the_fourteen_sets_with_their_columns_and_required_columns() -> None:
    first = [name for name, shape in PACK.tables.items() if shape.facts["generation"] == 1]
    counted = {
        name: (
            sum(item.status == "cited" for item in PACK.items_of(name)),
            sum(item.column == "must" for item in PACK.items_of(name)),
        )
        for name in first
    }
    assert counted == SETS


def test_a_required_column_asks_for_a_value_unless_the_definition_lists_the_empty_one() -> None:
    without_value = {item.name_ja for item in PACK.items if item.column == "must" and item.presence != "required"}
    assert len(without_value) == 9
    assert all(name.startswith("災害種別_") or name == "指定避難所との重複" for name in without_value)


def test_headings_and_items_are_unique_in_every_table() -> None:
    for pack in (PACK, find("population-statistics")):
        for table in pack.tables:
            items = pack.items_of(table)
            assert [name for name, many in Counter(item.item for item in items).items() if many > 1] == []
            headings = Counter(plain(heading) for item in items for heading in (item.name_ja, *item.aliases))
            assert [heading for heading, many in headings.items() if many > 1] == [], table


def test_every_code_list_that_is_named_is_there() -> None:
    assert {item.codes for item in PACK.items if item.codes} == set(PACK.codes)


def test_dates_times_telephones_and_codes_are_left_to_their_own_rules() -> None:
    own = [item for item in PACK.items if item.item in DATES | TIMES | PHONES]
    assert {item.type for item in own} == {"XN"}
    assert {item.number for item in PACK.items if item.item in CODES} == {""}


@pytest.mark.parametrize("folder", sorted(SETS))
def test_the_required_columns_are_those_of_the_definition(folder: str) -> None:
    reference = os.environ.get("KIJUN_REFERENCE")
    if not reference:
        pytest.skip("reference material not at hand")
    title = PACK.tables[folder].title_ja
    models = Path(reference) / "data" / "open-data-sets"
    text = next(models.glob(f"*{title}/model.yaml")).read_text(encoding="utf-8")
    listed = text.split("      required:\n")[1].split("      x-ngsi:")[0]
    required = {line.strip().removeprefix("- ").strip("'") for line in listed.splitlines() if line.strip()}
    assert {item.name_ja for item in PACK.items_of(folder) if item.column == "must"} == required
    properties = text.split("      properties:\n")[1].split("\ninfo:")[0]
    headings = {name.strip("'") for name in re.findall(r"^ {8}(\S.*):$", properties, re.MULTILINE)}
    assert headings <= {item.name_ja for item in PACK.items_of(folder)}


def test_the_second_generation_is_as_the_published_lists_have_it() -> None:
    reference = os.environ.get("KIJUN_REFERENCE")
    if not reference:
        pytest.skip("reference material not at hand")
    folder = Path(reference) / "data" / "open-data-sets-current"
    with (folder / "opendata_public_toilet.csv").open(encoding="utf-8", newline="") as lines:
        toilets = [(row["name_ja"], row["class"] == "◎") for row in csv.DictReader(lines)]
    assert [(i.name_ja, i.presence == "required") for i in PACK.items_of("public_toilet_current")] == toilets


@pytest.mark.parametrize(
    ("name", "headings", "table"),
    [
        ("x.csv", "NO,名称,名称_カナ,住所,方書,緯度,経度,多機能トイレ数,男性トイレ総数", "public_toilet"),
        ("x.csv", "ID,名称,所在地_連結表記,設置位置,バリアフリートイレ数", "public_toilet_current"),
        ("x.csv", "全国地方公共団体ｺｰﾄﾞ,ID,名称,名称_ｶﾅ,所在地_連結表記,災害種別_洪水", "evacuation_site_current"),
        ("131016_aed.csv", "名称,住所（地番）,緯度,経度", "aed"),
        ("x.csv", "NO,イベント名,開始日,終了日,説明", "event"),
        ("x.csv", "データ名称,データ形式,分類,最終更新日", "open_data_list"),
    ],
)  # fmt: skip
def test_a_file_is_recognised_in_either_generation(name: str, headings: str, table: str) -> None:
    (found,) = recognise([(name, headings.split(","))], (PACK,))
    assert found is not None
    assert found.table == table


def test_second_generation_headings_reach_the_items_of_the_first() -> None:
    known = items_by_heading(PACK, "aed")
    reached = {
        heading: known[plain(heading)].item
        for heading in ("ＩＤ", "所在地_連結表記", "全国地方公共団体 コード", "住所（地番）", "建物名等（方書）")
    }
    assert list(reached.values()) == ["id", "address", "local_government_code", "address", "building"]


def test_generations_are_told_apart_by_headings_that_only_one_has() -> None:
    assert of_generation(["NO", "名称", "住所"], PACK) == (["NO", "住所"], [])
    assert of_generation(["ＩＤ", "名称", "町字ID"], PACK) == ([], ["ＩＤ", "町字ID"])
    assert of_generation(["名称", "緯度", "市区町村コード"], PACK) == ([], [])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2018-11-01", ""), ("2018-11", ""), ("2018", ""), ("2018-11-01 00:00:00", ""), ("2018-11-01T00:00:00.000", ""),
        ("11/1/2018", "foreign"), ("1-11-2018", "foreign"), ("43405", "serial"), ("43405.0", "serial"),
        ("2018/11/1", "slashed"), ("2018.11.1", "slashed"), ("2018-11-1", "short"), ("20181101", "compact"),
        ("2018年11月1日", "words"), ("2018年11月", "words"), ("平成30年11月1日", "era"), ("H30.11.1", "era"),
        ("令和元年", "era"),
        ("2018-02-30", None), ("2018/13/1", None), ("20181301", None), ("9999", ""),
        ("12345", "serial"), ("99999", None),
        ("随時", None), ("2018-11-01、2018-11-02", None), ("", None), ("1月", None),
    ],
)  # fmt: skip
def test_the_notation_of_a_day_is_named(text: str, key: str | None) -> None:
    assert notation(text) == key
    assert key in {None, "", *NAMES}


def test_a_year_and_a_month_are_in_the_calendar_when_they_exist() -> None:
    assert [is_in_calendar(text) for text in ("2024", "2024-02", "2024-02-29")] == [True] * 3
    assert [is_in_calendar(text) for text in ("0000", "2024-13", "2023-02-29")] == [False] * 3


@pytest.mark.parametrize(
    ("text", "value"),
    [("9:05", 545), ("09:05:59", 545), ("24:00", 1440), ("29:00", 1740), (" 0:00 ", 0)],
)
def test_a_time_of_day_counts_its_minutes(text: str, value: int) -> None:
    assert minutes(text) == value


@pytest.mark.parametrize("text", ["日没", "9時", "30:00", "12:60", "0.375", "9:00-17:00", "9:5", "", "12:00:60"])
def test_anything_else_is_no_time_of_day(text: str) -> None:
    assert minutes(text) is None


PHONE_NUMBERS = ["03-1234-5678", "0312345678", "0120-123-456", "0570-012-345", "090-1234-5678", "04998-2-1111"]


@pytest.mark.parametrize("text", [*PHONE_NUMBERS, "+81-3-1234-5678", "119", "#7119"])
def test_a_telephone_number_is_right(text: str) -> None:
    assert is_phone(text)
    assert not lost_its_zero(text)
    if text.startswith("0"):
        assert lost_its_zero(text[1:])
        assert not is_phone(text[1:])


NO_NUMBERS = [
    "総務課",
    "1100",
    "03-1234-567",
    "03-12345-56789",
    "03(1234)5678",
    "０３-１２３４-５６７８",
    "03ー1234ー5678",
    "",
]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_a_telephone_number_is_wrong(text: str) -> None:
    assert not is_phone(text)
    assert not lost_its_zero(text)


def test_several_numbers_in_a_cell_are_parted() -> None:
    assert several("03-1111-1111\n03-2222-2222、03-3333-3333 / 03-4444-4444；") == [
        f"03-{n * 4}-{n * 4}" for n in "1234"
    ]


def test_a_code_is_completed_only_where_it_is_known() -> None:
    assert whole("372013") == ("372013",)
    assert whole("372014") == ()
    assert whole("37201") == ("372013",)
    assert whole("92011") == ("092011",)
    assert whole("1100") == ("011002",)
    assert set(whole("12106")) == {"012106", "121061"}
    assert whole("12106", "千葉県") == ("121061",)
    assert whole("12106", "北海道") == ("012106",)
    assert [whole(text) for text in ("", "東京", "３７２０１３", "99999", "123", "3720130")] == [()] * 6
    assert whole("990019") == ("990019",)


def test_every_municipality_and_every_prefecture_is_a_part() -> None:
    assert len(prefectures()) == 47
    assert [name for name in municipalities() if not is_municipality(name)] == []
    assert [name for name in prefectures() if not is_municipality(name)] == []


@pytest.mark.parametrize(
    "text",
    ["北海道河西郡芽室町", "大和郡山市", "蒲郡市", "上野市", "大阪府大阪市北区", "高市郡明日香村", "中部広域消防組合"],
)
def test_a_municipality_with_what_stands_before_it_is_a_part(text: str) -> None:
    assert is_municipality(text)


@pytest.mark.parametrize(
    "text", ["高松市番町", "宇都宮市旭1-1-5", "宇都宮", "河西郡芽室町東2条", "千代田区１丁目区", "番地町大字村"]
)
def test_more_than_a_municipality_is_no_part(text: str) -> None:
    assert not is_municipality(text)


@pytest.mark.parametrize("text", ["-", "－", " ― ", "--", "N/A", "null", "None", "*", "…"])
def test_signs_for_nothing_are_known(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["", "なし", "無", "0", "1-2", "-1", "A"])
def test_words_and_figures_are_no_signs_for_nothing(text: str) -> None:
    assert not is_placeholder(text)


def test_numbers_are_read_as_they_stand() -> None:
    assert [number(text) for text in ("35.5", "-1", " 0 ", "1e2")] == [35.5, -1.0, 0.0, 100.0]
    assert [number(text) for text in ("", "nan", "inf", "1_0", "３５", "35.5N")] == [None] * 6


def test_an_old_encoding_and_half_width_headings_hide_nothing(tmp_path: Path) -> None:
    lines = [
        "全国地方公共団体ｺｰﾄﾞ,ID,名称,名称_ｶﾅ,所在地_連結表記,所在地_市区町村,設置位置,緯度,経度,男性トイレ総数,利用終了時間",
        "92011,,中央公園,ﾁｭｳｵｳ,栃木県宇都宮市旭1-1,宇都宮市旭1-1,一階,369.56056,139.88,0..,日没",
        "92011,,駅前,ｴｷﾏｴ,栃木県宇都宮市駅前2,宇都宮市駅前2,二階,36.5,139.9,2,24:00",
    ]
    (tmp_path / "toilet.csv").write_bytes("\r\n".join(lines).encode("cp932"))
    report = check(Asked((tmp_path,), DAY, DAY))
    assert [(file.table, file.encoding) for file in report.files] == [("public_toilet_current", "cp932")]
    found = {(sample.code, sample.row, sample.column) for result in report.results for sample in result.samples}
    assert {place for place in found if not place[0].startswith("FILE-")} == {
        ("ITEM-0005", 2, "男性トイレ総数"),
        ("ODS-0001", 2, "緯度"),
        ("ODS-0011", 2, "名称_ｶﾅ"),
        ("ODS-0012", 1, "全国地方公共団体ｺｰﾄﾞ"),
        ("ODS-0012", 1, "名称_ｶﾅ"),
        ("ODS-0017", 2, "利用終了時間"),
        ("ODS-0023", 2, "全国地方公共団体ｺｰﾄﾞ"),
        ("ODS-0025", 1, "ID"),
        ("ODS-0027", 2, "所在地_市区町村"),
    }
