"""Every rule proves itself, with both engines, and stands as the house asks (規則の証明)."""

import re
from pathlib import Path

import pytest

from municipal.conformance import proofs
from municipal.conformance.engine import Asked, check
from municipal.conformance.packs import shipped
from municipal.conformance.rules import Rule, Shape, all_rules

CODES = list(all_rules())
MESSAGES = {code: message for pack in shipped().values() for code, message in pack.messages.items()}


def found(case: proofs.Case, rule: Rule, folder: Path, *, is_plain: bool) -> list[tuple[str, int, str]]:
    asked = Asked(
        (case.lay_out(folder),), case.as_of, case.today, (case.pack,), only=frozenset({rule.code}), is_plain=is_plain
    )
    report = check(asked)
    assert not report.broken
    results = [result for result in report.results if result.code == rule.code]
    samples = [sample for result in results for sample in result.samples]
    assert sum(result.count for result in results) == len(samples)
    return sorted((sample.file, sample.row, sample.column) for sample in samples)


@pytest.mark.parametrize("is_plain", [False, True], ids=["fast", "plain"])
@pytest.mark.parametrize("code", CODES)
def test_a_rule_finds_its_bad_cases_and_nothing_in_its_good_ones(code: str, is_plain: bool, tmp_path: Path) -> None:
    rule = all_rules()[code]
    for number, case in enumerate(proofs.cases(rule)):
        assert found(case, rule, tmp_path / str(number), is_plain=is_plain) == sorted(case.finds), case.why
        assert case.is_good == (not case.finds), f"{case.why}: a bad case says what it finds, a good one finds nothing"


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_a_message_with_the_same_places_in_both_languages(code: str) -> None:
    message = MESSAGES[code]
    texts = [getattr(message, name) for name in message.__slots__]
    assert all(texts)
    places = [set(re.findall(r"%\((\w+)\)s", " ".join(texts[start : start + 3]))) for start in (1, 4)]
    differing = {place.removesuffix("_ja").removesuffix("_en") for place in places[0]}
    assert differing == {place.removesuffix("_ja").removesuffix("_en") for place in places[1]}


@pytest.mark.parametrize("code", CODES)
def test_a_rule_can_be_read_as_a_manual(code: str) -> None:
    rule = all_rules()[code]
    assert re.fullmatch(r"[A-Z]{3,4}-[0-9]{4}", rule.code)
    assert "_" in rule.name
    assert len(rule.manual.strip().splitlines()) >= 3, "a summary line and at least one paragraph"
    assert rule.clause


@pytest.mark.parametrize("code", CODES)
def test_a_rule_about_cells_or_rows_has_its_vectorised_form(code: str) -> None:
    rule = all_rules()[code]
    assert rule.fast is not None or rule.shape in (Shape.FILE, Shape.SET)


def test_no_message_is_left_without_its_rule() -> None:
    slips = ("ELQ-", "CVS-", "SLP-")
    assert {code for code in MESSAGES if not code.startswith(slips)} == set(CODES)
