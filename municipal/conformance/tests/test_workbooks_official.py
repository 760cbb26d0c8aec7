"""The shipped packs are what the official workbooks say (公式ワークブックの受入れ試験)."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from municipal.conformance import packs
from municipal.conformance.workbooks import import_workbook
from municipal.core.codes import STANDARDS


def official(name: str) -> Path:
    folder = os.environ.get("KIJUN_REFERENCE")
    if not folder:
        pytest.skip("reference material not at hand")
    return Path(folder) / "official" / name


def test_the_shipped_item_definition_has_all_items_and_conditions() -> None:
    pack = packs.load(STANDARDS / "non-resident-addressee" / "2023-09-21")
    assert Counter(item.presence for item in pack.items) == {"required": 5, "conditional": 12, "optional": 12}
    assert [item.item for item in pack.items] == [f"031{number:05d}" for number in range(1, 30)]
    conditional = [item.item for item in pack.items if item.presence == "conditional"]
    assert [line["item"] for line in pack.rows("conditions.csv")] == conditional
    assert all(item.condition or "cannot tell" in item.note for item in pack.items if item.item in conditional)
    assert sum(item.column == "must" for item in pack.items) == 19
    assert {name: len(values) for name, values in pack.codes.items()} == {"1": 3, "2": 2}
    assert all(item.name_en for item in pack.items)


def test_the_shipped_api_has_all_parameters_and_errors() -> None:
    pack = packs.load(STANDARDS / "non-resident-addressee-api" / "2.0")
    parameters = [line["parameter"] for line in pack.rows("parameters.csv")]
    assert len(parameters) == 40
    assert [item.item for item in pack.items_of("request")] == parameters
    assert [line["code"] for line in pack.rows("errors.csv")] == ["E0001", "E0002", "E0003", "E0004"]
    assert Counter(line["status"] for line in pack.rows("responses.csv")) == {"200": 15, "400": 10, "401": 7, "503": 7}
    assert pack.facts["call"]["timeout_seconds"] == "30"
    assert {item.name_ja: item.condition for item in pack.items if item.condition} == {
        "宛名番号": "処理区分=1|2",
        "住所_町字": "住所_町字コード & 住所_町字コード!=0000000",
        "名寄せ先宛名番号": "名寄せ元フラグ=1",
    }


@pytest.mark.parametrize(
    ("file", "folder", "unplaced"),
    [
        ("non-resident-addressee_item-definition.xlsx", "non-resident-addressee/2023-09-21", 0),
        ("non-resident-addressee_number-api_2.0.xlsx", "non-resident-addressee-api/2.0", 34),
    ],
)
def test_the_shipped_packs_are_what_the_official_workbooks_give(
    file: str, folder: str, unplaced: int, tmp_path: Path
) -> None:
    result = import_workbook(official(file), tmp_path)
    assert [str(pack.relative_to(tmp_path)) for pack in result.packs] == [folder]
    assert {f.name: f.read_bytes() for f in (tmp_path / folder).iterdir()} == {
        f.name: f.read_bytes() for f in (STANDARDS / folder).iterdir()
    }
    assert len(result.unplaced) == unplaced


def test_stray_texts_of_the_official_api_are_listed(tmp_path: Path) -> None:
    result = import_workbook(official("non-resident-addressee_number-api_2.0.xlsx"), tmp_path)
    cells = [cell for sheet, cell, _ in result.unplaced if sheet == "凡例）データ型"]
    assert cells == ["AV18", "BA24"]
