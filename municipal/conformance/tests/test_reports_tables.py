"""JUnit for build servers and CSV for spreadsheets (JUnit・CSV形式の試験)."""

import csv
import io
import xml.etree.ElementTree as ET

import pytest

from municipal.conformance import reports
from municipal.conformance.findings import Outcome
from municipal.conformance.results import Report
from municipal.conformance.tests.made_reports import finding, report, result


def suites(made: Report) -> ET.Element:
    return ET.fromstring(reports.write(made, "junit"))


def lines(made: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reports.write(made, "csv").decode("utf-8-sig"))))


def test_a_suite_is_a_family_of_rules_and_a_case_is_a_rule() -> None:
    root = suites(report())
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [("FILE", "2"), ("ITEM", "1"), ("RES", "6")]
    assert (root.get("tests"), root.get("failures"), root.get("skipped"), root.get("errors")) == ("9", "2", "6", "0")


def test_only_what_decides_the_status_fails_and_only_what_found_nothing_passes() -> None:
    ended = {}
    for case in suites(report()).iter("testcase"):
        kinds = [part.tag for part in case] or ["passed"]
        ended[case.attrib["name"].replace(" the_relationship_is_in_the_grammar", "")] = kinds[0]
    assert ended == {
        "FILE-0001": "passed",
        "FILE-0002": "failure",
        "ITEM-0001": "skipped",
        "RES-0001": "failure",
        "RES-0001 (provisional)": "skipped",
        "RES-0002": "skipped",
        "RES-0003": "skipped",
        "RES-0004": "skipped",
        "RES-0005 (provisional)": "skipped",
    }


def test_what_is_skipped_says_why_in_both_languages() -> None:
    messages = [part.attrib["message"] for part in suites(report()).iter("skipped")]
    assert "対象のない規則：列がありません: 性別 / Rules with nothing to judge: no column: 性別" in messages
    assert "検査できなかった規則：参照先がありません。 / Rules that could not run: no table to look up" in messages
    assert all(messages)


def test_a_failure_names_every_listed_place() -> None:
    failure = next(part for part in suites(report()).iter("failure") if part.get("type") == "error")
    assert failure.text is not None
    assert failure.text.count("residents.csv: ") == 10
    assert "residents.csv: 11行 続柄_表記 / row 11 続柄_表記" in failure.text
    assert "（25件・記載10件）" in failure.attrib["message"]


def test_a_problem_with_waivers_is_a_failure_of_its_own() -> None:
    root = suites(report(result("RES-0001"), problems=(("切れ", "expired"),)))
    assert root.get("failures") == "1"
    assert root[-1][0][0].get("message") == "切れ / expired"


def test_excel_finds_its_mark_and_its_line_ends() -> None:
    data = reports.write(report(), "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == len(lines(report())) + 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t=", " =", "\r\n="])
def test_no_cell_can_start_a_formula(start: str) -> None:
    hostile = f'{start}HYPERLINK("x","y")'
    made = report(
        result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, hostile, hostile, file=hostile), reason_ja=hostile),
        privacy="raw",
        problems=((hostile, hostile),),
    )
    cells = [cell for line in lines(made) for cell in line.values()]
    assert sum("HYPERLINK" in cell for cell in cells) >= 6
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝", "\t", "\r", "\n")) for cell in cells)


def test_a_finding_stands_behind_its_rule_with_place_and_message() -> None:
    table = lines(report())
    start = next(number for number, line in enumerate(table) if line["規則 rule"] == "RES-0001")
    assert table[start]["件数 count"] == "25"
    assert table[start]["記載 listed"] == "10"
    found = table[start + 1]
    assert (found["種別 kind"], found["ファイル file"], found["行 row"], found["列 column"], found["値 value"]) == (
        "指摘 finding",
        "residents.csv",
        "2",
        "続柄_表記",
        "",
    )
    assert found["how to mend"] == "Shorten it to 4 characters."
    assert found["直し方"] == "4文字以内に直してください。"


def test_every_rule_has_a_line_with_its_outcome() -> None:
    ended = [(line["規則 rule"], line["結果 outcome"]) for line in lines(report()) if line["種別 kind"] == "規則 rule"]
    assert ("FILE-0001", "指摘なし no findings") in ended
    assert ("ITEM-0001", "対象なし inapplicable") in ended
    assert ("RES-0004", "未検査 untested") in ended
    assert len(ended) == 9


def test_a_failure_tells_apart_what_differs_and_shows_the_value_where_it_may() -> None:
    made = result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, "甲", "あ"), finding("RES-0001", 3, "乙", "い"))
    failure = next(suites(report(made, privacy="raw")).iter("failure"))
    assert failure.text is not None
    assert "3行 乙 / row 3 乙 [い]: 続柄に使えない言葉があります（列「乙」、値 い） / The relationship" in failure.text
    same = next(suites(report(result("RES-0001", Outcome.FAILED, finding("RES-0001", 2)))).iter("failure"))
    assert same.text is not None
    assert same.text.endswith("residents.csv: 2行 続柄_表記 / row 2 続柄_表記")
