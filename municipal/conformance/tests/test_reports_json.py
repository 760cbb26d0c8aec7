"""The JSON report keeps to its published form (JSON形式の試験)."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from municipal.conformance import packs, reports
from municipal.conformance.findings import Outcome
from municipal.conformance.privacy import LEVELS
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.results import Report
from municipal.conformance.tests.made_reports import finding, report, result
from municipal.conformance.written_reports import SCHEMA, parse
from municipal.core.codes import STANDARDS

FORM = json.loads((STANDARDS / "conform-report" / "1" / "schema.json").read_text(encoding="utf-8"))


def tree(made: Report) -> dict[str, Any]:
    return parse(reports.write(made, "json"))


def test_the_form_itself_is_valid_and_shipped_as_a_pack() -> None:
    Draft202012Validator.check_schema(FORM)
    assert FORM["$id"] == SCHEMA
    assert packs.find("conform-report@1").kind == "reference"


@pytest.mark.parametrize("level", LEVELS)
def test_a_report_with_everything_in_it_keeps_to_the_form(level: str) -> None:
    assert [error.message for error in Draft202012Validator(FORM).iter_errors(tree(report(privacy=level)))] == []


def test_the_form_admits_nothing_that_it_does_not_describe() -> None:
    wrong = tree(report())
    wrong["results"][1]["findings"][0]["cell"] = "x"
    wrong["exit"] = 64
    assert len(list(Draft202012Validator(FORM).iter_errors(wrong))) == 2


def test_every_object_of_the_form_is_closed() -> None:
    def objects(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, list):
            return [found for part in node for found in objects(part)]
        if not isinstance(node, dict):
            return []
        here = [node] if node.get("type") == "object" and "properties" in node else []
        return here + [found for part in node.values() for found in objects(part)]

    assert len(objects(FORM)) >= 8
    assert all(part["additionalProperties"] is False for part in objects(FORM))


def test_a_finding_carries_place_message_and_fingerprint() -> None:
    found = tree(report(privacy="rows"))["results"][3]["findings"][0]
    assert (found["file"], found["row"], found["column"], found["value"]) == ("residents.csv", 2, "続柄_表記", None)
    assert found["message"]["ja"]["mend"] == "4文字以内に直してください。"
    assert found["message"]["en"]["what"].endswith("(column 続柄_表記, value (hidden))")


def test_a_rule_that_found_only_provisional_things_is_not_also_listed_as_passed() -> None:
    entries = [entry for entry in tree(report())["results"] if entry["code"] == "RES-0005"]
    assert [entry["section"] for entry in entries] == ["provisional"]


def test_a_message_that_differs_from_finding_to_finding_is_open_at_the_rule() -> None:
    made = result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, "甲"), finding("RES-0001", 3, "乙"))
    entry = tree(report(made))["results"][0]
    assert entry["message"]["ja"]["what"] == "続柄に使えない言葉があります（列「…」、値 …）"
    assert entry["findings"][1]["message"]["ja"]["what"] == "続柄に使えない言葉があります（列「乙」、値 （非表示））"


def test_a_file_name_that_is_no_unicode_comes_back_as_it_was() -> None:
    made = report(result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, file="\udc83\udc41.csv")))
    assert tree(made)["results"][0]["findings"][0]["file"] == "\udc83\udc41.csv"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"schema": "other"}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_report_is_refused_in_both_languages(data: bytes) -> None:
    with pytest.raises(RefusedInput) as refused:
        parse(data)
    assert refused.value.ja
    assert refused.value.en
