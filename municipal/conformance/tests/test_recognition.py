"""What a file is taken for, and what it is not taken for (ファイルの見分け)."""

import pytest

from municipal.conformance.packs import find, shipped
from municipal.conformance.recognition import items_by_heading, marks, recognise

PACK = find("open-data-sets@2021")
PACKS = [pack for pack in shipped().values() if pack.tables]


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("farms.csv", "ID,農園名,住所,緯度,経度,電話番号"),
        ("agricultural_cooperatives.csv", "NO,名称,名称_カナ,住所,電話番号,FAX番号,URL,備考"),
        ("maeda.csv", "NO,名称,住所,緯度,経度"),
        ("disaster_prevention.csv", "NO,名称,住所,緯度,経度"),
        ("parks.csv", "全国地方公共団体コード,ID,名称,名称_カナ,POIコード,所在地_連結表記,緯度,経度,公簿面積"),
        ("tsunami_hinan_biru.csv", "NO,市区町村コード,名称,名称_カナ,住所,緯度,経度,電話番号,区分"),
        ("stops.csv", "stop_id,stop_name,stop_lat,stop_lon,zone_id,location_type"),
        ("three.csv", "路線,停留所,緯度"),
        ("hospital_list.csv", "id,a,b,c,d,e,f,g,h,i,j,k"),
        ("population_mesh.csv", ""),
        ("budget.csv", "款,項,目,予算額,決算額,備考"),
        ("voters.csv", "投票区名,男,女,計"),
        ("population.csv", "年度,男,女,出生,死亡,転入,転出,a,b,c,d"),
    ],
)
def test_lists_of_other_things_are_not_taken_for_a_data_set(name: str, headings: str) -> None:
    assert recognise([(name, headings.split(","))], PACKS) == [None]


@pytest.mark.parametrize("name", ["x.csv", "population.csv", "地域・年齢別人口.csv"])
@pytest.mark.parametrize(
    "headings",
    [
        "町名,世帯数,人口総数,男,女",
        "大字,町丁目名,人口,男性,女性",
        "年月,世帯数,人口,男,女",
        "行政区,世帯数,男,女,計,前月比",
        "年齢,総数,男,女",
    ],
)
def test_a_population_table_without_classes_of_age_is_one_of_statistics(name: str, headings: str) -> None:
    places = ["全国地方公共団体コード", "ID", "名称", "名称_カナ", "所在地_連結表記", "バリアフリートイレ数"]
    found, _ = recognise([(name, headings.split(",")), ("toilets.csv", places)], PACKS)
    assert found is not None
    assert (found.pack.id, found.table) == ("population-statistics", "population")


def test_a_population_table_with_classes_of_age_is_the_data_set() -> None:
    headings = [item.name_ja for item in PACK.items_of("population") if item.column == "must"]
    (found,) = recognise([("x.csv", headings)], PACKS)
    assert found is not None
    assert (found.pack.id, found.table) == ("open-data-sets", "population")


def test_every_mark_of_a_table_is_one_of_its_headings() -> None:
    for pack in (PACK, find("population-statistics")):
        for table in pack.tables:
            assert marks(pack, table)
            told = {mark for mark in marks(pack, table) if not mark.isascii() or mark == "ssid"}
            assert told <= set(items_by_heading(pack, table)), table
