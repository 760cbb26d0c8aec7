"""Files of real municipalities are read as people see them (実在の自治体のファイル)."""

import os
from pathlib import Path

import pytest

from municipal.conformance.reading import TableFile, read

KNOWN = frozenset(
    {"#property", "month", "prefCode", "regionName", "surveyDate", "市区町村コード", "NO", "名称", "住所"}
)


def data(name: str) -> Path:
    folder = os.environ.get("KIJUN_REFERENCE")
    if not folder:
        pytest.skip("reference material not at hand")
    return Path(folder) / "data" / name


def tables(name: str) -> dict[str, TableFile]:
    return {file.name: file for file in read([data(name)], KNOWN) if isinstance(file, TableFile)}


def test_the_population_of_takamatsu_is_read_for_every_month() -> None:
    months = tables("takamatsu/population")
    assert len(months) == 24
    for file in months.values():
        assert (file.header_row, len(file.columns)) == (1, 49)
        assert [frame.height for frame in file.batches()] == [235]
        assert file.oddities == []


def test_two_months_of_takamatsu_are_the_same_file() -> None:
    months = tables("takamatsu/population")
    assert months["0066_202405.xlsx#Sheet0"].sha256 == months["0066_202406.xlsx#Sheet0"].sha256


def test_the_heading_of_the_moves_stands_below_the_licence_and_above_the_types() -> None:
    file = tables("takamatsu/moves")["0092_2025 .xlsx#Sheet0"]
    (frame,) = file.batches()
    assert (file.header_row, file.columns[:2]) == (7, ("#property", "month"))
    assert frame["_row"].to_list() == list(range(10, 22))
    assert frame["c1"].to_list() == [str(month) for month in range(1, 13)]
    assert [(oddity.kind, oddity.row) for oddity in file.oddities] == [("comment_row", 8)]


def test_dates_and_numbers_of_takamatsu_are_what_the_cells_hold() -> None:
    months = tables("takamatsu/population")
    for name, survey_date in (("0066_202403", "3/1/2024"), ("0066_202409", "2024-09-01")):
        (frame,) = months[f"{name}.xlsx#Sheet0"].batches()
        assert frame.row(0)[:7] == (2, "1", "37201", "", "香川県", "高松市", survey_date)


def test_the_lists_of_towada_are_read_whole() -> None:
    lists = tables("towada")
    rows = {name: sum(frame.height for frame in file.batches()) for name, file in lists.items()}
    assert rows["022063_aed.json"] == 56
    assert rows["022063_evacuation_space.json"] == 55
    assert len(rows) == 9
    assert all(file.oddities == [] for file in lists.values())
