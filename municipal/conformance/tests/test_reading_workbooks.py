"""Sheets of workbooks become tables of texts (Excelブックの読取り)."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from municipal.conformance.reading import TableFile, Unreadable, read, workbook

KNOWN = frozenset({"番号", "氏名", "備考", "団体コード"})
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(folder: Path, **sheets: list[Any]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / "x.xlsx"
    book.save(path)
    return path


def tables(path: Path) -> list[TableFile | Unreadable]:
    return list(read([path], KNOWN))


def rows(file: TableFile | Unreadable) -> list[tuple[Any, ...]]:
    assert isinstance(file, TableFile)
    return [row for frame in file.batches() for row in frame.rows()]


def rewritten(path: Path, part: str, old: str, new: str) -> Path:
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("甲", "甲"),
        (37201, "37201"),
        (37201.0, "37201"),
        (120000000000.0, "120000000000"),
        (0.1 + 0.2, "0.3"),
        (134.056789, "134.056789"),
        (-5, "-5"),
        (True, "1"),
        (False, "0"),
        (datetime.fromisoformat("2024-05-01T00:00"), "2024-05-01"),
        (datetime.fromisoformat("2024-05-01T09:30"), "2024-05-01T09:30:00"),
        (date(2024, 5, 1), "2024-05-01"),
        (time(9, 30), "09:30:00"),
        (45292, "45292"),
        (None, ""),
    ],
)
def test_a_cell_becomes_the_text_a_csv_file_would_hold(value: object, text: str, tmp_path: Path) -> None:
    (file,) = tables(saved(tmp_path, 表=[["番号", "氏名"], [1, "甲"], ["x", value]]))
    assert rows(file)[1] == (3, "x", text)


def test_zeros_that_a_format_shows_are_kept(tmp_path: Path) -> None:
    path = saved(tmp_path, 表=[["団体コード", "氏名"], [37201, "甲"]])
    book = openpyxl.load_workbook(path)
    book["表"]["A2"].number_format = "000000"
    book.save(path)
    (file,) = tables(path)
    assert rows(file) == [(2, "037201", "甲")]


def test_a_sheet_is_a_table_with_its_own_name_and_heading(tmp_path: Path) -> None:
    first = [["#LINK"], ["#license", "http://example.jp/"], ["番号", "氏名"], [1, "甲"]]
    path = saved(tmp_path, 住民=first, 世帯=[["番号", "備考"], [2, None]], 記入要領=[["この表は"], ["印刷しないこと"]])
    people, homes, notes = tables(path)
    assert isinstance(people, TableFile)
    assert (people.name, people.header_row, people.columns, people.kind) == ("x.xlsx#住民", 3, ("番号", "氏名"), "xlsx")
    assert rows(homes) == [(2, "2", "")]
    assert isinstance(notes, Unreadable)
    assert (notes.name, notes.oddity.kind) == ("x.xlsx#記入要領", "not_a_table")


def test_a_hidden_sheet_is_left_out_and_said_so(tmp_path: Path) -> None:
    path = saved(tmp_path, 表=[["番号", "氏名"], [1, "甲"]], 一覧=[["番号", "氏名"], [9, "乙"]])
    book = openpyxl.load_workbook(path)
    book["一覧"].sheet_state = "hidden"
    book.save(path)
    _, hidden = tables(path)
    assert isinstance(hidden, Unreadable)
    assert hidden.oddity.kind == "skipped_hidden"


def test_blank_rows_notes_beside_the_table_and_errors_are_told(tmp_path: Path) -> None:
    content = [
        ["番号", "氏名"],
        [1, "甲"],
        [],
        [2, "#REF!"],
        [3, "丙", "要確認"],
        ["番号", "氏名"],
        [4, "丁"],
        [None],
        [],
    ]
    (file,) = tables(saved(tmp_path, 表=content))
    assert [row[0] for row in rows(file)] == [2, 4, 5, 7]
    told = sorted((oddity.kind, oddity.row, oddity.column) for oddity in file.oddities)
    assert told == [("blank_row", 3, ""), ("error_cell", 4, "氏名"), ("long_row", 5, ""), ("repeated_heading", 6, "")]


def test_only_a_heading_is_no_data(tmp_path: Path) -> None:
    (file,) = tables(saved(tmp_path, 表=[["番号", "氏名"]]))
    assert rows(file) == []
    assert [oddity.kind for oddity in file.oddities] == ["no_rows"]


def test_an_empty_workbook_is_an_empty_file(tmp_path: Path) -> None:
    (file,) = tables(saved(tmp_path, 表=[]))
    assert isinstance(file, Unreadable)
    assert file.oddity.kind == "empty_file"


def test_a_claim_of_a_huge_sheet_costs_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path, 表=[["番号", "氏名"], [1, "甲"]])
    rewritten(path, "xl/worksheets/sheet1.xml", 'ref="A1:B2"', 'ref="A1:XFD1048576"')
    (file,) = tables(path)
    assert rows(file) == [(2, "1", "甲")]


def test_a_row_beyond_the_last_possible_one_is_a_broken_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 1000)
    path = saved(tmp_path, 表=[["番号", "氏名"], [1, "甲"], [2, "乙"]])
    rewritten(path, "xl/worksheets/sheet1.xml", '<row r="3">', '<row r="4000000000">')
    (file,) = tables(path)
    rows(file)
    assert [oddity.kind for oddity in file.oddities] == ["broken_file"]


def test_more_columns_than_the_limit_are_refused(tmp_path: Path) -> None:
    (file,) = tables(saved(tmp_path, 表=[["番号", *(f"列{number}" for number in range(5001))]]))
    assert isinstance(file, Unreadable)
    assert file.oddity.kind == "beyond_limits"


def test_xml_that_declares_entities_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, 表=[["番号", "氏名"], [1, "甲"]])
    rewritten(path, "xl/workbook.xml", "<workbook", '<!DOCTYPE x [<!ENTITY a "b">]><workbook')
    (file,) = tables(path)
    assert isinstance(file, Unreadable)
    assert (file.oddity.kind, file.oddity.facts["seen"]) == ("broken_file", "DOCTYPE")


def test_xml_that_breaks_off_is_a_broken_file(tmp_path: Path) -> None:
    path = saved(tmp_path, 表=[["番号", "氏名"], [1, "甲"]])
    rewritten(path, "xl/worksheets/sheet1.xml", "</sheetData>", "")
    found = tables(path)
    assert [
        oddity.kind for file in found for _ in [isinstance(file, TableFile) and rows(file)] for oddity in file.oddities
    ] == ["broken_file"]
