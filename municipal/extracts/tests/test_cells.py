"""A cell runs no formula and otherwise says what the register says, to the letter (セルの試験)."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.extracts.answers import Answer, Label, Row
from municipal.extracts.cells import for_spreadsheet, plain, spoken
from municipal.extracts.sources import source_of
from municipal.extracts.writing import written

EXAMPLES = Path(__file__).parent / "examples" / "cells.csv"


def unescaped(text: str) -> str:
    return text.replace("\\t", "\t").replace("\\r", "\r").replace("\\n", "\n")


with EXAMPLES.open(encoding="utf-8", newline="") as _file:
    ROWS = [(unescaped(said), unescaped(cell)) for said, cell in list(csv.reader(_file))[1:]]


def answer(*cells: str) -> Answer:
    return Answer("題", ("氏名", "=見出し"), iter([Row(cells)]), ("name",))


@pytest.mark.clause("resident-record/1.0#10.1/m18")
@pytest.mark.parametrize(("said", "cell"), ROWS)
def test_a_cell_runs_no_formula_and_keeps_its_letters(said: str, cell: str) -> None:
    assert for_spreadsheet(said) == cell


@pytest.mark.clause("resident-record/1.0#10.1/m14", "resident-record/1.0#10.1/m18")
@pytest.mark.parametrize(("said", "cell"), ROWS)
def test_a_csv_file_says_so_too(said: str, cell: str) -> None:
    content = b"".join(written(answer(said, "x"), "csv")).decode("utf-8-sig")
    heading, row = list(csv.reader(io.StringIO(content, newline="")))
    assert heading == ["氏名", "'=見出し"]
    assert row == [cell, "x"]


@pytest.mark.clause("resident-record/1.0#10.1/m14")
@pytest.mark.parametrize(("said", "cell"), ROWS)
def test_xml_says_it_to_the_letter_because_nothing_in_it_runs(said: str, cell: str) -> None:
    found = ElementTree.fromstring(b"".join(written(answer(said, "x"), "xml")))
    assert [item.text or "" for item in found[0]] == [said.replace("\r", "\r"), "x"]
    assert [item.get("name") for item in found[0]] == ["氏名", "=見出し"]


def test_what_xml_cannot_hold_is_marked() -> None:
    content = b"".join(written(answer('a\x00\x1b<b>&"', "\ufffe"), "xml"))
    assert [item.text for item in ElementTree.fromstring(content)[0]] == ['a\ufffd\ufffd<b>&"', "\ufffd"]


def test_text_has_one_line_to_a_row_whatever_stands_in_a_cell() -> None:
    content = b"".join(written(answer("改\r\n行\tタブ", "=1"), "txt")).decode()
    assert content == "氏名\t'=見出し\r\n改  行 タブ\t'=1\r\n"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""), (True, "1"), (False, "0"), (3, "3"), (Decimal("1.500000"), "1.5"), (Decimal("7.000000"), "7"),
        (Decimal("0.33333333333333333333"), "0.333333"), (Decimal("100"), "100"), (date(2026, 5, 1), "2026-05-01"),
        (datetime(2026, 5, 1, 9, 30, tzinfo=clock.TOKYO), "2026-05-01 09:30:00+09:00"),
        (RegisterDate(1999, 2, 29), "1999-02-29"), (RegisterDate.entered("昭和25年 月日不詳"), ""), ("甲", "甲"),
    ],
)  # fmt: skip
def test_values_are_written_as_the_registers_files_write_them(value: Any, said: str) -> None:
    assert plain(value) == said


def test_people_read_era_dates_and_names_of_codes() -> None:
    sex = source_of("residents").item("性別")
    assert (spoken("1", sex), spoken("x", sex), spoken(None, None), spoken(True, None)) == ("男", "x", "", "有")
    assert spoken(RegisterDate(2026, 5, 1), None) == "令和8年5月1日"
    assert spoken(date(2026, 5, 1), None) == "令和8年5月1日"
    assert "昭和25年" in spoken(RegisterDate.entered("昭和25年 月日不詳"), None)


def test_a_label_says_where_to_and_to_whom() -> None:
    label = Label("9990001", "架空県架空市松町１番地　松荘１号", "甲野　太郎", "0000000019", 1)
    assert label.lines == ("〒999-0001", "架空県架空市松町１番地", "松荘１号", "甲野　太郎　様", "0000000019")
    assert Label("", "松町", "甲", "1", 1).lines[0] == ""
