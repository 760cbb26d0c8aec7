"""English for the Japanese words of official item names; ours, no publisher's (英語名).

The words recur through all businesses: a name is put together from the parts that ``_`` separates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "宛名番号": "addressee number",
        "個人番号": "individual number",
        "氏名": "full name",
        "氏": "family name",
        "名": "given name",
        "日本人": "Japanese national",
        "外国人アルファベット": "foreign national, in Latin letters",
        "外国人ローマ字": "foreign national, in Latin letters",
        "外国人漢字": "foreign national, in kanji",
        "読み仮名": "reading",
        "フリガナ": "reading",
        "フリガナ確認状況": "whether the reading is confirmed",
        "通称": "alias",
        "性別": "sex",
        "生年月日": "date of birth",
        "不詳フラグ": "whether unknown",
        "不詳表記": "words if unknown",
        "住所": "address",
        "市区町村コード": "municipality code",
        "町字コード": "town code",
        "都道府県": "prefecture",
        "市区郡町村名": "municipality",
        "町字": "town",
        "番地号表記": "lot or house number",
        "方書": "building and room",
        "郵便番号": "postal code",
        "国名コード": "country code",
        "国名等": "country",
        "国外住所": "address abroad",
        "指定都市": "designated city",
        "行政区等コード": "code of the ward or district",
        "業務ID": "business ID",
        "独自施策システム等ID": "ID of a system of the municipality's own",
        "代表宛名フラグ": "flag of the representative record",
        "名寄せ元フラグ": "flag of a record merged into another",
        "名寄せ先宛名番号": "addressee number merged into",
        "他業務参照不可フラグ": "whether other businesses may not read it",
        "処理区分": "kind of processing",
        "操作者ID": "operator ID",
        "操作年月日": "day of operation",
        "操作時刻": "time of operation",
        "世帯番号": "household number",
        "続柄": "relationship",
        "異動事由": "reason of the event",
        "異動年月日": "day of the event",
        "備考": "remarks",
        "住登外者宛名基本情報": "basic facts of non-resident addressees",
    }
)
"""Parts of item names (項目名の部分)."""


def english(name_ja: str) -> str:
    """The English of an item name, "" if a part of it is not known (英語名)."""
    parts = [PARTS.get(part, "") for part in name_ja.split("_")]
    said = ", ".join(parts) if all(parts) else ""
    return said[:1].upper() + said[1:]


@dataclass(frozen=True, slots=True)
class Subject:
    """A business whose documents are known to us: how its packs are called (業務)."""

    code: str
    words: str
    id: str
    title_en: str
    publisher_ja: str = ""
    publisher_en: str = ""
    licence: str = "not stated in the document; see the publisher's terms of use"


SUBJECTS = (
    Subject(
        "031",
        "住登外者宛名番号",
        "non-resident-addressee",
        "numbers of non-resident addressees",
        "デジタル庁",
        "Digital Agency",
        "Public Data License 1.0 (Japan), as the terms of use of the agency's site say",
    ),
)
"""Businesses with an English name; any other is called by its code (既知の業務)."""


def subject_of(code: str, title: str) -> Subject:
    """The business of a document, by its code or by the words of its title (業務の特定)."""
    for subject in SUBJECTS:
        if code == subject.code or (not code and subject.words in title):
            return subject
    return Subject(code, "", f"business-{code}" if code else "", f"business {code}" if code else "an unnamed business")
