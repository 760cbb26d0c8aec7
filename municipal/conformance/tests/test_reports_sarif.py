"""The SARIF report keeps to the rules of SARIF 2.1.0 that matter for it (SARIF形式の試験)."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from municipal.conformance import baseline, reports, waivers
from municipal.conformance.findings import Outcome, Severity
from municipal.conformance.privacy import LEVELS
from municipal.conformance.results import Report
from municipal.conformance.tests.made_reports import TODAY, finding, report, result

# A part of the standard's own rules, written down here: what we use, and nothing besides.
TEXT: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {
                        "uri": {"pattern": "^[A-Za-z0-9._~/%-]+$"},
                        "index": {"type": "integer", "minimum": 0},
                    },
                },
                "region": {"required": ["startLine"], "properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
        "logicalLocations": {"type": "array", "items": {"required": ["name"]}},
    },
}
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ruleId", "ruleIndex", "kind", "level", "message"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "kind": {"enum": ["pass", "open", "informational", "notApplicable", "review", "fail"]},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
        "suppressions": {
            "type": "array",
            "items": {
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                },
            },
        },
        "properties": {"type": "object"},
    },
    "if": {"properties": {"kind": {"not": {"const": "fail"}}}},
    "then": {"properties": {"level": {"const": "none"}}},
}
RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": {**TEXT, "required": ["text", "markdown"]},
        "defaultConfiguration": {"required": ["level"], "properties": {"level": LEVEL}},
    },
}
INVOCATION = {
    "type": "object",
    "required": ["executionSuccessful"],
    "properties": {"executionSuccessful": {"type": "boolean"}, "exitCode": {"type": "integer"}},
}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {
            "required": ["driver"],
            "properties": {
                "driver": {
                    "required": ["name"],
                    "properties": {"rules": {"type": "array", "uniqueItems": True, "items": RULE}},
                }
            },
        },
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": {"type": "array", "items": INVOCATION},
        "results": {"type": "array", "items": RESULT},
    },
}
FORM = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string"},
        "runs": {"type": "array", "items": RUN},
    },
}


def run(made: Report) -> dict[str, Any]:
    tree = json.loads(reports.write(made, "sarif"))
    assert [error.message for error in Draft202012Validator(FORM).iter_errors(tree)] == []
    return dict(tree["runs"][0])


@pytest.mark.parametrize("level", LEVELS)
def test_every_result_points_to_its_rule_and_its_file(level: str) -> None:
    made = run(report(privacy=level))
    rules = made["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) == 8
    assert made["results"]
    for entry in made["results"]:
        assert rules[entry["ruleIndex"]]["id"] == entry["ruleId"]
        for location in entry.get("locations", ()):
            artifact = location["physicalLocation"]["artifactLocation"]
            assert made["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]


def test_the_level_follows_the_severity_and_provisional_grounds_are_notes() -> None:
    made = run(report())
    levels = [(entry["ruleId"], entry["kind"], entry["level"]) for entry in made["results"]]
    assert set(levels) == {
        ("FILE-0002", "fail", "warning"),
        ("RES-0001", "fail", "error"),
        ("RES-0001", "fail", "note"),
        ("RES-0002", "fail", "note"),
        ("RES-0003", "open", "none"),
        ("RES-0005", "fail", "note"),
    }


def test_a_rule_helps_in_both_languages() -> None:
    rule = run(report())["tool"]["driver"]["rules"][3]
    assert "住民票の写しに誤った続柄が載ります。" in rule["help"]["text"]
    assert "- **How to mend**: Shorten it to 4 characters." in rule["help"]["markdown"]
    assert rule["properties"]["clause"] == "resident-record/1.0#1.1.11/n1"


def test_the_region_is_the_row_and_the_whole_file_has_none() -> None:
    made = run(report())
    lines = [entry["locations"][0]["physicalLocation"].get("region", {}).get("startLine") for entry in made["results"]]
    assert lines == [None, *range(2, 12), 40, 5, 6, 7]
    assert made["results"][1]["locations"][0]["logicalLocations"][0]["name"] == "続柄_表記"


def test_file_names_become_relative_addresses_that_can_be_read_back() -> None:
    made = run(report(result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, file="x.zip/世帯#1.csv"))))
    uri = made["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == "x.zip/世帯#1.csv"
    assert "#" not in uri
    assert made["artifacts"][1]["hashes"]["sha-256"] == "ab" * 32


def test_fingerprints_stay_when_other_findings_and_the_value_change() -> None:
    one = run(report(result("RES-0001", Outcome.FAILED, finding("RES-0001", 9, value="甲"))))["results"]
    two = run(report(result("RES-0001", Outcome.FAILED, finding("RES-0001", 2), finding("RES-0001", 9, value="乙"))))[
        "results"
    ]
    assert one[0]["partialFingerprints"] == two[1]["partialFingerprints"]
    assert two[0]["partialFingerprints"] != two[1]["partialFingerprints"]


def test_a_baseline_marks_every_result_new_or_unchanged() -> None:
    earlier = report(result("RES-0001", Outcome.FAILED, finding("RES-0001", 2)))
    later = report(result("RES-0001", Outcome.FAILED, finding("RES-0001", 2), finding("RES-0001", 3)))
    made = run(baseline.since(later, baseline.read(reports.write(earlier, "json"))))
    assert [entry["baselineState"] for entry in made["results"]] == ["unchanged", "new"]
    assert not any("baselineState" in entry for entry in run(later)["results"])


def test_a_waived_finding_is_suppressed_and_the_others_say_that_they_are_not(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text(
        '[[waiver]]\nrule="RES-0001"\nscope={file="*",rows=[2]}\nreason="r"\napprover="a"\nexpires=2027-01-01\n'
    )
    made = run(waivers.apply(report(), waivers.read(file, TODAY)))
    suppressed = [entry for entry in made["results"] if entry["suppressions"]]
    assert [entry["suppressions"] for entry in suppressed] == [
        [{"kind": "external", "status": "accepted", "justification": "r (a, 2027-01-01)"}]
    ]
    assert len(made["results"]) == 15


def test_a_wholly_waived_rule_is_suppressed_even_where_only_counts_are_told() -> None:
    waived = result("RES-0001", Outcome.WAIVED, finding("RES-0001", 2), waived=1)
    made = run(report(waived, privacy="counts"))
    assert made["results"][0]["suppressions"] == [{"kind": "external", "status": "accepted"}]
    assert "locations" not in made["results"][0]


def test_a_rule_that_could_not_run_and_a_problem_with_waivers_are_notifications() -> None:
    made = run(report(result("RES-0004", Outcome.UNTESTED, reason_ja="なし", reason_en="none")))["invocations"][0]
    assert made["executionSuccessful"] is False
    assert (made["exitCode"], made["toolExecutionNotifications"][0]["associatedRule"]["id"]) == (2, "RES-0004")
    made = run(report(result("RES-0001"), problems=(("切れ", "expired"),)))["invocations"][0]
    assert made["toolConfigurationNotifications"][0]["message"]["text"] == "切れ / expired"


def test_rules_without_findings_are_no_results() -> None:
    made = run(report(result("RES-0001"), result("RES-0002", Outcome.INAPPLICABLE, severity=Severity.INFO)))
    assert made["results"] == []
    assert [rule["properties"]["results"][0]["outcome"] for rule in made["tool"]["driver"]["rules"]] == [
        "passed",
        "inapplicable",
    ]


@pytest.mark.parametrize(
    ("level", "value"), [("rows", None), ("masked", {"value": "あ…(2)"}), ("raw", {"value": "あい"})]
)
def test_the_value_is_a_property_where_it_is_shown(level: str, value: object) -> None:
    made = run(report(result("RES-0001", Outcome.FAILED, finding("RES-0001", 2, value="あい")), privacy=level))
    assert made["results"][0].get("properties") == value


def test_a_rule_says_what_it_looks_for_in_both_languages_at_once() -> None:
    rule = run(report())["tool"]["driver"]["rules"][0]
    assert rule["shortDescription"]["text"].startswith(
        "続柄に使えない言葉があります（列「…」、値 …） / The relationship"
    )
