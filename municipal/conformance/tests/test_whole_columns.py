"""One cause in a whole column of a table for the public is one finding (列全体の指摘)."""

from datetime import date
from pathlib import Path

import pytest

from municipal.conformance.engine import Asked, check
from municipal.conformance.packs import find

DAY = date(2026, 11, 23)
PACK = find("open-data-sets@2021")


def whole_columns(folder: Path, *, is_plain: bool, cap: int = 1_000) -> list[tuple[str, int, str, int, object]]:
    report = check(Asked((folder,), DAY, DAY, (PACK,), is_plain=is_plain, cap=cap))
    return [
        (result.code, sample.row, sample.column, result.count, sample.facts.get("count"))
        for result in report.results
        if result.code in ("ITEM-0001", "ITEM-0005", "ITEM-0007")
        for sample in result.samples
    ]


@pytest.mark.parametrize("is_plain", [False, True])
@pytest.mark.parametrize("cap", [1, 1_000])
def test_what_is_wrong_in_a_whole_column_is_told_once_with_the_number(tmp_path: Path, is_plain: bool, cap: int) -> None:
    lines = ["名称,名称_カナ,住所,種別,緯度", *(f"園{n},,港町{n},保育,北緯{n}" for n in range(20))]
    (tmp_path / "preschool.csv").write_text("\n".join(lines), encoding="utf-8")
    assert whole_columns(tmp_path, is_plain=is_plain, cap=cap) == [
        ("ITEM-0001", 2, "名称_カナ", 1, 20),
        ("ITEM-0005", 2, "緯度", 1, 20),
        ("ITEM-0007", 2, "種別", 1, 20),
    ]


@pytest.mark.parametrize("is_plain", [False, True])
def test_one_right_cell_and_every_wrong_one_is_told(tmp_path: Path, is_plain: bool) -> None:
    lines = ["名称,名称_カナ,住所,緯度", "一,イチ,港町1,35", "二,,港町2,北", "三,,港町3,南"]
    (tmp_path / "preschool.csv").write_text("\n".join(lines), encoding="utf-8")
    assert whole_columns(tmp_path, is_plain=is_plain) == [
        ("ITEM-0001", 3, "名称_カナ", 2, 1),
        ("ITEM-0001", 4, "名称_カナ", 2, 1),
        ("ITEM-0005", 3, "緯度", 2, 1),
        ("ITEM-0005", 4, "緯度", 2, 1),
    ]


@pytest.mark.parametrize("is_plain", [False, True])
def test_a_column_of_one_file_says_nothing_of_the_same_column_of_another(tmp_path: Path, is_plain: bool) -> None:
    head = "名称,名称_カナ,住所"
    (tmp_path / "a_preschool.csv").write_text(f"{head}\n一,,港町1\n二,,港町2", encoding="utf-8")
    (tmp_path / "b_preschool.csv").write_text(f"{head}\n一,,港町1\n二,ニ,港町2", encoding="utf-8")
    assert whole_columns(tmp_path, is_plain=is_plain) == [
        ("ITEM-0001", 2, "名称_カナ", 2, 2),
        ("ITEM-0001", 2, "名称_カナ", 2, 1),
    ]


def test_a_register_tells_every_row(tmp_path: Path) -> None:
    pack = find("resident-record-data")
    items = [item for item in pack.items_of("residents") if item.presence == "required"][:3]
    lines = [",".join(item.name_ja for item in items), *[",".join(["1"] * (len(items) - 1) + [""])] * 3]
    (tmp_path / "residents.csv").write_text("\n".join(lines), encoding="utf-8")
    report = check(Asked((tmp_path,), DAY, DAY, (pack,), only=frozenset({"ITEM-0001"})))
    assert [sample.row for result in report.results for sample in result.samples] == [2, 3, 4]
