"""Search keys of names, the one search box, and text that may be stored (文字)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core import characters
from municipal.core.characters import (
    is_kana,
    kana_index,
    kana_key,
    kind_of_query,
    name_key,
    neutral_for_spreadsheet,
    refuse_unstorable,
)
from municipal.core.refusals import Refused

SELECTOR = "\U000e0101"
NAMES = "髙高﨑崎邉邊辺齋斉渡𠮷吉山田ヴぁAbＣé神 　" + SELECTOR


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡邉"),
        ("渡辺" + SELECTOR, "渡邊"),
        ("濵田", "浜田"),
        ("濱田", "浜田"),
        ("齋藤", "斉藤"),
        ("斎藤", "齊籐"),
        ("𠮷田", "吉田"),
        ("廣澤", "広沢"),
        ("櫻庭 惠", "桜庭恵"),
        ("𨘢見", "辺見"),
        ("ＳＭＩＴＨ　Ａｎｎ", "smith ann"),
        ("神\ufe00田", "神田"),
        ("神田", "神田"),
        ("ｱﾝﾄﾞﾚ", "アンドレ"),
    ],
)
def test_a_name_is_found_by_its_variants(stored: str, typed: str) -> None:
    assert name_key(stored) == name_key(typed)


@pytest.mark.parametrize(
    ("one", "other"), [("川田", "河田"), ("太田", "大田"), ("中島", "中嶋 一"), ("みどり", "ミドリ")]
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(alphabet=NAMES, max_size=10), st.integers(0, 10), st.integers(0, 10))
def test_the_key_of_a_part_of_a_name_is_a_part_of_its_key(name: str, start: int, end: int) -> None:
    assert name_key(name[start:end]) in name_key(name)


@pytest.mark.parametrize("text", ["ヤマダ", "やまだ はなこ", "ﾔﾏﾀﾞ", "コーノ", "マリー・スミス", "か゛", "ゝヽぁ"])
def test_kana_is_recognised(text: str) -> None:
    assert is_kana(text)


@pytest.mark.parametrize("text", ["", " ", "ー", "・", "山田", "ヤマダA", "ヤマ田", "ヤマダ1", "\u3099"])
def test_what_is_not_only_kana(text: str) -> None:
    assert not is_kana(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4050101", "era_date"),
        ("４０５０１０１", "era_date"),
        (" 5010501 ", "era_date"),
        ("5010430", "number"),  # a day before the era began
        ("4050230", "number"),  # no such day
        ("9050101", "number"),  # no such era
        ("19930101", "date"),
        ("１９９３０１０１", "date"),
        ("19930230", "number"),
        ("12345678", "number"),
        ("1", "number"),
        ("000001", "number"),
        ("123456789012345", "number"),
        ("９９９", "number"),
        ("R8.11.23", "era_date"),
        ("令和8年11月23日", "era_date"),
        ("2026-11-23", "date"),
        ("2026-02-29", "date"),  # a register may hold a day that no calendar has
        ("H5.2.30", "era_date"),
        ("R8.13.1", "name"),
        ("1450730", "era_date"),  # the two days that registers write in the old era
        ("2151225", "era_date"),
        ("1450731", "number"),
        ("18000101", "number"),
        ("やまだ", "kana"),
        ("ﾔﾏﾀﾞ ﾊﾅｺ", "kana"),
        ("山田", "name"),
        ("SMITH", "name"),
        ("山田1", "name"),
        ("", "name"),
        ("٣", "name"),
    ],
)
def test_the_search_box_knows_what_was_typed(text: str, kind: str) -> None:
    assert kind_of_query(text) == kind


@given(st.text())
def test_the_search_box_never_fails(text: str) -> None:
    assert kind_of_query(text) in {"number", "era_date", "date", "kana", "name"}
    assert " " not in kana_key(text)
    assert kana_index(text).startswith(kana_key(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "山田 花子",
        "𠮷野",
        "\U00030000\U000f0000\U00100000",
        "辻" + SELECTOR,
        "が\u3099",
        "Zoë",
        "=1+1",
        "\u200d",
        "\ufa11",
    ],
)
def test_names_are_kept_as_they_came(text: str) -> None:
    refuse_unstorable(text, 10, "name")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("山\0田", "nul"),
        ("山\ud800田", "surrogate"),
        ("\udfff", "surrogate"),
        ("山\n田", "control"),
        ("\t", "control"),
        ("\x7f", "control"),
        ("\x85", "control"),
        ("山\u202e田", "bidirectional"),
        ("\u200f", "bidirectional"),
        ("\u2066", "bidirectional"),
        ("\u061c", "bidirectional"),
        ("山" * 11, "too_long"),
        ("山" + "\u0301" * 10_000, "too_long"),
        ("A" * 10_000, "too_long"),
    ],
)
def test_text_that_no_register_holds_is_refused_with_its_own_sentence(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        refuse_unstorable(text, 10, "name")
    assert (refusal.value.code, refusal.value.field) == (code, "name")
    assert str(refusal.value).endswith("。")


def test_marks_and_selectors_do_not_count() -> None:
    refuse_unstorable(("辻" + SELECTOR) * 10, 10, "name")
    refuse_unstorable("か\u3099" * 10, 10, "name")
    assert characters.length("辻" + SELECTOR + "か\u3099𠮷") == 3


def test_the_limit_is_named_in_the_sentence() -> None:
    with pytest.raises(Refused, match="10文字以内"):
        refuse_unstorable("山" * 11, 10, "name")


def test_lines_pass_only_where_they_are_expected() -> None:
    refuse_unstorable("一行目\r\n\t二行目", 20, "memo", is_multiline=True)
    with pytest.raises(Refused):
        refuse_unstorable("一行目\x0b二行目", 20, "memo", is_multiline=True)


@pytest.mark.parametrize(
    "text", ["=1+1", "+81", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠a", "\t=1", "\r", "  =1", "\n山"]
)
def test_a_formula_becomes_text(text: str) -> None:
    assert neutral_for_spreadsheet(text) == "'" + text


@pytest.mark.parametrize("text", ["", "山田", "1-2", "a=b", "'=1", "　山田"])
def test_harmless_text_stays(text: str) -> None:
    assert neutral_for_spreadsheet(text) == text
