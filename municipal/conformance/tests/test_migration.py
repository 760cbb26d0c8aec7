"""What a migration lost is found, and what it kept is not told (移行の点検の試験)."""

import json
from pathlib import Path

import pytest

from municipal.conformance.commands import main as conform
from municipal.conformance.migration import compare, losses

HEADING = "宛名番号,世帯番号,氏名,生年月日,生年月日_不詳フラグ,生年月日_不詳表記,性別,通称"
BEFORE = (
    "1,10,甲野　一,1950-01-01,0,,1,", "2,10,甲野　二,1951-02-02,0,,2,ジロ", "3,11,乙川　三,,1,年月日不詳,1,",
    "4,12,丙山　四,1990-05-05,0,,2,",
)  # fmt: skip


def folder(path: Path, rows: tuple[str, ...], heading: str = HEADING) -> Path:
    path.mkdir()
    (path / "residents.csv").write_text("\n".join((heading, *rows)) + "\n", encoding="utf-8")
    return path


def found(tmp_path: Path, after: tuple[str, ...], heading: str = HEADING) -> set[tuple[str, str, int, int, bool]]:
    told = compare(folder(tmp_path / "before", BEFORE), folder(tmp_path / "after", after, heading))
    return {(one.kind, one.column, one.before, one.after, one.is_loss) for one in told}


def test_the_same_rows_in_another_order_lost_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, BEFORE[::-1]) == set()


def test_people_who_did_not_arrive_are_told_and_new_ones_only_mentioned(tmp_path: Path) -> None:
    told = found(tmp_path, (*BEFORE[:3], "9,12,丁谷　五,1990-05-05,0,,2,"))
    assert told == {("lost_rows", "", 4, 4, True), ("new_rows", "", 4, 4, False)}


def test_a_column_without_a_target_is_told_with_how_many_cells_it_held(tmp_path: Path) -> None:
    rows = tuple(row.rpartition(",")[0] for row in BEFORE)
    assert found(tmp_path, rows, HEADING.rpartition(",")[0]) == {("no_target", "通称", 1, 0, True)}


def test_a_column_that_nobody_knows_is_told(tmp_path: Path) -> None:
    before = folder(tmp_path / "b", tuple(f"{row},x" for row in BEFORE), f"{HEADING},届出日の別")
    told = compare(before, folder(tmp_path / "a", BEFORE))
    assert [(one.kind, one.column, one.before) for one in told] == [("no_target", "届出日の別", 4)]


def test_an_item_that_became_empty_is_told(tmp_path: Path) -> None:
    after = (BEFORE[0], BEFORE[1].replace("ジロ", ""), *BEFORE[2:])
    assert found(tmp_path, after) == {("emptied", "通称", 1, 0, True)}


def test_days_that_became_unknown_are_told_and_days_that_became_known_are_no_loss(tmp_path: Path) -> None:
    after = (BEFORE[0].replace("1950-01-01,0,", ",1,年月日不詳"), *BEFORE[1:])
    assert ("unknown", "生年月日", 1, 2, True) in found(tmp_path, after)
    known = (*BEFORE[:2], "3,11,乙川　三,1900-01-01,0,,1,", BEFORE[3])
    told = compare(tmp_path / "before", folder(tmp_path / "known", known))
    assert ("unknown", False) in {(one.kind, one.is_loss) for one in told}


def test_counts_by_code_are_compared(tmp_path: Path) -> None:
    after = (BEFORE[0].replace(",1,", ",2,"), *BEFORE[1:])
    assert found(tmp_path, after) == {("codes", "性別", 2, 1, True), ("codes", "性別", 2, 3, True)}


@pytest.mark.parametrize("format", ["text", "json", "html"])
def test_the_command_reports_and_names_nobody(format: str, tmp_path: Path) -> None:
    before = folder(tmp_path / "before", BEFORE)
    after, report = folder(tmp_path / "after", BEFORE[:3]), tmp_path / "report"
    assert conform(["lint-migration", str(before), str(after), "--format", format, "--output", str(report)]) == 1
    said = report.read_text(encoding="utf-8")
    assert "residents" in said
    assert "丙山" not in said
    if format == "json":
        assert json.loads(said)["losses"] == losses(compare(before, after))


def test_where_nothing_was_lost_it_ends_with_zero(tmp_path: Path) -> None:
    before, after = folder(tmp_path / "b", BEFORE), folder(tmp_path / "a", BEFORE)
    assert conform(["lint-migration", str(before), str(after)]) == 0


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert conform(["lint-migration", str(tmp_path / "x"), str(tmp_path / "y")]) == 64
