"""Real tables of two cities through the whole checker: every true defect by row, and nothing else (実ファイル)."""

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from municipal.conformance.engine import Asked, check
from municipal.conformance.findings import Exit, Outcome
from municipal.conformance.results import Report

Place = tuple[str, int, str]

DAY = date(2026, 11, 23)
MONTHS = [f"{year}{month:02d}" for year in (2024, 2025) for month in range(1, 13)]
MAY_AGAIN = "0066_202406"
MISSING_OF_EVACUATION = sorted(
    ["電話番号", "指定避難所との重複"]
    + [
        f"災害種別_{kind}"
        for kind in ("洪水", "崖崩れ、土石流及び地滑り", "高潮", "地震", "津波", "大規模な火事", "内水氾濫", "火山現象")
    ]
)
TOWADA = {
    "FILE-0052": [
        ("022063_aed", 1, "設置位置"),
        *(("022063_evacuation_space", 1, column) for column in MISSING_OF_EVACUATION),
    ],
    "ODS-0005": [("022063_tourism", 15, "連絡先電話番号"), ("022063_tourism", 16, "連絡先電話番号")],
    "ODS-0010": [
        ("022063_evacuation_space", 2, "想定収容人数"),
        ("022063_hospital", 36, "診療科目"),
        ("022063_preschool", 27, "住所"),
        ("022063_public_facility", 83, "住所（地番）"),
        ("022063_public_facility", 83, "電話番号"),
        ("022063_tourism", 7, "説明_英語"),
        ("022063_tourism", 14, "住所"),
    ],
    "ODS-0011": [
        ("022063_hospital", 31, "住所"),
        ("022063_hospital", 44, "方書"),
        ("022063_tourism", 6, "説明"),
        ("022063_tourism", 7, "料金（基本）"),
    ],
    "ODS-0028": [
        ("022063_public_wireless_lan", 2, "電話番号"),
        ("022063_tourism", 9, "バリアフリー情報"),
        ("022063_tourism", 11, "料金（詳細）"),
    ],
    "ODS-0042": [("022063_aed", 51, "住所")],
}
NAMES_OF_HEADINGS = "FILE-0054"  # says for information, once for nearly every file, that headings have other names


def reference(part: str) -> Path:
    folder = os.environ.get("KIJUN_REFERENCE")
    if not folder:
        pytest.skip("reference material not at hand")
    return Path(folder) / "data" / part


def judged(*paths: Path, is_plain: bool = False) -> Report:
    return check(Asked(paths, DAY, DAY, is_plain=is_plain))


def found(report: Report) -> dict[str, list[Place]]:
    """All findings by code; the sheet of a workbook and the folder are left out of the names."""
    places = defaultdict(list)
    for result in report.results:
        if result.code == NAMES_OF_HEADINGS:
            continue
        assert result.count == len(result.samples), "the cap of the samples hides nothing"
        for sample in result.samples:
            name = sample.file.split("#")[0].rsplit("/", 1)[-1]
            places[sample.code].append((name.rsplit(".", 1)[0].strip(), sample.row, sample.column))
    return {code: sorted(found) for code, found in places.items()}


def facts(report: Report, code: str) -> Iterator[dict[str, object]]:
    yield from (dict(sample.facts) for result in report.results if result.code == code for sample in result.samples)


@pytest.fixture(scope="module")
def takamatsu() -> Report:
    return judged(*(reference(f"takamatsu/{part}") for part in ("population", "births_and_deaths", "moves")))


@pytest.fixture(scope="module")
def towada() -> Report:
    return judged(*sorted(reference("towada").glob("*.json")))


def test_the_tables_of_takamatsu_are_recognised_wherever_their_headings_stand(takamatsu: Report) -> None:
    tables = defaultdict(list)
    for file in takamatsu.files:
        tables[file.pack, file.table].append((file.header_row, file.rows))
    assert dict(tables) == {
        ("population-statistics@1", "population"): [(1, 235)] * 24,
        ("population-statistics@1", "births_and_deaths"): [(1, 12)] * 2,
        ("population-statistics@1", "moves"): [(7, 12)] * 2,
    }


def test_takamatsu_has_these_defects_and_no_other(takamatsu: Report) -> None:
    assert found(takamatsu) == {
        "FILE-0008": [("0092_2024", 8, ""), ("0092_2025", 8, "")],
        "ODS-0014": [(f"0066_{month}", 2, "surveyDate") for month in ("202401", "202402", "202403")],
        "ODS-0022": [(f"0066_{month}", 2, "prefCode") for month in MONTHS],
        "ODS-0028": [("0066_202401", 26, "numberOfHouseholds")],
        "ODS-0032": [("0092_2024", 7, ""), ("0092_2025", 7, "")],
        "STAT-0002": [("0066_202507", 160, "woman")],
        "STAT-0004": [(MAY_AGAIN, 2, "surveyDate")],
        "STAT-0005": [(MAY_AGAIN, 2, "surveyDate")],
        "STAT-0006": [(MAY_AGAIN, 2, "totalPopulation"), ("0066_202407", 2, "totalPopulation")],
        "STAT-0011": [("0066_202501", 142, "numberOfHouseholds")],
    }
    assert takamatsu.exit is Exit.FINDINGS


def test_the_table_that_is_may_again_breaks_two_months_by_69(takamatsu: Report) -> None:
    assert [(fact["month"], fact["difference"], fact["expected"]) for fact in facts(takamatsu, "STAT-0006")] == [
        ("2024-05", "+69", -69),
        ("2024-06", "-69", -126),
    ]
    assert [str(fact["other"]).split("#")[0] for fact in facts(takamatsu, "STAT-0004")] == [
        "population/0066_202405.xlsx"
    ]
    assert list(facts(takamatsu, "STAT-0005")) == [{"surveyed": "2024-05", "expected": "2024-06"}]


def test_one_woman_is_missing_and_two_thousand_households_are_lost_for_a_month(takamatsu: Report) -> None:
    assert list(facts(takamatsu, "STAT-0002")) == [{"total": 4483, "sum": 4482}]
    assert list(facts(takamatsu, "STAT-0011")) == [{"before": 2259, "now": 156, "after": 2277}]


def test_what_is_the_same_in_every_row_is_told_once_with_the_number_of_rows(takamatsu: Report) -> None:
    assert {(fact["expected"], fact["count"]) for fact in facts(takamatsu, "ODS-0022")} == {("372013", 235)}
    assert [(fact["notation"], fact["count"]) for fact in facts(takamatsu, "ODS-0014")] == [
        ("Excel serial", 235),
        ("M/D/YYYY", 235),
        ("M/D/YYYY", 235),
    ]


def test_without_the_wrong_tables_takamatsu_balances_to_the_last_person() -> None:
    folder = reference("takamatsu/population")
    right = [path for path in sorted(folder.glob("*.xlsx")) if path.stem[5:] >= "202408" and path.stem[5:] < "202501"]
    report = judged(*right, *(reference(f"takamatsu/{part}") for part in ("births_and_deaths", "moves")))
    assert set(found(report)) == {"FILE-0008", "ODS-0022", "ODS-0032"}
    ended = {result.code: result.outcome for result in report.results if result.code.startswith("STAT-")}
    assert set(ended.values()) == {Outcome.PASSED}


def test_a_month_that_is_not_there_is_told() -> None:
    folder = reference("takamatsu/population")
    some = [folder / f"0066_{month}.xlsx" for month in ("202501", "202502", "202503", "202505")]
    report = judged(*some)
    assert found(report)["STAT-0007"] == [("0066_202505", 2, "surveyDate")]
    assert list(facts(report, "STAT-0007")) == [{"missing": "2025-04"}]


def test_the_sets_of_towada_are_recognised(towada: Report) -> None:
    assert {(file.name.rsplit("/", 1)[-1], file.table) for file in towada.files} == {
        ("022063_aed.json", "aed"),
        ("022063_care_service.json", "care_service"),
        ("022063_evacuation_space.json", "evacuation_site"),
        ("022063_hospital.json", "hospital"),
        ("022063_open_data_list.json", "open_data_list"),
        ("022063_preschool.json", "childcare"),
        ("022063_public_facility.json", "public_facility"),
        ("022063_public_wireless_lan.json", "public_wireless_lan"),
        ("022063_tourism.json", "tourism"),
    }


def test_towada_has_these_defects_and_no_other(towada: Report) -> None:
    places = found(towada)
    # Whole columns, each told once: four of the hospitals and the day of the last update are empty, fees are words.
    assert places.pop("ITEM-0001") == sorted(
        [("022063_hospital", 2, column) for column in ("診療曜日", "診療開始時間", "診療終了時間", "URL")]
        + [("022063_open_data_list", 2, "最終更新日")]
    )
    assert {fact["count"] for fact in facts(towada, "ITEM-0001")} == {8, 65}
    assert places.pop("ITEM-0005") == [("022063_tourism", 2, "料金（基本）")]
    assert [fact["count"] for fact in facts(towada, "ITEM-0005")] == [15]
    # 認定 is written for 認可 in 22 of 30 rows.
    assert places.pop("ITEM-0007") == [("022063_preschool", row, "種別") for row in range(2, 24)]
    assert places == TOWADA


def test_the_care_offices_of_towada_are_right() -> None:
    report = judged(reference("towada/022063_care_service.json"))
    assert found(report) == {}
    assert report.exit is Exit.NOTHING_FOUND


@pytest.mark.parametrize("part", ["towada/022063_tourism.json", "takamatsu/population/0066_202401.xlsx"])
def test_the_row_by_row_engine_finds_the_same(part: str) -> None:
    path = reference(part)
    assert found(judged(path, is_plain=True)) == found(judged(path))
