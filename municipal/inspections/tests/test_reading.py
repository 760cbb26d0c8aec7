"""The JSON report as screens show it (検査結果の読取りの試験)."""

import re
from datetime import date
from pathlib import Path

import pytest

from municipal.conformance import reports
from municipal.conformance.engine import Asked, check
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.results import Report
from municipal.inspections.reading import Chosen, Result, ending, outcomes, result, severities

from .files import BAD, CANARY

DAY = date(2026, 11, 23)
JAPANESE = re.compile("[぀-ヿ一-鿿]")


def report_of(folder: Path, privacy: str = "rows") -> Report:
    (folder / "residents.csv").write_bytes(BAD)
    (folder / "broken.zip").write_bytes(b"PK\x03\x04")
    return check(Asked(paths=(folder,), as_of=DAY, today=DAY, privacy=privacy))


def read(folder: Path, language: str = "ja", privacy: str = "rows") -> Result:
    return result(reports.write(report_of(folder, privacy), "json"), language)


def test_the_verdict_is_the_checkers_own(tmp_path: Path) -> None:
    for language, first in (("ja", "指摘があります"), ("en", "Findings:"), ("en-gb", "Findings:")):
        found = read(tmp_path, language)
        assert found.verdict.startswith(first)
        assert found.verdict == found.report["headline"][found.language]


def test_every_rule_is_there_once_and_what_decides_comes_first(tmp_path: Path) -> None:
    found = read(tmp_path)
    rules = found.rules(Chosen())
    assert sorted(rule["code"] for rule in rules) == sorted(one["code"] for one in found.report["results"])
    decides = [rule["decisive"] > 0 for rule in rules]
    assert decides == sorted(decides, reverse=True)
    assert any(decides)


def test_conditions_are_joined_and_words_are_looked_for_in_any_order(tmp_path: Path) -> None:
    found = read(tmp_path)
    failed = found.rules(Chosen(outcome="failed"))
    errors = found.rules(Chosen(outcome="failed", severity="error"))
    assert {rule["severity"] for rule in errors} == {"error"}
    assert len(errors) < len(failed)
    (one,) = found.rules(Chosen(text="RES-0101"))
    words = one["what"][:4]
    assert one in found.rules(Chosen(text=f"{words} res-0101"))
    assert found.rules(Chosen(outcome="passed", text="RES-0101")) == []


def test_places_say_where_and_hide_the_value(tmp_path: Path) -> None:
    (entry,) = read(tmp_path).rule("RES-0101")
    first = entry["places"][0]
    assert (first["file"], first["row"], first["column"], first["value"]) == (
        "residents.csv", 2, "続柄_表記", "（非表示）",
    )  # fmt: skip
    (masked,) = read(tmp_path, privacy="masked").rule("RES-0101")
    assert masked["places"][0]["value"] == f"{CANARY[0]}…(6)"
    (counted,) = read(tmp_path, privacy="counts").rule("RES-0101")
    assert (counted["count"], counted["listed"], counted["places"]) == (entry["count"], 0, [])


def test_there_is_nothing_under_a_code_that_is_none(tmp_path: Path) -> None:
    assert read(tmp_path).rule("RES-9999") == []


def test_what_could_not_be_read_stands_among_the_files(tmp_path: Path) -> None:
    broken, residents = read(tmp_path).files()
    assert (broken["name"], broken["taken_for"], broken["rows"]) == ("broken.zip", "判別できませんでした", 0)
    assert residents["taken_for"].startswith("resident-record-data@")
    assert (residents["delimiter"], residents["newline"], residents["rows"]) == ("コンマ", "LF", 2)


def test_a_requirement_has_its_summary_in_the_language(tmp_path: Path) -> None:
    for language in ("ja", "en"):
        found = read(tmp_path, language)
        every = found.requirements(Chosen())
        assert len(every) == len(found.report["clauses"]) > 20
        assert all(one["summary"] for one in every)
        (one,) = found.requirements(Chosen(text="resident-record/1.0#1.1.11/n1"))
        assert one["outcome"] == "failed"
        assert bool(JAPANESE.search(one["outcome_name"])) == (language == "ja")
        assert found.requirements(Chosen(outcome="waived")) == []


def test_how_it_ended_is_said_in_both_languages() -> None:
    assert [ending(status, "ja") for status in (None, 0, 1)] == ["", "指摘はありません", "指摘があります"]
    assert ending(0, "en") == "Nothing found"
    assert len(outcomes("ja")) == 6
    assert dict(severities("en"))["error"] == "error"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"schema": "other"}'])
def test_what_is_no_report_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedInput):
        result(content, "ja")
