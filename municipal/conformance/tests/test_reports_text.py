"""The report for the terminal: short, 80 columns, the result first (テキスト形式の試験)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.conformance import reports
from municipal.conformance.findings import Outcome
from municipal.conformance.reports.terminal import WIDTH, width, wrapped
from municipal.conformance.results import Report, RuleResult
from municipal.conformance.tests.made_reports import finding, report, result


def lines(made: Report, language: str = "ja") -> list[str]:
    return reports.write(made, "text", language).decode().splitlines()


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("ja", "指摘があります：26件（2規則）。8規則のうち1規則で指摘なし。"),
        ("en", "Findings: 26 (rules: 2). No findings in 1 of 8 rules."),
    ],
)
def test_the_first_line_is_the_result(language: str, first: str) -> None:
    assert lines(report(), language)[0] == first


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("level", ["counts", "rows", "masked", "raw"])
def test_no_line_is_wider_than_the_terminal(language: str, level: str) -> None:
    made = lines(report(privacy=level, problems=(("免除" * 60, "waiver " * 40),)), language)
    assert max(map(width, made)) <= WIDTH
    assert len(made) > 30


def test_a_rule_names_five_places_and_how_many_more_there_are() -> None:
    made = lines(report(every_ten()))
    assert [line.strip() for line in made if line.startswith("    residents.csv: ")] == [
        f"residents.csv: {row}行 続柄_表記" for row in range(2, 7)
    ]
    assert "    ほか5件" in made


def every_ten() -> RuleResult:
    return result("RES-0001", Outcome.FAILED, *(finding("RES-0001", row) for row in range(2, 12)))


def test_what_does_not_decide_the_status_stands_under_its_own_heading() -> None:
    made = lines(report())
    headings = ["指摘", "暫定の指摘（終了状態に影響しない）", "お知らせ（終了状態に影響しない）", "判定できないもの"]
    assert [line for line in made if line in headings] == headings
    assert made.index("暫定の指摘（終了状態に影響しない）") < next(
        number for number, line in enumerate(made) if line.startswith("RES-0005")
    )


def test_the_files_are_told_with_encoding_newline_heading_and_guess() -> None:
    made = " ".join(" ".join(lines(report(), "en")).split())
    assert "residents.csv: resident-record-data@1 residents, 1000 rows, cp932, comma, CRLF, heading in row 1" in made
    assert "(40 headings (95%), file name)" in made
    assert "x.zip/世帯#1.csv: not recognised" in made


def test_findings_that_differ_are_told_each_with_its_own_sentence() -> None:
    made = result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, "甲"), finding("RES-0001", 3, "乙"))
    text = "\n".join(lines(report(made)))
    assert "続柄に使えない言葉があります（列「…」、値 …）" in text
    assert "続柄に使えない言葉があります（列「乙」、値" in text


def test_only_one_language_is_spoken() -> None:
    assert "Findings" not in "\n".join(lines(report()))
    english = "\n".join(lines(report(), "en"))
    assert "指摘" not in english
    assert "Shorten it to 4 characters." in english


@given(st.text(alphabet="あ漢、。（」ab ー\u3000ｱ★" + "\u0301", max_size=300), st.integers(0, 8), st.integers(0, 4))
def test_wrapping_loses_nothing_but_spaces_and_keeps_the_width(text: str, indent: int, hang: int) -> None:
    made = list(wrapped(text, indent, hang))
    assert "".join("".join(made).split()) == "".join(text.split())
    assert all(width(line) <= WIDTH for line in made)


def test_a_closing_mark_does_not_begin_a_line() -> None:
    made = list(wrapped("あ" * 40 + "。" + "い" * 10))
    assert made == ["あ" * 39, "あ。" + "い" * 10]


@pytest.mark.parametrize(
    ("language", "reason"), [("ja", "RES-0004 参照先がありません。"), ("en", "RES-0004 no table to look up")]
)
def test_a_rule_that_could_not_run_says_why_in_the_language_asked_for(language: str, reason: str) -> None:
    assert f"  {reason}" in lines(report(), language)


def test_an_opening_bracket_does_not_end_a_line() -> None:
    assert list(wrapped("あ" * 39 + "「い」う")) == ["あ" * 39, "「い」う"]
