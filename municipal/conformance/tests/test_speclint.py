"""Contradictions in specifications are found by general rules (仕様の矛盾)."""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from municipal.conformance import packs
from municipal.conformance.packs import Pack
from municipal.conformance.speclint import Contradiction, lint
from municipal.conformance.speclint.spec import likeness
from municipal.conformance.tests.made_packs import cells, item, made_pack
from municipal.conformance.tests.made_workbooks import ROWS, item_workbook
from municipal.conformance.workbooks import import_workbook
from municipal.core.codes import STANDARDS

OFFICIAL = [
    STANDARDS / "non-resident-addressee" / "2023-09-21",
    STANDARDS / "non-resident-addressee-api" / "2.0",
]


def found(*some: Pack, code: str) -> list[Contradiction]:
    return [contradiction for contradiction in lint(some) if contradiction.code == code]


@pytest.fixture(scope="module")
def official() -> list[Contradiction]:
    return lint([packs.load(folder) for folder in OFFICIAL])


@pytest.mark.parametrize(
    ("code", "words", "places"),
    [
        ("SPEC-0102", "処理区分、宛名番号", 2),
        ("SPEC-0104", "住所_国名コード、住所_国名等、住所_国外住所", 3),
        ("SPEC-0108", "名寄せ元フラグ", 1),
        ("SPEC-0109", "生年月日_不詳フラグ", 1),
        ("SPEC-0110", "代表宛名フラグ", 1),
        ("SPEC-0112", "「002」", 2),
        ("SPEC-0113", "配列構造化", 2),
        ("SPEC-0113", "X,N混在", 1),
        ("SPEC-0114", "基本データリスト", 1),
        ("SPEC-0115", "印刷範囲は32行までですが、データは35行", 1),
        ("SPEC-0117", "応答 200", 1),
        ("SPEC-0117", "応答 400", 1),
        ("SPEC-0118", "引用符", 3),
        ("SPEC-0120", "dokujishisakushisutemunadoid、dokujishisakushisutemutoid", 2),
        ("SPEC-0121", "「日本町字マスターデータセット」「町字マスターデータセット」", 2),
        ("SPEC-0201", "住所_町字」の桁数が異なります（18 と 120）", 2),
        ("SPEC-0202", "代表宛名フラグ / 名寄せ元フラグ", 2),
        ("SPEC-0205", "0 代表宛名、1 非代表宛名 と 0 該当なし、1 名寄せ元宛名", 2),
        ("SPEC-0206", "「氏名_読み仮名」と「氏名_フリガナ」", 2),
        ("SPEC-0206", "「氏名_外国人アルファベット」と「氏名_外国人ローマ字」", 2),
        ("SPEC-0206", "「代表宛名フラグ」と「名寄せ元フラグ」", 2),
        ("SPEC-0207", "通称、通称_フリガナ、通称_フリガナ確認状況、生年月日_不詳フラグ", 11),
        ("SPEC-0209", "2023-09-21", 2),
    ],
)
def test_what_the_official_documents_contradict_is_found(
    code: str, words: str, places: int, official: list[Contradiction]
) -> None:
    matching = [c for c in official if c.code == code and words in c.ja]
    assert [len(c.places) for c in matching] == [places]


def test_nothing_else_is_said_of_the_official_documents(official: list[Contradiction]) -> None:
    expected = {"SPEC-0102": 1, "SPEC-0104": 1, "SPEC-0108": 1, "SPEC-0109": 1, "SPEC-0110": 1, "SPEC-0112": 1}
    expected |= {"SPEC-0113": 3, "SPEC-0114": 1, "SPEC-0115": 1, "SPEC-0116": 2, "SPEC-0117": 2, "SPEC-0118": 1}
    expected |= {"SPEC-0120": 1, "SPEC-0121": 2, "SPEC-0201": 1, "SPEC-0202": 1, "SPEC-0203": 4, "SPEC-0204": 1}
    expected |= {"SPEC-0205": 1, "SPEC-0206": 5, "SPEC-0207": 1, "SPEC-0209": 1}
    assert Counter(c.code for c in official) == expected


def test_the_order_of_documents_does_not_change_how_much_is_found(official: list[Contradiction]) -> None:
    other = lint([packs.load(folder) for folder in reversed(OFFICIAL)])
    assert Counter(c.code for c in other) == Counter(c.code for c in official)


def test_both_languages_say_something_and_every_place_names_its_pack(official: list[Contradiction]) -> None:
    for contradiction in official:
        assert contradiction.ja.endswith("。")
        assert contradiction.en.endswith(".")
        assert all(place.startswith("non-resident-addressee") for place in contradiction.places)


def test_a_clean_definition_contradicts_nothing(tmp_path: Path) -> None:
    rows = [{**cells, "データ型": "X"} if cells["データ型"] == "X,Ｎ\n混在" else dict(cells) for cells in ROWS]
    rows[2]["コード"] = 2
    rows[3]["項目説明"] = ""
    rows[7]["項目定義"] = "登録の際に聞き取った事柄"
    path = item_workbook(tmp_path / "inu.xlsx", rows=rows)
    assert lint([packs.load(import_workbook(path, tmp_path).packs[0])]) == []


@pytest.mark.parametrize(
    ("code", "bad", "good"),
    [
        ("SPEC-0101", [item("甲", aliases="kou"), item("乙", aliases="kou")], [item("甲", aliases="kou"), item("乙")]),
        ("SPEC-0101", [item("甲", item="1"), item("乙", item="1")], [item("甲", item="1"), item("乙", item="2")]),
        (
            "SPEC-0102",
            [item("甲", item="01"), item("乙", item="otsu")],
            [item("甲", item="kou"), item("乙", item="otsu")],
        ),
        ("SPEC-0105", [item("甲", presence="conditional")], [item("甲", presence="conditional", condition="乙")]),
        ("SPEC-0106", [item("甲", condition="乙")], [item("甲")]),
        (
            "SPEC-0107",
            [item("甲", presence="required"), item("乙", column="must")],
            [item("甲", presence="required"), item("乙")],
        ),
        (
            "SPEC-0109",
            [item("日", may_be_unknown="yes")],
            [item("日", may_be_unknown="yes"), item("日_不詳フラグ"), item("日_不詳表記")],
        ),
        ("SPEC-0110", [item("最新フラグ", codes="inverted")], [item("最新フラグ", codes="upright")]),
        (
            "SPEC-0120",
            [item("甲_日", aliases="kou_hi"), item("乙_日", aliases="otsu_nichi")],
            [item("甲_日", aliases="kou_hi"), item("乙_日", aliases="otsu_hi|otsu_nichi")],
        ),
        (
            "SPEC-0122",
            [
                item("女性トイレ数（和式）", name_en="urinalFemale"),
                item("女性トイレ数（洋式）", name_en="japaneseFemale"),
            ],
            [
                item("女性トイレ数（和式）", name_en="japaneseFemale"),
                item("女性トイレ数（洋式）", name_en="westernFemale"),
            ],
        ),
    ],
)
def test_a_rule_finds_the_bad_and_passes_the_good(
    code: str, bad: list[dict[str, str]], good: list[dict[str, str]], tmp_path: Path
) -> None:
    codes = {"inverted": {"0": "最新", "1": "非最新"}, "upright": {"0": "最新でない", "1": "最新"}}
    assert len(found(made_pack(tmp_path, bad, codes=codes), code=code)) == 1
    assert found(made_pack(tmp_path / "good", good, codes=codes), code=code) == []


@pytest.mark.parametrize(
    ("code", "bad", "good"),
    [
        ("SPEC-0104", {"definition": "本人を識別する番号"}, {"definition": "短い説明"}),
        ("SPEC-0108", {"description": "（0：無、1：有"}, {"description": "（0：無、1：有）"}),
        ("SPEC-0118", {"sample": "”1”"}, {"sample": '"1"'}),
        ("SPEC-0119", {"sample": "12345678901"}, {"sample": "1234567890"}),
        ("SPEC-0119", {"sample": "全角"}, {"sample": "hankaku"}),
        ("SPEC-0111", {"code": "7"}, {"code": "2"}),
        ("SPEC-0112", {"code": "002"}, {"code": "2"}),
        ("SPEC-0113", {"type": "謎"}, {"type": "Ｘ"}),
        ("SPEC-0121", {"description": "「某市の情報システムの管理方針」"}, {"description": "「情報」"}),
    ],
)
def test_what_is_written_of_an_item_is_examined(
    code: str, bad: dict[str, str], good: dict[str, str], tmp_path: Path
) -> None:
    def pack(folder: str, texts: dict[str, str]) -> Pack:
        first = cells("甲", definition="本人を識別する番号", remark="「当市の情報システムの管理方針」")
        files = {
            "cells.csv": [*first, *cells("乙", **{"definition": "", **texts})],
            "code_lists.csv": [{"list": "2", "name_ja": "区分", "written": "2", "source": ""}],
            "legend.csv": [{"kind": "types", "name_ja": "X"}],
        }
        return made_pack(tmp_path / folder, [item("甲"), item("乙")], files=files)

    assert len(found(pack("bad", bad), code=code)) == 1
    assert found(pack("good", good), code=code) == []


@pytest.mark.parametrize(
    ("type_", "sample", "is_right"),
    [
        ("N", "佐藤　一郎", True),
        ("N", "佐藤 一郎", False),
        ("N", "サトウ", True),
        ("N", "ｻﾄｳ", False),
        ("DATE", "1964-07-01", True),
        ("DATE", "0000-01-01", True),
        ("DATE", "1964/7/1", False),
    ],
)
def test_samples_are_held_against_their_own_type(type_: str, sample: str, is_right: bool, tmp_path: Path) -> None:
    pack = made_pack(tmp_path, [item("甲", type=type_)], files={"cells.csv": cells("甲", sample=sample)})
    assert (found(pack, code="SPEC-0119") == []) is is_right


def test_an_example_is_read_as_one_json_text_and_the_row_at_fault_is_named(tmp_path: Path) -> None:
    def answers(*texts: str) -> list[dict[str, str]]:
        shared = {"status": "200", "written_type": "", "object": ""}
        return [{**shared, "example": text, "source": f"表!{row}"} for row, text in enumerate(texts, 1)]

    wrong = made_pack(tmp_path, files={"responses.csv": answers("{", '"a": 1,\n\n', "b: 2", "}")})
    right = made_pack(tmp_path / "r", files={"responses.csv": answers("{", '"a": 1,', '"b": 2', "}")})
    assert [c.places for c in found(wrong, code="SPEC-0117")] == [("made@1 表!3",)]
    assert found(right, code="SPEC-0117") == []


@pytest.mark.parametrize(("area", "expected"), [("A1:V32", 1), ("A1:V35", 0), ("", 0)])
def test_a_print_area_is_held_against_the_last_row(area: str, expected: int, tmp_path: Path) -> None:
    toml = f'[[source.sheets]]\nname = "表"\nprint_area = "{area}"\nrows = 35'
    assert len(found(made_pack(tmp_path, toml=toml), code="SPEC-0115")) == expected


def shared_names(*more: dict[str, str]) -> list[dict[str, str]]:
    return [item("甲"), item("乙"), item("丙"), *more]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("SPEC-0201", {"max_length": "18"}),
        ("SPEC-0202", {"type": "N"}),
        ("SPEC-0203", {"presence": "required"}),
    ],
)
def test_two_documents_are_held_against_each_other(code: str, change: dict[str, str], tmp_path: Path) -> None:
    one = made_pack(tmp_path, shared_names(item("丁")), name="one")
    same = made_pack(tmp_path, shared_names(item("丁")), name="same")
    other = made_pack(tmp_path, shared_names(item("丁", **change)), name="other")
    assert lint([one, same]) == []
    assert [c.places for c in found(one, other, code=code)] == [("one@1 表!丁 丁", "other@1 表!丁 丁")]


def test_versions_of_one_pack_are_not_held_against_each_other(tmp_path: Path) -> None:
    old = made_pack(tmp_path, shared_names(), version="1")
    new = made_pack(tmp_path, shared_names(item("丁")), version="2")
    assert lint([old, new]) == []


def test_documents_about_different_things_are_not_compared(tmp_path: Path) -> None:
    small = made_pack(tmp_path, shared_names(), name="small")
    large = made_pack(tmp_path, shared_names(*(item(f"項目{n}") for n in range(20))), name="large")
    assert lint([small, large]) == []


def test_one_field_name_under_two_names_is_one_item(tmp_path: Path) -> None:
    one = made_pack(tmp_path, shared_names(item("読み", aliases="yomi")), name="one")
    other = made_pack(tmp_path, shared_names(item("ヨミ", aliases="yomi")), name="other")
    assert [c.ja for c in found(one, other, code="SPEC-0206")] == [
        "同じ項目と思われるものの名称が異なります（「読み」と「ヨミ」）。"
    ]
    assert found(one, other, code="SPEC-0207") == []


def test_likeness_ignores_listed_values_and_empty_texts() -> None:
    assert likeness("状況を示すフラグ（0：無、1：有）", "状況を示すフラグ") == 1.0
    assert likeness("", "") == 0.0


def test_a_pack_with_items_only_can_be_examined(tmp_path: Path) -> None:
    assert lint([made_pack(tmp_path, [item("甲"), item("乙")])]) == []
    assert lint([]) == []


def test_shifted_english_names_of_the_toilet_definition_are_found(tmp_path: Path) -> None:
    folder = os.environ.get("KIJUN_REFERENCE")
    if not folder:
        pytest.skip("reference material not at hand")
    path = Path(folder) / "data" / "open-data-sets-current" / "opendata_public_toilet.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [item(line["name_ja"], name_en=line["english_name"]) for line in csv.DictReader(lines)]
    shifted = found(made_pack(tmp_path, rows), code="SPEC-0122")
    assert [c.places[0].split(" ")[-1] for c in shifted] == ["女性トイレ数（和式）", "女性トイレ数（洋式）"]
