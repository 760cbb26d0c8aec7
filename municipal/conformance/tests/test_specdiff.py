"""Differences between versions say what became stricter (仕様の差分)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from municipal.conformance import conditions, packs
from municipal.conformance.packs import Item, Pack
from municipal.conformance.specdiff import Change, Kind, diff
from municipal.conformance.tests.made_packs import cells, item, made_pack


def changes(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str]]:
    codes = {"小": {"0": "無"}, "大": {"0": "無", "1": "有"}, "別": {"7": "他"}}
    old, new = (
        made_pack(tmp_path, [item("甲", **facts), item("乙")], version=version, codes=codes)
        for version, facts in (("1", before), ("2", after))
    )
    assert diff(old, old) == []
    return [(change.kind.value, change.field) for change in diff(old, new)]


TIGHTENED = {
    "a shorter length": ({"max_length": "10"}, {"max_length": "5"}, "max_length"),
    "a first length": ({"max_length": ""}, {"max_length": "5"}, "max_length"),
    "fewer decimals": ({"type": "9V", "decimals": "2"}, {"type": "9V", "decimals": "1"}, "decimals"),
    "digits only": ({"type": "X"}, {"type": "9"}, "type"),
    "half-width only": ({"type": "XN"}, {"type": "X"}, "type"),
    "a code list": ({}, {"codes": "大"}, "codes"),
    "fewer codes": ({"codes": "大"}, {"codes": "小"}, "codes"),
    "a check digit": ({}, {"number": "individual_number"}, "number"),
    "must be filled": ({"presence": "optional"}, {"presence": "required"}, "presence"),
    "always instead of sometimes": (
        {"presence": "conditional", "condition": "乙"},
        {"presence": "required"},
        "presence",
    ),
    "in more cases": (
        {"presence": "conditional", "condition": "乙=1"},
        {"presence": "conditional", "condition": "乙=1|2"},
        "presence",
    ),
    "in cases now clear": ({"presence": "conditional"}, {"presence": "conditional", "condition": "乙"}, "presence"),
    "the column must be there": ({}, {"column": "must"}, "column"),
    "unknown days no more": ({"type": "DATE", "may_be_unknown": "yes"}, {"type": "DATE"}, "may_be_unknown"),
}


@pytest.mark.parametrize(("before", "after", "field"), TIGHTENED.values(), ids=TIGHTENED.keys())
def test_stricter_is_tightened_and_the_way_back_is_loosened(
    before: dict[str, str], after: dict[str, str], field: str, tmp_path: Path
) -> None:
    assert changes(tmp_path / "there", before, after) == [("tightened", field)]
    assert changes(tmp_path / "back", after, before) == [("loosened", field)]


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ({"type": "X"}, {"type": "N"}, "type"),
        ({"codes": "小"}, {"codes": "別"}, "codes"),
        ({"codes": "[elsewhere]"}, {"codes": "小"}, "codes"),
        ({"number": "individual_number"}, {"number": "corporate_number"}, "number"),
        (
            {"presence": "conditional", "condition": "乙=1"},
            {"presence": "conditional", "condition": "乙=2"},
            "presence",
        ),
    ],
)
def test_otherwise_is_both_tightened_and_loosened(
    before: dict[str, str], after: dict[str, str], field: str, tmp_path: Path
) -> None:
    assert changes(tmp_path, before, after) == [("tightened", field), ("loosened", field)]


def test_a_condition_said_in_another_way_is_no_change_of_demand(tmp_path: Path) -> None:
    before = {"presence": "conditional", "condition": "乙=1 ; 乙=2"}
    assert changes(tmp_path, before, {"presence": "conditional", "condition": "乙=2|1"}) == []


def test_a_condition_of_an_item_that_is_not_conditional_demands_nothing(tmp_path: Path) -> None:
    assert changes(tmp_path, {}, {"condition": "乙"}) == []
    assert changes(tmp_path / "r", {"presence": "required"}, {"presence": "required", "condition": "乙"}) == []


def test_conditions_too_wide_to_try_out_count_as_both(tmp_path: Path) -> None:
    def many(values: int) -> dict[str, str]:
        return {
            "presence": "conditional",
            "condition": " & ".join(f"項{n}={'|'.join(map(str, range(values)))}" for n in range(9)),
        }

    assert changes(tmp_path, many(3), many(4)) == [("tightened", "presence"), ("loosened", "presence")]


def test_items_are_known_by_id_then_name_then_field_name(tmp_path: Path) -> None:
    old = made_pack(
        tmp_path,
        [item("甲", item="01"), item("乙", item="02"), item("丙", item="03", aliases="hei"), item("丁", item="04")],
        version="1",
    )
    new = made_pack(
        tmp_path,
        [
            item("甲の新名", item="01"),
            item("乙", item="22"),
            item("ヘイ", item="33", aliases="hei"),
            item("戊", item="05"),
        ],
        version="2",
    )
    assert diff(old, new) == [
        Change(Kind.REWORDED, "item", "甲の新名", "name_ja", "甲", "甲の新名"),
        Change(Kind.RENUMBERED, "item", "乙", "item", "02", "22"),
        Change(Kind.RENUMBERED, "item", "ヘイ", "item", "03", "33"),
        Change(Kind.REWORDED, "item", "ヘイ", "name_ja", "丙", "ヘイ"),
        Change(Kind.REMOVED, "item", "丁"),
        Change(Kind.ADDED, "item", "戊"),
    ]


def test_a_new_item_that_must_be_filled_is_stricter_too(tmp_path: Path) -> None:
    old = made_pack(tmp_path, [item("甲")], version="1")
    new = made_pack(tmp_path, [item("甲"), item("乙", presence="required")], version="2")
    assert [change.kind for change in diff(old, new)] == [Kind.ADDED, Kind.TIGHTENED]


def test_reworded_conditions_and_descriptions_of_imported_packs_are_shown(tmp_path: Path) -> None:
    def pack(version: str, condition: str, definition: str) -> Pack:
        files = {
            "conditions.csv": [{"item": "甲", "text": condition}],
            "cells.csv": cells("甲", definition=definition, description=f"※※{condition}"),
        }
        return made_pack(tmp_path, [item("甲", presence="conditional")], version=version, files=files)

    found = diff(pack("1", "氏名未定でない場合", "本人の氏名"), pack("2", "氏名が定まる場合", "本人の名前"))
    assert [(c.kind, c.field, c.old, c.new) for c in found] == [
        (Kind.REWORDED, "condition", "氏名未定でない場合", "氏名が定まる場合"),
        (Kind.REWORDED, "description", "本人の氏名", "本人の名前"),
    ]


def code(value: str, name: str, **facts: str) -> dict[str, str]:
    return {"list": "区分", "code": value, "name_ja": name, "status": "official", **facts}


def test_codes_are_added_removed_renumbered_reworded_and_limited(tmp_path: Path) -> None:
    old_codes = [code("1", "転入"), code("2", "出生"), code("3", "死亡"), code("4", "帰化"), code("5", "職権")]
    new_codes = [
        code("1", "転入等"),
        code("22", "出生"),
        code("3", "死亡", valid_to="2025-03-31"),
        code("5", "職権"),
        code("6", "その他"),
    ]
    old = made_pack(tmp_path, version="1", files={"codes.csv": old_codes})
    new = made_pack(tmp_path, version="2", files={"codes.csv": new_codes})
    assert diff(old, new) == [
        Change(Kind.REWORDED, "code", "区分 1 転入等", "name_ja", "転入", "転入等"),
        Change(Kind.RENUMBERED, "code", "区分 22 出生", "code", "2", "22"),
        Change(Kind.TIGHTENED, "code", "区分 3 死亡", "validity", "..", "..2025-03-31"),
        Change(Kind.REMOVED, "code", "区分 4 帰化"),
        Change(Kind.ADDED, "code", "区分 6 その他"),
    ]
    assert Change(Kind.LOOSENED, "code", "区分 3 死亡", "validity", "..2025-03-31", "..") in diff(new, old)


def requirement(clause: str, level: str, summary: str, omit: str = "") -> dict[str, str]:
    return {"clause": clause, "level": level, "summary_ja": summary, "omit": omit, "status": "official"}


def test_requirements_are_compared_by_clause_and_by_what_they_say(tmp_path: Path) -> None:
    lines = {
        "1": [
            requirement("1/m1", "may", "検索する"),
            requirement("1/m2", "must", "印刷する"),
            requirement("1/m3", "must", "保存する", "condition"),
            requirement("1/m4", "must", "消去する"),
            requirement("1/m5", "must", "通知する"),
        ],
        "2": [
            requirement("1/m1", "must", "検索する"),
            requirement("2/m9", "must", "印刷する"),
            requirement("1/m3", "must", "保管する"),
            requirement("1/m4", "must_not", "消去する"),
            requirement("1/m6", "may", "公開する"),
        ],
    }
    old, new = (made_pack(tmp_path, version=v, files={"requirements.csv": rows}) for v, rows in lines.items())
    assert [(c.kind, c.key, c.field) for c in diff(old, new)] == [
        (Kind.TIGHTENED, "1/m1", "level"),
        (Kind.RENUMBERED, "2/m9", "clause"),
        (Kind.REWORDED, "1/m3", "summary_ja"),
        (Kind.TIGHTENED, "1/m3", "omit"),
        (Kind.TIGHTENED, "1/m4", "level"),
        (Kind.LOOSENED, "1/m4", "level"),
        (Kind.REMOVED, "1/m5", ""),
        (Kind.ADDED, "1/m6", ""),
    ]


def test_every_change_is_said_in_both_languages(tmp_path: Path) -> None:
    old = made_pack(tmp_path, [item("甲", max_length="18"), item("乙")], version="1")
    new = made_pack(tmp_path, [item("甲", max_length="120"), item("丙", max_length="")], version="2")
    assert [(change.ja, change.en) for change in diff(old, new)] == [
        ("項目「甲」の桁数が緩和されました（18 → 120）。", "The item 甲 was loosened in max_length (18 → 120)."),
        ("項目「乙」が削除されました。", "The item 乙 was removed."),
        ("項目「丙」が追加されました。", "The item 丙 was added."),
    ]


def test_the_shipped_definition_and_api_differ_as_known() -> None:
    old, new = packs.find("non-resident-addressee"), packs.find("non-resident-addressee-api")
    found = diff(old, new)
    assert Change(Kind.LOOSENED, "item", "住所_町字", "max_length", "18", "120") in found
    assert {c.key for c in found if c.kind is Kind.REMOVED and c.subject == "item"} == {
        "氏名_外国人アルファベット",
        "氏名_読み仮名",
        "氏_日本人_読み仮名",
        "名_日本人_読み仮名",
        "代表宛名フラグ",
    }
    assert diff(old, old) == []


CODES = {"小": {"0": ""}, "大": {"0": "", "1": ""}, "別": {"A": "", "1": ""}}
LIMITS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["X", "N", "XN", "9", "S9", "FLAG"]),
        "max_length": st.sampled_from(["", "1", "2", "3"]),
        "codes": st.sampled_from(["", *CODES]),
        "presence": st.sampled_from(["required", "conditional", "optional"]),
        "condition": st.sampled_from(["", "乙", "!乙", "乙=1", "乙=1|2", "乙=1 ; 乙=2", "乙!=1", "乙 & 乙!=1"]),
    }
)
CELLS = st.sampled_from(["", "0", "1", "-1", "12", "123", "1234", "A", "AB", "あ", "あい", "aあ"])


def is_right(pack: Pack, value: str, other: str) -> bool:
    """The plain meaning of an item line, written again for the test."""
    rule: Item = pack.items[0]
    if not value:
        has_condition = rule.presence == "conditional" and rule.condition != ""
        demanded = rule.presence == "required" or (
            has_condition and conditions.parse(rule.condition).holds(lambda _: other)
        )
        return not demanded
    fits = {
        "X": value.isascii(),
        "N": not any(c.isascii() for c in value),
        "XN": True,
        "9": value.isdecimal(),
        "S9": value.removeprefix("-").isdecimal(),
        "FLAG": value in ("0", "1"),
    }[rule.type]
    is_short = rule.max_length is None or len(value) <= rule.max_length
    return fits and is_short and (not rule.codes or value in CODES[rule.codes])


@settings(max_examples=150, deadline=None)
@given(LIMITS, LIMITS, CELLS, st.sampled_from(["", "1", "2", "3"]))
def test_what_is_not_tightened_keeps_right_data_right(
    before: dict[str, str], after: dict[str, str], value: str, other: str
) -> None:
    with TemporaryDirectory() as folder:
        old, new = (
            made_pack(Path(folder), [item("甲", **facts), item("乙")], version=version, codes=CODES)
            for version, facts in (("1", before), ("2", after))
        )
        kinds = {change.kind for change in diff(old, new)}
        if is_right(old, value, other) and not is_right(new, value, other):
            assert Kind.TIGHTENED in kinds
        if is_right(new, value, other) and not is_right(old, value, other):
            assert Kind.LOOSENED in kinds
