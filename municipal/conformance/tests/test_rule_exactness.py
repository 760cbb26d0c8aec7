"""The vectorised form of a rule says neither less nor more than the plain one, nor anything else (高速版の厳密さ)."""

import csv
import io
import re
from pathlib import Path

import pytest

from municipal.conformance import proofs
from municipal.conformance.engine import Asked, check, rows
from municipal.conformance.findings import Finding
from municipal.conformance.packs import shipped
from municipal.conformance.results import RuleResult
from municipal.conformance.rules import Rule, Shape, all_rules

CODES = list(all_rules())
EXACT = [code for code in CODES if all_rules()[code].shape in (Shape.ROW, Shape.ITEM) and all_rules()[code].is_exact]
MESSAGES = {code: message for pack in shipped().values() for code, message in pack.messages.items()}


def results(case: proofs.Case, rule: Rule, folder: Path, *, cap: int = 100, is_plain: bool = False) -> list[RuleResult]:
    asked = Asked(
        (folder,), case.as_of, case.today, (case.pack,), only=frozenset({rule.code}), cap=cap, is_plain=is_plain
    )
    return [result for result in check(asked).results if result.code == rule.code]


def samples(case: proofs.Case, rule: Rule, folder: Path, *, is_plain: bool) -> list[Finding]:
    return sorted(sample for result in results(case, rule, folder, is_plain=is_plain) for sample in result.samples)


@pytest.mark.parametrize("code", EXACT)
def test_what_is_only_counted_is_counted_right(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "EXPLAINED_AT_ONCE", 0)  # nothing is explained, so the expression alone counts
    rule = all_rules()[code]
    for number, case in enumerate(proofs.cases(rule)):
        if case.pack.facts.get("told_by_column"):
            continue  # what is told once for a column has to be explained
        counted = results(case, rule, case.lay_out(tmp_path / str(number)), cap=0)
        assert sum(result.count for result in counted) == len(case.finds), case.why


@pytest.mark.parametrize("code", CODES)
def test_both_forms_state_the_same_facts_and_they_fill_the_message(code: str, tmp_path: Path) -> None:
    rule, message = all_rules()[code], MESSAGES[code]
    places = set(re.findall(r"%\((\w+)\)s", " ".join(getattr(message, name) for name in message.__slots__)))
    for number, case in enumerate(proofs.cases(rule)):
        folder = case.lay_out(tmp_path / str(number))
        fast, plain = (samples(case, rule, folder, is_plain=is_plain) for is_plain in (False, True))
        assert [dict(sample.facts) for sample in fast] == [dict(sample.facts) for sample in plain], case.why
        if case.facts:
            expected = sorted(zip(case.finds, case.facts, strict=True), key=lambda finding: finding[0])
            assert [dict(sample.facts) for sample in plain] == [dict(facts) for _, facts in expected], case.why
        for sample in plain:
            assert places - {"column", "value"} <= set(sample.facts), case.why
            assert not {"column", "value"} & set(sample.facts)


HIDDEN = {
    "ITEM-0001",  # speaks of empty cells, and of whole columns at their heading
    *("LINK-0007", "LINK-0020"),  # tokens, and what is said of secrets, are not repeated at any level
    *(
        "KEY-0001",
        "KEY-0002",
        "RES-0002",
        "RES-0006",
        "RES-0023",
        "RES-0054",
        "RES-0055",
        "RES-0067",
    ),  # rows, not cells
}


def cells(path: Path, row: int) -> dict[str, str]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp932")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    return dict(zip(lines[0], lines[row - 1], strict=True)) if row else {}


@pytest.mark.parametrize("code", [code for code in CODES if all_rules()[code].shape is not Shape.FILE])
def test_the_cell_that_is_faulted_comes_with_the_fault(code: str, tmp_path: Path) -> None:
    rule = all_rules()[code]
    for number, case in enumerate(proofs.cases(rule)):
        folder = case.lay_out(tmp_path / str(number))
        for sample in samples(case, rule, folder, is_plain=True):
            cell = cells(folder / sample.file, sample.row).get(sample.column, "")
            assert sample.value == ("" if code in HIDDEN else cell), case.why


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("RES-0102", [{"words": 5, "limit": 4}, {"words": 6, "limit": 4}, {"words": 5, "limit": 4}]),
        ("RES-0105", [{"codes": 1}, {"codes": 2}, {"codes": 3}, {"codes": 1}]),
        ("RES-0108", [{"first": 2}, {"first": 5}, {"first": 5}]),
        ("RES-0165", [{"people": 3}]),
        ("LINK-0002", [{"kind": "csv"}, {"kind": "tsv"}]),
        ("LINK-0011", [{"providers": 2}, {"providers": 3}]),
        ("LINK-0020", [{"length": 31, "limit": 32}, {"length": 8, "limit": 32}, {"length": 0, "limit": 32}]),
        ("LINK-0021", [{"first": 2}, {"first": 2}]),
    ],
)
def test_the_facts_of_the_first_bad_case_are_these(code: str, facts: list[dict[str, object]], tmp_path: Path) -> None:
    rule = all_rules()[code]
    case = next(case for case in proofs.cases(rule) if not case.is_good)
    found = samples(case, rule, case.lay_out(tmp_path), is_plain=False)
    assert [dict(sample.facts) for sample in found] == facts
