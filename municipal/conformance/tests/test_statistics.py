"""What the rules about population statistics read out of names, days and figures (統計の規則の部品)."""

from datetime import date
from pathlib import Path

import pytest

from municipal.conformance.engine import Asked, check
from municipal.conformance.packs import find
from municipal.conformance.rules import Context, Row
from municipal.conformance.rules.statistics import (
    ages,
    by_body,
    count,
    day_of,
    is_hidden,
    is_subtotal,
    is_total,
    lags,
    month_in_name,
    month_of,
    number_of,
    people,
    series,
    surveyed_month,
    usual_lag,
    year_in_name,
)
from municipal.conformance.rules.statistics.jump_and_return import jumps
from municipal.conformance.rules.statistics.missing_month import gaps
from municipal.conformance.rules.statistics.stock_and_flow import ENTRIES, REMOVALS, month_of_flow

DAY = date(2026, 11, 23)


def context(*files: str) -> Context:
    return Context(find("population-statistics"), DAY, DAY, files)


def stock(file: int, day: str, area: str = "本町", **cells: str) -> Row:
    return Row({"surveyed_on": day, "area": area, **cells}, file, 2)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("population/0066_202406.xlsx#Sheet0", (2024, 6)),
        ("population_2024-06.csv", (2024, 6)),
        ("jinkou20240601.csv", (2024, 6)),
        ("人口2024年06月.xlsx", (2024, 6)),
        ("p_2024_06_30.csv", (2024, 6)),
        ("data.zip/p202312.csv", (2023, 12)),
        ("0091_2024.xlsx", None),
        ("202413.csv", None),
        ("1202406.csv", None),
        ("202401-202406.csv", None),
        ("202406/population.csv", None),
        ("population.csv", None),
    ],
)
def test_a_file_name_tells_its_month_or_nothing(name: str, month: tuple[int, int] | None) -> None:
    assert month_in_name(name) == month


@pytest.mark.parametrize(
    ("name", "year"),
    [("moves/0092_2025 .xlsx", 2025), ("births2024.csv", 2024), ("2024_2025.csv", None), ("0091.xlsx", None)],
)
def test_a_file_name_tells_its_year_or_nothing(name: str, year: int | None) -> None:
    assert year_in_name(name) == year


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-11-01", date(2018, 11, 1)),
        ("11/1/2018", date(2018, 11, 1)),
        ("43405", date(2018, 11, 1)),
        ("43405.0", date(2018, 11, 1)),
        ("2018/11/1", date(2018, 11, 1)),
        ("2018年11月1日", date(2018, 11, 1)),
        ("20181101", date(2018, 11, 1)),
        ("2018-11-01T00:00:00", date(2018, 11, 1)),
        ("2018-02-30", None),
        ("平成30年", None),
        ("", None),
    ],
)
def test_three_notations_and_more_tell_one_day(text: str, day: date | None) -> None:
    assert day_of(stock(0, text)) == day


def test_the_last_day_of_a_month_is_the_beginning_of_the_next() -> None:
    days = ["2023-12-31", "2024-01-01", "2024-02-28", "2024-02-29", "2024-06-15"]
    assert [surveyed_month(stock(0, day)) for day in days] == [(2024, 1), (2024, 1), (2024, 2), (2024, 3), (2024, 6)]
    assert surveyed_month(stock(0, "?")) is None


def test_months_are_counted_through_the_years() -> None:
    assert number_of((2024, 1)) - number_of((2023, 12)) == 1
    assert [month_of(number_of((year, month))) for year, month in ((2024, 1), (2024, 12))] == [(2024, 1), (2024, 12)]


@pytest.mark.parametrize("text", ["", " ", "-", "－", "x", "X", "χ"])
def test_a_hidden_figure_is_no_number_and_no_mistake(text: str) -> None:
    assert is_hidden(text)
    assert count(text) is None


@pytest.mark.parametrize("text", ["0..", "1,234", "１２", "12.5", "-3", "12人", "²"])
def test_a_figure_with_anything_else_is_a_mistake(text: str) -> None:
    assert not is_hidden(text)
    assert count(text) is None


def test_a_figure_is_read_with_its_zeros_and_blanks() -> None:
    assert [count("0"), count("007"), count(" 12 ")] == [0, 7, 12]


def test_rows_for_the_whole_and_for_parts_are_told_from_areas() -> None:
    totals = ["総数", "合計", "計", "総計", "市計", "全市", "町合計", "全 体", "市 全体"]
    assert all(is_total(stock(0, "", area)) for area in totals)
    assert is_total(stock(0, "", "高松市", municipality="高松市"))
    areas = ["本町", "時計町", "設計", "数", "高松市", "計画町"]
    assert not any(is_total(stock(0, "", area)) for area in areas if area != "数")
    assert is_subtotal(stock(0, "", "北部計"))
    assert not is_subtotal(stock(0, "", "計画町"))


def test_a_table_counts_its_total_row_or_its_areas() -> None:
    areas = [stock(0, "", "本町", total="10"), stock(0, "", "港町", total="-"), stock(0, "", "北部計", total="10")]
    assert people(areas) == 10
    assert people([*areas, stock(0, "", "合計", total="13")]) == 13


def test_the_pack_has_eighteen_age_classes_of_each_sex() -> None:
    for name in ("population-statistics", "open-data-sets"):
        classes = {sex: ages(find(name), "population", sex) for sex in ("men", "women")}
        assert {sex: len(found) for sex, found in classes.items()} == {"men": 18, "women": 18}
        assert classes["men"][-1] == "men_85_and_over"


def test_the_usual_lag_takes_three_files_and_a_majority() -> None:
    names = ("p_202401.csv", "p_202402.csv", "p_202403.csv", "p_202404.csv")
    right = [stock(file, f"2024-{file + 1:02d}-01") for file in range(4)]
    assert usual_lag(right, context(*names)) == 0
    assert usual_lag(right[:2], context(*names)) is None
    late = [stock(0, "2024-01-01"), stock(1, "2024-01-01"), stock(2, "2024-02-01"), stock(3, "2024-03-01")]
    assert usual_lag(late, context(*names)) == 1
    torn = [stock(0, "2024-01-01"), stock(1, "2024-02-01"), stock(2, "2024-02-01"), stock(3, "2024-03-01")]
    assert usual_lag(torn, context(*names)) is None


def test_a_file_with_several_surveys_has_no_lag() -> None:
    rows = [stock(0, "2024-01-01"), stock(0, "2024-02-01"), stock(1, "2024-03-01")]
    assert lags(rows, context("p_202401.csv", "p_202403.csv")) == {1: 0}
    assert list(series(rows, context("p_202401.csv", "p_202403.csv"))) == [number_of((2024, m)) for m in (1, 2, 3)]


def test_a_series_follows_the_names_where_a_day_was_not_changed() -> None:
    names = ("p_202401.csv", "p_202402.csv", "p_202403.csv", "p_202404.csv")
    rows = [stock(file, day) for file, day in enumerate(["2024-01-01", "2024-02-01", "2024-02-01", "2024-04-01"])]
    assert [month_of(number) for number in series(rows, context(*names))] == [(2024, m) for m in (1, 2, 3, 4)]


def test_two_municipalities_are_two_series() -> None:
    rows = [stock(0, "", local_government_code=code) for code in ("372013", "022063", "372013")]
    assert [len(same) for same in by_body(rows)] == [2, 1]


def test_gaps_are_seen_in_months_and_not_in_quarters() -> None:
    assert gaps([0, 1, 2, 5]) == {5: ["0000-04", "0000-05"]}
    assert gaps([0, 3, 6, 9]) == {}
    assert gaps([0, 3, 6, 12]) == {12: ["0000-10"]}
    assert gaps([0, 4]) == {}


@pytest.mark.parametrize(
    ("three", "is_jump"),
    [
        ((2259, 156, 2277), True),
        ((100, 49, 100), True),
        ((100, 50, 100), False),
        ((100, 201, 100), True),
        ((100, 200, 100), False),
        ((99, 1, 99), False),
        ((100, 1, 112), False),
        ((400, 900, 900), False),
    ],
)
def test_only_what_returns_is_a_jump(three: tuple[int, int, int], is_jump: bool) -> None:
    assert jumps(*three) is is_jump


def test_the_month_of_a_flow_comes_from_the_line_or_from_the_name() -> None:
    flow = Row({"month": "3月"}, 0, 2)
    assert month_of_flow(flow, context("moves_2024.xlsx")) == number_of((2024, 3))
    assert month_of_flow(Row({"year": "2023年", "month": "3"}, 0, 2), context("moves_2024.xlsx")) == number_of(
        (2023, 3)
    )
    assert month_of_flow(flow, context("moves.xlsx")) is None
    assert month_of_flow(Row({"month": "13"}, 0, 2), context("moves_2024.xlsx")) is None


def test_every_entry_has_its_removal_and_both_are_items() -> None:
    items = {item.item for item in find("population-statistics").items_of("moves")}
    assert set(ENTRIES) | set(REMOVALS) <= items
    assert len(set(ENTRIES) | set(REMOVALS)) == 12


def test_a_series_in_a_zip_and_in_three_notations_is_judged_like_any_other(tmp_path: Path) -> None:
    import zipfile

    areas = [("本町", 400, 200), ("港町", 300, 150), ("山町", 200, 90)]
    with zipfile.ZipFile(tmp_path / "2024.zip", "w") as archive:
        for month, day in enumerate(("45292", "2/1/2024", "2024-02-01", "2024年4月1日"), 1):
            lines = [f"{day},{area},{total + month},{households}" for area, total, households in areas]
            archive.writestr(
                f"p_2024{month:02d}.csv",
                "\n".join(["surveyDate,regionName,totalPopulation,numberOfHouseholds", *lines]),
            )
    report = check(Asked((tmp_path,), DAY, DAY))
    found = {
        (sample.code, sample.file, sample.row, sample.column)
        for result in report.results
        for sample in result.samples
        if not sample.code.startswith("FILE-")
    }
    assert found == {
        ("ODS-0014", "2024.zip/p_202401.csv", 2, "surveyDate"),
        ("ODS-0014", "2024.zip/p_202402.csv", 2, "surveyDate"),
        ("ODS-0018", "2024.zip/p_202404.csv", 2, "surveyDate"),
        ("STAT-0005", "2024.zip/p_202403.csv", 2, "surveyDate"),
    }


def test_a_finding_tells_the_figures_that_do_not_fit(tmp_path: Path) -> None:
    heading = "調査年月日,地域名,総人口,男性,女性,世帯数"
    tables = {
        "p_202401.csv": ["2024-01-01,本町,301,100,200,120", "2024-01-01,港町,5,2,3,6"],
        "p_202402.csv": ["2024-02-01,本町,300,100,200,20", "2024-02-01,港町,5,2,3,5"],
        "p_202403.csv": ["2024-02-01,本町,301,100,201,122", "2024-02-01,港町,5,2,3,5"],
    }
    for name, lines in tables.items():
        (tmp_path / name).write_text("\n".join([heading, *lines]), encoding="utf-8")
    report = check(Asked((tmp_path,), DAY, DAY, (find("population-statistics"),)))
    told = {
        (sample.code, sample.file): (sample.row, dict(sample.facts))
        for result in report.results
        for sample in result.samples
        if sample.code.startswith("STAT-")
    }
    assert told == {
        ("STAT-0001", "p_202401.csv"): (2, {"total": 301, "sum": 300}),
        ("STAT-0005", "p_202403.csv"): (2, {"surveyed": "2024-02", "expected": "2024-03"}),
        ("STAT-0010", "p_202401.csv"): (3, {"households": 6, "total": 5}),
        ("STAT-0011", "p_202402.csv"): (2, {"before": 120, "now": 20, "after": 122}),
    }
