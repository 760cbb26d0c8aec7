"""Workbooks as ministries lay them out, made for the tests: made-up contents, real shapes (試験用ワークブック)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

GROUPED = [
    "グループ 名称",
    "グループ 主キー",
    "グループ 外部キー",
    "クラス分類 LV1",
    "クラス分類 LV2",
    "クラス分類 LV3",
]
COLUMNS = [
    "データ項目ID",
    "データ項目",
    "データ項目（ローマ字）",
    *GROUPED,
    "データ型",
    "桁数",
    "コード",
    "繰り返し",
    "データ出力条件",
    "項目定義",
    "項目説明",
    "標準仕様書関連箇所",
    "実装類型",
    "サンプル値",
    "備考",
]
"""The headings of an item definition, a group's heading and its column's separated by a blank."""


def row(number: int, name: str, romaji: str, type_: Any, length: Any, **more: Any) -> dict[str, Any]:
    """One item; ``more`` are cells by heading without blanks (項目の行)."""
    return {
        "データ項目ID": ("077", number),
        "データ項目": name,
        "データ項目（ローマ字）": romaji,
        "グループ名称": "犬の登録",
        "データ型": type_,
        "桁数": length,
        "データ出力条件": "任意",
        "項目定義": f"{name}を示すもの",
        **more,
    }


ROWS = (
    row(1, "登録番号", "torokubango", "X", 10, グループ主キー="○", データ出力条件="必須", 実装類型="○"),
    row(2, "犬の名", "inunona", "Ｎ", "２０", サンプル値="ポチ"),
    row(3, "区分", "kubun", 9, 1, コード="002", データ出力条件="必須", 実装類型="○"),
    row(4, "死亡年月日", "shibonengappi", "DATE", 10, 項目説明="・不詳日を許容する"),
    row(
        5,
        "届出日",
        "todokedebi",
        "DATE",
        "10",
        データ出力条件="条件付き必須",
        項目説明="・届出書の日\n※※区分が「死亡」の場合は出力必須",
    ),
    row(6, "体重", "taiju", "9V", "3,1", 繰り返し=999),
    row(7, "自由区分", "jiyukubun", "X", 3, コード=999),
    row(
        8,
        "飼い主の思い",
        "kainushinoomoi",
        "X,Ｎ\n混在",
        100,
        データ出力条件="条件付き必須",
        項目説明="※※飼い主が望む場合は出力必須",
    ),
)
CODES = ((1, "性別", "1", "雄"), ("", "", "2", "雌"), (2, "区分", "0", "生存"), ("", "", "1", "死亡"))


def item_workbook(
    path: Path,
    *,
    columns: Sequence[str] = COLUMNS,
    header_row: int = 5,
    is_merged: bool = True,
    has_end: bool = True,
    codes_first: bool = False,
    code_sheet: str = "コード一覧（個別）_犬",
    title: str = "■犬の登録 項目定義書",
    rows: Sequence[Mapping[str, Any]] = ROWS,
    codes: Sequence[tuple[Any, str, str, str]] = CODES,
) -> Path:
    """Write an item definition with its code list and a cover (項目定義書)."""
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "表紙"
    cover["B3"], cover["B5"] = "犬の登録に関する資料", "第１．２版"
    sheet = book.create_sheet("項目定義書（犬）")
    sheet["B1"] = title
    heading(sheet, columns, header_row, is_merged=is_merged)
    for place, cells in enumerate(rows, header_row + 2):
        write_row(sheet, columns, place, cells)
    if has_end:
        last = sheet.max_column + 1
        for place in range(header_row + 2, header_row + 2 + len(rows)):
            sheet.cell(place, last, "e")
        for column in range(1, last + 1):
            sheet.cell(header_row + 2 + len(rows), column, "e")
    _codes(book.create_sheet(code_sheet, 0 if codes_first else None), codes)
    book.save(path)
    return path


def heading(sheet: Any, columns: Sequence[str], at: int, *, is_merged: bool) -> None:
    """Write the two heading rows (見出しの書込み)."""
    column, previous = 2, ""
    for heading in columns:
        head, _, below = heading.partition(" ")
        width = 2 if heading == "データ項目ID" else 1
        if head != previous:
            sheet.cell(at, column, head)
        if below:
            sheet.cell(at + 1, column, below)
        elif is_merged:
            sheet.merge_cells(f"{get_column_letter(column)}{at}:{get_column_letter(column + width - 1)}{at + 1}")
        column, previous = column + width, head if below else ""


def write_row(sheet: Any, columns: Sequence[str], at: int, cells: Mapping[str, Any]) -> None:
    """Write the cells of one item (項目の書込み)."""
    column = 2
    for heading in columns:
        value = cells.get(heading.replace(" ", ""))
        values = value if isinstance(value, tuple) else (value,)
        for offset, part in enumerate(values):
            sheet.cell(at, column + offset, part)
        column += 2 if heading == "データ項目ID" else 1


def _codes(sheet: Any, codes: Sequence[tuple[Any, str, str, str]]) -> None:
    sheet["A1"], sheet["C1"], sheet["C2"] = "コード一覧表", "業務名", "犬の登録"
    for column, heading in enumerate(["コードID", "コード名", "コード値", "コード値の内容", "備考"], 1):
        sheet.cell(4, column, heading)
    for place, line in enumerate([*codes, (999, "自治体固有コード", "任意", "任意")], 6):
        for column, value in enumerate(line, 1):
            sheet.cell(place, column, value or None)


def api_workbook(path: Path) -> Path:
    """Write an API specification on a fine grid, with formulas that nobody has computed (API仕様)."""
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "表紙"
    cover["G13"], cover["V27"] = "犬の登録番号照会API仕様", "第3.1版"
    overview = book.create_sheet("概要")
    overview["A1"], overview["A2"] = "=表紙!G13", "HTTPメソッドはPOSTとする。TLS1.2以上を採用する。"
    overview["A9"], overview["C9"], overview["AB9"] = "No.", "APIコール名", "概要"
    overview["A10"], overview["C10"], overview["AB10"] = 1, "app/v1/inu", "番号を照会する"
    request = book.create_sheet("リクエスト")
    for cell, text in {"A4": "項番", "E4": "パラメータ名", "AK4": "項目名", "BA4": "項目説明", "BR4": "記述例"}.items():
        request[cell] = text
    for cell, text in {"CV4": "必須", "CY4": "データ型", "DC4": "データ長", "DC5": "桁数", "DK4": "備考"}.items():
        request[cell] = text
    request.merge_cells("A4:D5")
    request.merge_cells("E4:AJ5")
    _parameter(request, 6, "", "kubun", "区分", "処理の区分（0：照会、1：更新）", "◎", "X", 1, '"0"')
    _parameter(request, 7, 1, "torokubango", "登録番号", "犬の番号", "", "X", 10, "”12”", '※※区分"1"の場合は必須')
    request["AX20"] = "迷い込んだ文"
    _answers(book.create_sheet("レスポンス"))
    book.save(path)
    return path


def _parameter(sheet: Any, at: int, number: Any, parameter: str, name: str, said: str, *rest: Any) -> None:
    required, type_, length, sample, *remark = rest
    cells = {"A": number, "E": parameter, "AK": name, "BA": said, "BR": f'=E{at}&"="&DU{at}', "CV": required}
    cells |= {"CY": type_, "DC": length, "DK": "".join(remark), "DU": sample}
    for column, value in cells.items():
        sheet[f"{column}{at}"] = value or None


def _answers(sheet: Any) -> None:
    heading = [
        "項番",
        "レベル",
        "レスポンスオブジェクト名",
        "",
        "",
        "項目名",
        "記述例",
        "必須",
        "データ型",
        "桁数",
        "備考",
    ]
    lines: list[list[Any]] = [
        heading,
        ["■正常系（HTTPステータスコード：200）"],
        [1, 1, "レスポンスオブジェクト", "", "", "", "{", "◎", "構造化", "-"],
        [2, 2, "", "result", "", "結果", '"result": [{', "◎", "配列\n構\n造化", "-"],
        [3, 3, "", "", "bango", "番号", '"bango": "12"', "◎", "X", 10, '"12"固定値'],
        [4, "", "", "", "", "", "}]}", "", "-", "-"],
        ["エラーコード一覧"],
        ["項番", "エラーコード", "エラー名", "エラー内容"],
        [1, "E0001", "必須エラー", "設定されていません。"],
    ]
    for at, line in enumerate(lines, 3):
        for column, value in enumerate(line, 1):
            sheet.cell(at, column, value or None)
