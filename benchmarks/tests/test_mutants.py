"""The changes to rules are made, loaded and judged; how many survive is asked by nobody here (変異試験の動作確認)."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("mutmut", reason="mutmut is not installed")

from benchmarks.mutants.__main__ import FAMILIES, ROOT, RULES, UNIT_TESTS, report
from benchmarks.mutants.changes import ZIP, Mutant, difference, mutants_of
from benchmarks.mutants.judging import Family, fate, in_time, prove_all
from municipal.conformance.rules import all_rules

RULE = """
from rules import rule

LIMIT = 4


@rule("X-0001", clause="somewhere", concerns=lambda item: item.type == "X")
def a_rule(rows, others):
    \"\"\"Text is never changed.\"\"\"
    return [row for row, other in zip(rows, others, strict=True) if row > LIMIT]
"""
DIGITS = RULES / "item" / "check_digit.py"


@pytest.fixture
def family() -> Family:
    all_rules()
    return Family(RULES / "item")


def changes(tmp_path: Path) -> list[Mutant]:
    (tmp_path / "rule.py").write_text(RULE, encoding="utf-8")
    return list(mutants_of(Path("rule.py"), tmp_path))


def test_decorated_functions_constants_and_what_a_decorator_runs_are_changed(tmp_path: Path) -> None:
    after = [mutant.after for mutant in changes(tmp_path)]
    assert "LIMIT = 5" in after
    assert any("row >= LIMIT" in line for line in after)
    assert any('item.type != "X"' in line for line in after)


def test_code_clause_and_text_are_left_alone_and_no_change_comes_twice(tmp_path: Path) -> None:
    found = changes(tmp_path)
    assert all('"X-0001", clause="somewhere"' in mutant.source for mutant in found)
    assert all("Text is never changed." in mutant.source for mutant in found)
    assert len({mutant.source for mutant in found}) == len(found)


def test_only_the_guard_of_zip_is_not_judged(tmp_path: Path) -> None:
    excluded = [mutant for mutant in changes(tmp_path) if mutant.exclusion]
    assert {mutant.exclusion for mutant in excluded} == {ZIP}
    assert all("zip(rows, others" in mutant.after and "LIMIT" in mutant.after for mutant in excluded)
    assert 1 <= len(excluded) <= 3


def test_a_difference_is_told_by_its_line() -> None:
    assert difference("a\nb\nc", "a\n  x\nc") == (2, "b", "x")


def test_a_family_is_judged_and_left_as_it_was(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    some = [
        mutant for mutant in mutants_of(DIGITS, ROOT) if "kind.is_valid" in mutant.before or "shape &" in mutant.before
    ]
    assert "killed" in {fate(family, mutant) for mutant in some}
    prove_all(["municipal.conformance.rules.item.check_digit"])


def test_a_module_is_loaded_before_those_that_import_from_it() -> None:
    family = Family(RULES / "statistics")
    touched = family.touched_by("municipal.conformance.rules.statistics")
    assert touched[0] == "municipal.conformance.rules.statistics"
    assert set(touched) == set(family.paths)
    flow, jump = (f"municipal.conformance.rules.statistics.{name}" for name in ("stock_and_flow", "jump_and_return"))
    assert flow in touched
    assert family.touched_by(jump) == [jump]


def test_what_raises_or_fails_is_noticed() -> None:
    assert in_time(lambda: None)
    assert not in_time(lambda: sys.modules["no such module"])
    assert not in_time(lambda: pytest.fail("no"))


@pytest.mark.parametrize(("killed", "status"), [(9, 0), (8, 1)])
def test_the_share_decides_the_exit_status(killed: int, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    place = {"path": "rule.py", "line": 3, "before": "a", "after": "b"}
    fates = ["killed"] * killed + ["survived"] * (10 - killed) + [ZIP]
    assert report({"item": [{**place, "fate": ending} for ending in fates]}) == status
    printed = capsys.readouterr().out
    assert f"| item | 10 | {killed} | 0 | {10 - killed} | 1 | {killed * 10}.0 |" in printed
    assert f"- {ZIP}: 1" in printed
    assert printed.count("    + b") == 10 - killed


def test_every_family_of_rules_is_judged_and_every_unit_test_is_there() -> None:
    there = {path.parent.name for path in (ROOT / RULES).glob("*/__init__.py")}
    assert set(FAMILIES) == there
    tests = ROOT / "municipal" / "conformance" / "tests"
    assert all((tests / name).exists() for names in UNIT_TESTS.values() for name in names)
