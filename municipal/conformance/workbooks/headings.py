"""The headings of official tables and what stands below them (見出しの語彙).

A table is known by a few headings that stand in one row, wherever that row and its columns are.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from municipal.conformance.workbooks.sheets import plain

_WRITTEN = {
    "number": "項番 No. No NO. 番号",
    "id": "データ項目ID データ項目ＩＤ 項目ID",
    "name": "データ項目 データ項目名 データ項目名称",
    "romaji": "データ項目（ローマ字） データ項目(ローマ字) データ項目名（ローマ字）",
    "group": "グループ_名称 グループ グループ名 グループ名称",
    "key": "グループ_主キー 主キー",
    "reference": "グループ_外部キー 外部キー",
    "class1": "クラス分類_LV1",
    "class2": "クラス分類_LV2",
    "class3": "クラス分類_LV3",
    "type": "データ型",
    "length": "桁数 データ長 データ長_桁数 最大桁数",
    "code": "コード",
    "repeats": "繰り返し 繰返し",
    "presence": "データ出力条件 出力条件",
    "definition": "項目定義",
    "description": "項目説明",
    "requirement": "標準仕様書関連箇所",
    "column": "実装類型",
    "sample": "サンプル値 記述例",
    "remark": "備考",
    "parameter": "パラメータ名 パラメーター名",
    "title": "項目名",
    "required": "必須",
    "search": "検索方法",
    "level": "レベル",
    "object": "レスポンスオブジェクト名 レスポンスオブジェクト名_階層",
    "nullable": "null設定有無",
    "error": "エラーコード",
    "error_name": "エラー名",
    "error_text": "エラー内容",
    "call": "APIコール名",
    "operation": "操作種類",
    "summary": "概要",
    "meaning": "記載内容 データ型の内容",
    "list": "コードID コードＩＤ",
    "list_name": "コード名 コード名称",
    "business": "業務名",
    "code_value": "コード値",
    "code_name": "コード値の内容 コード値内容 内容",
}

MEANINGS: Mapping[str, str] = MappingProxyType(
    {plain(heading): meaning for meaning, headings in _WRITTEN.items() for heading in headings.split()}
)
"""What is meant by a heading in plain form; one below a group of columns is ``group_heading`` (見出しの意味)."""

KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "items": frozenset({"name", "type", "length"}),
        "parameters": frozenset({"parameter", "type"}),
        "responses": frozenset({"object", "type"}),
        "errors": frozenset({"error", "error_text"}),
        "codes": frozenset({"list", "code_value"}),
        "calls": frozenset({"call", "summary"}),
        "types": frozenset({"type", "meaning"}),
        "columns": frozenset({"title", "meaning"}),
    }
)
"""The kinds of tables and the headings by which each is recognised, first match first (表の種類)."""

IDENTITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "items": ("name",),
        "parameters": ("parameter",),
        "responses": ("object", "sample"),
        "errors": ("error",),
        "codes": ("list", "code_value"),
        "calls": ("call",),
        "types": ("type",),
        "columns": ("title",),
    }
)
"""What a row must say to be one: a row with none of these is not placed (行の同定)."""

SUBHEADINGS = frozenset(map(plain, ["名称", "主キー", "外部キー", "LV1", "LV2", "LV3", "桁数", "階層"]))
"""Headings of a second row (二段目の見出し)."""

SPREADING = frozenset({"id", "object"})
"""Values that spread over the columns to the right, which then have no heading of their own (複数列にわたる値)."""


def kind_of(headings: frozenset[str]) -> str:
    """The kind of table whose heading row holds these meanings, "" if none (表の種類の判定)."""
    return next((kind for kind, needed in KINDS.items() if needed <= headings), "")
