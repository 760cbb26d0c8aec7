"""What is new since an earlier report, listed in full or not (前回との比較の試験)."""

import json

import pytest

from municipal.conformance import baseline, reports
from municipal.conformance.findings import Finding, Outcome, Standing
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.results import Report, RuleResult
from municipal.conformance.tests.made_reports import finding, report, result


def failed(*rows: int, code: str = "RES-0001", **changes: object) -> RuleResult:
    return result(code, Outcome.FAILED, *(finding(code, row) for row in rows), **changes)


def written(*results: RuleResult, **changes: object) -> bytes:
    return reports.write(report(*results, **changes), "json")


def since(now: Report, *earlier: RuleResult, **changes: object) -> Report:
    return baseline.since(now, baseline.read(written(*earlier, **changes)))


def test_a_finding_in_another_place_is_new_and_one_in_the_same_place_is_not() -> None:
    made = since(report(failed(2, 3, 9)), failed(2, 3, 4))
    assert made.results[0].new == 1
    marks = made.facts["baseline"]
    assert [marks.is_new(baseline.fingerprint(place)) for place in made.results[0].samples] == [False, False, True]


def test_two_findings_in_one_place_where_there_was_one_are_one_new() -> None:
    assert since(report(failed(2, 2)), failed(2)).results[0].new == 1


def test_nothing_is_new_against_the_same_report() -> None:
    made = since(report(), *report().results)
    assert [entry.new for entry in made.results] == [0] * len(made.results)


def test_everything_is_new_for_a_rule_that_the_baseline_does_not_have() -> None:
    made = since(report(failed(2, 3, count=50)), result("RES-0009"))
    assert made.results[0].new == 50
    assert len(made.facts["baseline"].new) == 2


@pytest.mark.parametrize(("old_count", "new_count", "new"), [(10, 15, 5), (15, 10, 0), (10, 10, 0)])
def test_counts_decide_where_not_all_findings_are_listed(old_count: int, new_count: int, new: int) -> None:
    made = since(report(failed(2, 3, count=new_count)), failed(2, count=old_count))
    assert made.results[0].new == new
    assert made.facts["baseline"].is_new(baseline.fingerprint(finding("RES-0001", 3))) is None


def test_listed_findings_that_the_full_earlier_list_lacks_are_new_at_least() -> None:
    made = since(report(failed(7, 8, 9, count=4)), failed(2, 3, 4))
    assert made.results[0].new == 3


def test_a_baseline_of_counts_alone_is_compared_by_counts() -> None:
    assert since(report(failed(2, 3)), failed(2), privacy="counts").results[0].new == 1


def test_provisional_findings_are_compared_with_provisional_ones() -> None:
    apart = failed(2, standing=Standing.PROVISIONAL, decisive=0)
    made = since(report(failed(3), apart), failed(3), failed(2, standing=Standing.PROVISIONAL, decisive=0))
    assert [entry.new for entry in made.results] == [0, 0]


def test_the_later_report_names_the_earlier_one() -> None:
    tree = json.loads(reports.write(since(report(failed(2)), failed(2)), "json"))
    assert tree["baseline"]["today"] == "2026-11-23"
    assert len(tree["baseline"]["sha256"]) == 64
    assert tree["results"][0]["findings"][0]["new"] is False


def test_the_fingerprint_knows_the_place_and_not_the_value() -> None:
    place = Finding("a.csv", 2, "氏名", "RES-0001", "山田")
    assert baseline.fingerprint(place) == baseline.fingerprint(Finding("a.csv", 2, "氏名", "RES-0001", "鈴木"))
    others = [
        Finding("b.csv", 2, "氏名", "RES-0001"),
        Finding("a.csv", 3, "氏名", "RES-0001"),
        Finding("a.csv", 2, "氏", "RES-0001"),
        Finding("a.csv", 2, "氏名", "RES-0002"),
        Finding("\udc80.csv", 2, "氏名", "RES-0001"),
    ]
    assert len({baseline.fingerprint(other) for other in (place, *others)}) == 6


def test_two_reports_side_by_side_show_counts_outcomes_and_movement() -> None:
    old = written(failed(2, 3), result("RES-0002"), failed(5, code="RES-0003"))
    new = written(failed(3, 4), failed(9, code="RES-0002"), result("RES-0004"))
    made = baseline.compare(old, new)
    assert [
        (
            change.code,
            change.old_count,
            change.new_count,
            change.old_outcome,
            change.new_outcome,
            change.appeared,
            change.gone,
        )
        for change in made.changes
    ] == [
        ("RES-0001", 2, 2, "failed", "failed", 1, 1),
        ("RES-0002", 0, 1, "passed", "failed", 1, 0),
        ("RES-0003", 1, None, "failed", None, 0, 1),
        ("RES-0004", None, 0, None, "passed", 0, 0),
    ]
    assert [change.is_change for change in made.changes] == [True, True, True, True]
    assert made.same_basis


def test_a_report_does_not_differ_from_itself() -> None:
    made = baseline.compare(written(), written())
    assert not any(change.is_change for change in made.changes)
    assert len(made.changes) == 8


def test_a_comparison_across_other_packs_says_so() -> None:
    tree = json.loads(written())
    tree["packs"][0]["digest"] = "00" * 32
    assert not baseline.compare(written(), json.dumps(tree).encode()).same_basis


@pytest.mark.parametrize("broken", ["results", "packs", "today", "engine"])
def test_a_baseline_that_lacks_something_is_refused(broken: str) -> None:
    tree = json.loads(written())
    del tree[broken]
    with pytest.raises(RefusedInput, match=f"lacks something: '{broken}'"):
        baseline.read(json.dumps(tree).encode())


@pytest.mark.parametrize("results", ["x", 3, [1], [{"code": "RES-0001"}], [{"code": 1, "standing": 2, "findings": 3}]])
def test_a_baseline_with_other_things_in_it_is_refused(results: object) -> None:
    tree = json.loads(written()) | {"results": results}
    with pytest.raises(RefusedInput, match="基準"):
        baseline.read(json.dumps(tree).encode())


def test_a_rule_with_two_results_is_compared_as_one_with_the_outcome_of_what_was_found() -> None:
    apart = failed(2, 3, standing=Standing.PROVISIONAL, decisive=0)
    made = baseline.compare(written(result("RES-0001")), written(failed(7), apart))
    assert [(change.new_count, change.new_outcome, change.appeared, change.gone) for change in made.changes] == [
        (3, "failed", 3, 0)
    ]
    gone = baseline.compare(written(failed(7), apart), written(result("RES-0001")))
    assert [(change.new_outcome, change.gone, change.is_change) for change in gone.changes] == [("passed", 3, True)]
