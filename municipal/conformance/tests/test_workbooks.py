"""Official workbooks are read by what their headings say (公式ワークブックの取込み)."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from municipal.conformance import packs
from municipal.conformance.packs import Item
from municipal.conformance.tests.made_workbooks import (
    CODES,
    COLUMNS,
    GROUPED,
    ROWS,
    api_workbook,
    heading,
    item_workbook,
    row,
    write_row,
)
from municipal.conformance.workbooks import Imported, import_workbook


def imported(path: Path, into: Path) -> tuple[Imported, packs.Pack]:
    result = import_workbook(path, into)
    return result, packs.load(result.packs[0])


def meaning(item: Item) -> tuple[Any, ...]:
    """Everything but where it stands."""
    return tuple(getattr(item, name) for name in Item.__slots__ if name != "source")


def shuffled(seed: int) -> list[str]:
    """The columns in another order; those of a group stay together, as a group has one heading."""
    blocks = [[column] for column in COLUMNS if column not in GROUPED] + [GROUPED[:3], GROUPED[3:]]
    random.Random(seed).shuffle(blocks)
    return [column for block in blocks for column in block]


VARIANTS: dict[str, dict[str, Any]] = {
    "the heading one row lower": {"header_row": 6},
    "no end marker": {"has_end": False},
    "an unmerged heading": {"is_merged": False},
    "an unmerged heading without end marker": {"is_merged": False, "has_end": False},
    "code lists first, under another name": {"codes_first": True, "code_sheet": "コード一覧表"},
    "shuffled columns": {"columns": shuffled(1)},
    "columns shuffled otherwise, unmerged": {"columns": shuffled(2), "is_merged": False, "has_end": False},
    "columns shuffled again, lower": {"columns": shuffled(3), "header_row": 9},
    "ids in full width": {"rows": [{**cells, "データ項目ID": ("０７７", f"０{n}")} for n, cells in enumerate(ROWS, 1)]},
    "ids in one cell": {"rows": [{**cells, "データ項目ID": f"0770000{n}"} for n, cells in enumerate(ROWS, 1)]},
    "ids as whole numbers": {"rows": [{**cells, "データ項目ID": 7700000 + n} for n, cells in enumerate(ROWS, 1)]},
    "full-width types and lengths": {
        "rows": [
            {**cells, "データ型": str(cells["データ型"]).replace("X", "Ｘ").replace("DATE", "ＤＡＴＥ")}
            for cells in ROWS
        ]
    },
    "code ids as text": {"codes": [(f"00{code[0]}" if code[0] else "", *code[1:]) for code in CODES]},
}


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS.keys())
def test_the_layout_does_not_matter(variant: dict[str, Any], tmp_path: Path) -> None:
    _, plain = imported(item_workbook(tmp_path / "a.xlsx"), tmp_path / "a")
    result, other = imported(item_workbook(tmp_path / "b.xlsx", **variant), tmp_path / "b")
    assert [meaning(item) for item in other.items] == [meaning(item) for item in plain.items]
    assert {name: [(v.code, v.name_ja) for v in values] for name, values in other.codes.items()} == {
        "1": [("1", "雄"), ("2", "雌")],
        "2": [("0", "生存"), ("1", "死亡")],
    }
    assert result.unplaced == []
    assert other.tables["犬の登録"].key == ("07700001",)


def test_every_fact_of_an_item_is_read(tmp_path: Path) -> None:
    result, pack = imported(item_workbook(tmp_path / "inu.xlsx"), tmp_path)
    assert (pack.name, pack.title_ja, pack.kind, pack.is_closed) == (
        "business-077@1.2",
        "犬の登録 項目定義書",
        "register",
        False,
    )
    items = {item.name_ja: item for item in pack.items}
    assert (items["登録番号"].item, items["登録番号"].presence, items["登録番号"].column) == (
        "07700001",
        "required",
        "must",
    )
    assert (items["犬の名"].type, items["犬の名"].max_length, items["犬の名"].aliases) == ("N", 20, ("inunona",))
    assert (items["区分"].type, items["区分"].codes) == ("9", "2")
    assert items["死亡年月日"].may_be_unknown
    assert items["届出日"].condition == "区分=1"
    assert (items["体重"].max_length, items["体重"].decimals) == (4, 1)
    assert "999" in items["体重"].note
    assert (items["自由区分"].codes, "地方公共団体" in items["自由区分"].note) == ("", True)
    assert (items["飼い主の思い"].type, items["飼い主の思い"].condition) == ("XN", "")
    assert "cannot tell" in items["飼い主の思い"].note
    assert items["犬の名"].source == "項目定義書（犬）!8"
    assert result.counts["business-077@1.2/items.csv"] == 8


def test_tables_of_several_sheets_and_repeated_headings_become_one_pack(tmp_path: Path) -> None:
    path = item_workbook(tmp_path / "inu.xlsx", has_end=False)
    book = openpyxl.load_workbook(path)
    sheet = book["項目定義書（犬）"]
    _repeat_heading(sheet, 20, row(9, "首輪", "kubiwa", "X", 5, コード="犬の連携_03", グループ名称="犬の持ち物"))
    _repeat_heading(book.create_sheet("項目定義書（猫）"), 4, row(10, "鈴", "suzu", "X", 5, グループ名称="猫"))
    linked = book.create_sheet("コード一覧（連携）")
    for place, line in enumerate(
        (["業務名", "コードID", "コード名", "コード値", "コード値の内容"], ["犬の連携", "03", "革", "1", "茶"]), 3
    ):
        for column, text in enumerate(line, 1):
            linked.cell(place, column, text)
    book.save(path)
    result, pack = imported(path, tmp_path)
    assert result.unplaced == []
    assert [(i.table, i.name_ja, i.source) for i in pack.items[8:]] == [
        ("犬の持ち物", "首輪", "項目定義書（犬）!22"),
        ("猫", "鈴", "項目定義書（猫）!6"),
    ]
    assert [value.name_ja for value in pack.codes[pack.items[8].codes]] == ["茶"]
    assert list(pack.tables) == ["犬の登録", "犬の持ち物", "猫"]


def _repeat_heading(sheet: Any, at: int, cells: dict[str, Any]) -> None:
    heading(sheet, COLUMNS, at, is_merged=True)
    write_row(sheet, COLUMNS, at + 2, cells)


def test_conditions_are_kept_in_words(tmp_path: Path) -> None:
    _, pack = imported(item_workbook(tmp_path / "inu.xlsx"), tmp_path)
    assert [(r["item"], r["text"], r["condition"]) for r in pack.rows("conditions.csv")] == [
        ("07700005", "区分が「死亡」の場合は出力必須", "区分=1"),
        ("07700008", "飼い主が望む場合は出力必須", ""),
    ]


def test_rows_behind_the_print_area_are_read_and_the_area_is_kept(tmp_path: Path) -> None:
    path = item_workbook(tmp_path / "inu.xlsx")
    book = openpyxl.load_workbook(path)
    book["項目定義書（犬）"].print_area = "A1:V9"
    book.save(path)
    _, pack = imported(path, tmp_path)
    assert len(pack.items) == len(ROWS)
    sheet = next(sheet for sheet in pack.source["sheets"] if sheet["name"] == "項目定義書（犬）")
    assert (sheet["print_area"], sheet["rows"]) == ("A1:V9", 14)


def test_what_has_no_place_is_listed_and_nothing_is_dropped(tmp_path: Path) -> None:
    path = item_workbook(tmp_path / "inu.xlsx", columns=[*COLUMNS, "知らない列"], has_end=False)
    book = openpyxl.load_workbook(path)
    sheet = book["項目定義書（犬）"]
    sheet["W8"] = "見出しを知らない値"
    sheet["AZ3"], sheet["AZ9"] = "表の上", "表の外"
    sheet["C8"].comment = openpyxl.comments.Comment("付せんの文", "someone")
    sheet["L20"] = "名のない行"
    book.create_sheet("図")["B2"] = "図の説明"
    book.save(path)
    result, pack = imported(path, tmp_path)
    assert result.unplaced == [
        ("項目定義書（犬）", "W8", "見出しを知らない値"),
        ("項目定義書（犬）", "AZ9", "表の外"),
        ("項目定義書（犬）", "L20", "名のない行"),
        ("項目定義書（犬）", "C8 (comment)", "付せんの文"),
        ("図", "B2", "図の説明"),
    ]
    assert [(r["sheet"], r["cell"], r["text"]) for r in pack.rows("unplaced.csv")] == result.unplaced
    assert "表の上" in [line["text"] for line in pack.rows("notes.csv")]


def test_every_text_of_a_workbook_stands_somewhere_in_the_pack(tmp_path: Path) -> None:
    path = item_workbook(tmp_path / "inu.xlsx")
    result = import_workbook(path, tmp_path)
    files = [file.read_text(encoding="utf-8") for file in result.packs[0].glob("*.csv")]
    written = " ".join(cell for file in files for line in csv.reader(io.StringIO(file, newline="")) for cell in line)
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for line in sheet.iter_rows(min_row=7) for cell in line if cell.value not in (None, "e")):
            assert str(cell.value).strip() in written


def test_unknown_words_are_noted_and_the_pack_still_loads(tmp_path: Path) -> None:
    odd = row(1, "謎", "nazo", "秘密", "沢山", データ出力条件="気分次第", コード="051")
    _, pack = imported(item_workbook(tmp_path / "inu.xlsx", rows=[odd]), tmp_path)
    item = pack.items[0]
    assert (item.type, item.max_length, item.presence, item.codes) == ("XN", None, "optional", "")
    for word in ("秘密", "unknown length", "presence", "code list 51"):
        assert word in item.note


def test_an_item_without_a_number_goes_by_its_field_name(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "データ項目ID": None}, {**ROWS[1], "データ項目ID": None, "データ項目（ローマ字）": None}]
    _, pack = imported(item_workbook(tmp_path / "inu.xlsx", rows=rows), tmp_path)
    assert [item.item for item in pack.items] == ["torokubango", "犬の名"]


def test_the_same_workbook_gives_the_same_bytes(tmp_path: Path) -> None:
    path = item_workbook(tmp_path / "inu.xlsx")
    first, second = (import_workbook(path, tmp_path / name).packs[0] for name in ("a", "b"))
    assert {f.name: f.read_bytes() for f in first.iterdir()} == {f.name: f.read_bytes() for f in second.iterdir()}


def test_an_api_specification_is_read_with_formulas_that_nobody_computed(tmp_path: Path) -> None:
    result, pack = imported(api_workbook(tmp_path / "api.xlsx"), tmp_path)
    assert (pack.name, pack.title_ja) == ("inu-api@3.1", "犬の登録番号照会API仕様")
    assert pack.facts["call"] == {"path": "app/v1/inu", "method": "POST", "tls_at_least": "1.2"}
    lines = list(pack.rows("parameters.csv"))
    assert [(p["number"], p["parameter"], p["required"], p["example"]) for p in lines] == [
        ("", "kubun", "yes", 'kubun="0"'),
        ("1", "torokubango", "", "torokubango=”12”"),
    ]
    assert [(i.table, i.item, i.name_ja, i.presence, i.condition) for i in pack.items] == [
        ("request", "kubun", "区分", "required", ""),
        ("request", "torokubango", "登録番号", "conditional", "区分=1"),
    ]
    assert [(v.code, v.name_ja) for v in pack.codes["kubun"]] == [("0", "照会"), ("1", "更新")]
    assert result.unplaced == [("リクエスト", "AX20", "迷い込んだ文")]


def test_answers_and_errors_are_read_block_by_block(tmp_path: Path) -> None:
    _, pack = imported(api_workbook(tmp_path / "api.xlsx"), tmp_path)
    answers = list(pack.rows("responses.csv"))
    assert [(a["status"], a["path"], a["type"], a["fixed"]) for a in answers] == [
        ("200", "", "object", ""),
        ("200", "result[]", "array", ""),
        ("200", "result[].bango", "X", "12"),
        ("200", "", "", ""),
    ]
    assert [(e["code"], e["text_ja"]) for e in pack.rows("errors.csv")] == [("E0001", "設定されていません。")]


def test_a_text_under_a_merged_cell_is_listed_though_nobody_sees_it(tmp_path: Path) -> None:
    path = item_workbook(tmp_path / "inu.xlsx")
    with zipfile.ZipFile(path) as parts:
        content = {part: parts.read(part) for part in parts.namelist()}
    with zipfile.ZipFile(path, "w") as parts:
        for part, data in content.items():
            parts.writestr(part, re.sub(rb'(<row r="6"[^>]*>)', b'\\1<c r="D6" t="str"><v>\xe9\x9a\xa0</v></c>', data))
    result, pack = imported(path, tmp_path)
    assert result.unplaced == [("項目定義書（犬）", "D6 (under a merged cell)", "隠")]
    assert len(pack.items) == len(ROWS)


def test_an_array_formula_that_nobody_computed_is_kept_as_written(tmp_path: Path) -> None:
    path = item_workbook(tmp_path / "inu.xlsx")
    book = openpyxl.load_workbook(path)
    book["項目定義書（犬）"]["AZ9"] = ArrayFormula("AZ9", "=SUM(C7:C9*2)")
    book["項目定義書（犬）"]["AZ10"] = '="左"&"""右"""&表紙!B5'
    book.save(path)
    texts = [text for _, _, text in imported(path, tmp_path)[0].unplaced]
    assert texts == ["=SUM(C7:C9*2)", '左"右"第１．２版']


def test_a_cell_at_the_end_of_the_world_costs_nothing(tmp_path: Path) -> None:
    path = item_workbook(tmp_path / "inu.xlsx")
    book = openpyxl.load_workbook(path)
    book["項目定義書（犬）"]["XFD1048576"] = "果て"
    book.save(path)
    result, pack = imported(path, tmp_path)
    assert result.unplaced == [("項目定義書（犬）", "XFD1048576", "果て")]
    assert len(pack.items) == len(ROWS)
