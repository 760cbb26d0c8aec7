"""What a cell turns into at each level of privacy (表示段階の試験)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.conformance.findings import Finding
from municipal.conformance.packs import Message
from municipal.conformance.privacy import masked, outline, printable, sentences, value_at

WHAT = Message("RES-0001", "「%(column)s」の%(value)sは%(limit)s字、100%%超", "", "", "%(value)s in %(column)s", "", "")


def said(level: str, value: str = "山田太郎", column: str = "氏名", row: int = 2) -> tuple[str, str]:
    both = sentences(WHAT, Finding("a.csv", row, column, "RES-0001", value, {"limit": 4}), level)
    return both["ja"].what, both["en"].what


@pytest.mark.parametrize(
    ("level", "ja", "en"),
    [
        ("counts", "「氏名」の（非表示）は4字、100%超", "(hidden) in 氏名"),
        ("rows", "「氏名」の（非表示）は4字、100%超", "(hidden) in 氏名"),
        ("masked", "「氏名」の山…(4)は4字、100%超", "山…(4) in 氏名"),
        ("raw", "「氏名」の山田太郎は4字、100%超", "山田太郎 in 氏名"),
    ],
)
def test_the_message_shows_of_the_value_what_the_level_allows(level: str, ja: str, en: str) -> None:
    assert said(level) == (ja, en)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("", ""),
        ("男", "●"),
        ("7", "●"),
        ("男性", "男…(2)"),
        ("123456789012", "●…(12)"),
        ("１２３", "●…(3)"),
        ("辻\U000e0100", "●"),
        ("辻\U000e0100村", "辻…(2)"),
    ],
)
def test_a_masked_value_gives_its_first_character_and_length_but_no_digit(value: str, hint: str) -> None:
    assert masked(value) == hint


@given(st.text(alphabet="0123456789０１２３四五", min_size=2))
def test_no_digit_of_a_number_survives_masking(value: str) -> None:
    shown = masked(value).split("(")[0]
    assert not any(character.isdigit() for character in shown)


def test_a_finding_without_a_column_speaks_of_the_row_or_the_file() -> None:
    assert said("rows", column="")[1] == "(hidden) in this row"
    assert said("rows", column="", row=0)[1] == "(hidden) in this file"


def test_an_empty_value_is_named_where_values_are_shown() -> None:
    assert said("raw", value="")[0].startswith("「氏名」の（空）")
    assert said("rows", value="")[0].startswith("「氏名」の（非表示）")


def test_a_place_without_a_fact_stays_to_be_seen_and_breaks_nothing() -> None:
    finding = Finding("a.csv", 2, "氏名", "RES-0001")
    assert "%(limit)s字" in sentences(WHAT, finding, "rows")["ja"].what


def test_a_percent_sign_in_a_value_or_a_message_is_only_a_percent_sign() -> None:
    assert said("raw", value="%(limit)s")[0].startswith("「氏名」の%(limit)sは4字")


def test_a_rule_without_findings_is_told_with_open_places() -> None:
    assert outline(WHAT)["ja"].what == "「…」の…は…字、100%超"


def test_an_unknown_level_is_refused_instead_of_showing_everything() -> None:
    with pytest.raises(ValueError, match="unknown privacy level 'Rows'"):
        value_at("Rows", "x")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("髙﨑\U00020bb7", "髙﨑\U00020bb7"),
        ("a\x1b[31m", "a[U+001B][31m"),
        ("\u202ecsv.exe", "[U+202E]csv.exe"),
        ("\udc80", "[U+DC80]"),
        ("\uffff\0", "[U+FFFF][U+0000]"),
    ],
)
def test_what_steers_a_terminal_or_breaks_xml_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown
