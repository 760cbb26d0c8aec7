"""What holds for all formats: same bytes, same counts, no cell where none may be, no half file (全形式に共通の試験)."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from municipal.conformance import baseline, reports, waivers
from municipal.conformance.findings import Outcome
from municipal.conformance.privacy import LEVELS
from municipal.conformance.reports.view import headline, view
from municipal.conformance.results import Report
from municipal.conformance.tests.made_reports import CANARY, TODAY, every_outcome, finding, report, result

EXPECTED = {
    "findings": 30,
    "decisive": 26,
    "waived": 0,
    "provisional": 2,
    "information": 1,
    "undetermined": 1,
    "shown": 15,
}
RULES = {"all": 8, "passed": 1, "failed": 4, "waived": 0, "cannot_tell": 1, "inapplicable": 1, "untested": 1}


def written(made: Report, format: str, language: str = "ja") -> str:
    return reports.write(made, format, language).decode("utf-8-sig")


@pytest.mark.parametrize("format", reports.FORMATS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_same_report_gives_the_same_bytes(format: str, language: str) -> None:
    assert reports.write(report(), format, language) == reports.write(report(), format, language)


def test_the_bytes_do_not_depend_on_the_order_of_hashes() -> None:
    program = (
        "import hashlib\n"
        "from municipal.conformance import reports\n"
        "from municipal.conformance.tests.made_reports import report\n"
        "print([hashlib.sha256(reports.write(report(), format)).hexdigest() for format in reports.FORMATS])\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert b"[" in runs.pop()


def test_json_sarif_and_junit_hold_the_same_counts() -> None:
    tree = json.loads(written(report(), "json"))
    properties = json.loads(written(report(), "sarif"))["runs"][0]["properties"]
    summed: Counter[str] = Counter()
    for property_ in ET.fromstring(written(report(), "junit")).iter("property"):
        summed[property_.attrib["name"]] += int(property_.attrib["value"])
    assert tree["rules"] == properties["rules"] == RULES
    assert tree["counts"] == properties["counts"] == {**EXPECTED, "new": None}
    assert {name: summed[f"rules.{name}"] for name in RULES} == RULES
    assert {name: summed[f"findings.{name}"] for name in EXPECTED} == EXPECTED


def test_csv_text_and_html_hold_the_same_counts() -> None:
    lines = list(csv.DictReader(io.StringIO(written(report(), "csv"))))
    rules = [line for line in lines if line["種別 kind"] == "規則 rule"]
    assert sum(int(line["件数 count"]) for line in rules) == EXPECTED["findings"]
    assert sum(int(line["判断に関わる件数 decisive"]) for line in rules) == EXPECTED["decisive"]
    assert sum(line["種別 kind"] == "指摘 finding" for line in lines) == EXPECTED["shown"]
    assert len({line["規則 rule"] for line in rules}) == RULES["all"]
    for format in ("text", "html"):
        assert "指摘があります：26件（2規則）。8規則のうち1規則で指摘なし。" in written(report(), format)
        assert "30件を数え、うち15件を記載しています。" in written(report(), format)
    tiles = re.findall(r"<dt>([^<]+)<span[^>]+>([^<]+)</span></dt><dd>(\d+)</dd>", written(report(), "html"))
    assert [int(count) for _, _, count in tiles] == [RULES[outcome.value] for outcome in Outcome]


def test_the_kinds_of_findings_add_up() -> None:
    counts = view(report()).tally
    assert counts.findings == sum(EXPECTED[name] for name in ("decisive", "provisional", "information", "undetermined"))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("format", reports.FORMATS)
def test_a_cell_is_in_a_report_only_at_the_level_raw(format: str, level: str) -> None:
    text = written(report(privacy=level), format)
    assert (CANARY in text) is (level == "raw")
    assert any(CANARY[start : start + 5] in text for start in range(len(CANARY) - 4)) is (level == "raw")


@pytest.mark.parametrize("format", reports.FORMATS)
def test_counts_alone_name_no_row_and_no_column(format: str) -> None:
    text = written(report(privacy="counts"), format)
    assert "行 続柄_表記" not in text
    assert "startLine" not in text
    assert "row 40" not in text
    assert "備考" not in text.replace(">備考<", "")
    assert view(report(privacy="counts")).tally.findings == EXPECTED["findings"]


@pytest.mark.parametrize("format", reports.FORMATS)
def test_a_hint_at_the_value_is_only_at_the_level_masked(format: str) -> None:
    hint = "金…(20)"
    assert len(CANARY) == 20
    assert [level for level in LEVELS if hint in written(report(privacy=level), format)] == ["masked"]


def test_headings_of_a_file_without_heading_are_not_told() -> None:
    assert CANARY not in written(report(), "json")
    files = json.loads(written(report(), "json"))["files"]
    assert [file["columns"] for file in files] == [["宛名番号", "続柄_表記"], []]


@pytest.mark.parametrize("format", reports.FORMATS)
def test_no_report_says_that_something_conforms(format: str) -> None:
    for made in (report(), report(result("RES-0001"))):
        for language in ("ja", "en"):
            text = written(made, format, language).lower()
            assert not re.search(r"適合|conformant|conforms|compliant|合格", text)


def test_a_run_without_findings_says_in_how_many_rules() -> None:
    made = view(report(result("RES-0001"), result("RES-0002", Outcome.INAPPLICABLE)))
    assert headline(made) == (
        "指摘はありません。2規則のうち1規則で指摘なし。",
        "Nothing found. No findings in 1 of 2 rules.",
    )


def test_a_run_in_which_nothing_could_judge_does_not_look_good() -> None:
    made = view(report(result("RES-0002", Outcome.INAPPLICABLE)))
    assert headline(made).ja == "検査できた規則はありません（1規則中）。"


def test_a_rule_that_could_not_run_is_said_first() -> None:
    made = view(report(result("RES-0001"), result("RES-0002", Outcome.UNTESTED)))
    assert headline(made).en == "Incomplete. No findings in 1 of 2 rules."


def test_only_problems_with_waivers_are_said_first() -> None:
    made = view(report(result("RES-0001"), problems=(("期限切れ", "expired"),)))
    assert headline(made).ja == "免除の問題があります：1件。1規則のうち1規則で指摘なし。"


def test_what_decides_the_status_is_among_the_findings_although_its_rule_counts_as_untested() -> None:
    made = view(report(result("FILE-0100", Outcome.UNTESTED, finding("FILE-0100", 0), decisive=1)))
    assert [judged.section.value for judged in made.rules] == ["findings"]
    assert made.tally.outcomes["untested"] == 1


def test_waived_and_new_findings_are_counted_alike_in_every_format(tmp_path: Path) -> None:
    file = tmp_path / "waivers.toml"
    file.write_text(
        '[[waiver]]\nrule="RES-0001"\nscope={file="*", rows=["2-4"]}\n'
        'reason="old data"\napprover="課長"\nexpires=2027-01-01\n'
    )
    made = waivers.apply(report(), waivers.read(file, TODAY))
    made = baseline.since(made, baseline.read(reports.write(report(*every_outcome()[:3]), "json")))
    tree = json.loads(written(made, "json"))
    assert (tree["counts"]["waived"], tree["counts"]["decisive"]) == (3, 23)
    assert tree["counts"]["new"] == 29
    assert json.loads(written(made, "sarif"))["runs"][0]["properties"]["counts"] == tree["counts"]
    for format in reports.FORMATS:
        assert "old data" in written(made, format) or "課長" in written(made, format)
    assert "前回から新しい指摘は29件です。" in written(made, "text")


@pytest.mark.parametrize(("format", "language"), [("pdf", "ja"), ("text", "fr")])
def test_an_unknown_format_or_language_is_refused(format: str, language: str) -> None:
    with pytest.raises(ValueError, match="unknown format or language"):
        reports.write(report(), format, language)


@pytest.mark.parametrize("format", reports.FORMATS)
def test_hostile_names_and_values_break_no_format(format: str) -> None:
    hostile = '"><script>x</script>\x1b[2J\u202e\udc80\0\ufffe]]>&=cmd|' + "長" * 300
    made = report(
        result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, hostile, hostile, file=hostile)),
        files=(replace(report().files[0], name=hostile),),
        privacy="raw",
    )
    text = written(made, format)
    assert "<script>" not in text or format in ("json", "sarif", "csv", "text")
    if format in ("json", "sarif"):
        json.loads(text)
    else:
        assert "\x1b" not in text
        assert "\u202e" not in text
    if format == "junit":
        ET.fromstring(text)


def test_a_saved_report_replaces_the_old_one_at_once(tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    place.write_bytes(b"old")
    reports.save(b"new", place)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("report.json", b"new")]


def test_a_report_that_cannot_be_saved_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    place.mkdir()
    with pytest.raises(OSError):
        reports.save(b"new", place)
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("format", ["text", "html"])
def test_a_report_with_values_as_written_warns_of_itself(format: str) -> None:
    warned = [level for level in LEVELS if "送付しないでください" in written(report(privacy=level), format)]
    assert warned == ["raw"]
