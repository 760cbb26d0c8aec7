"""No clause is named that the shipped requirements do not hold (条項番号の試験)."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import municipal
from municipal.conformance.packs import Pack, shipped
from municipal.conformance.rules import all_rules
from municipal.conformance.slips import catalogue
from municipal.core.clauses import CLAUSE, implemented

ROOT = Path(__file__).parents[2]
REQUIREMENTS = {f"{pack.id}/{pack.version}": pack for pack in shipped().values() if pack.requirements}
# A clause in running text: the sentence behind it may end in a full stop, which is no part of the number.
MENTIONED = re.compile(r"\b([a-z][a-z0-9-]*/[0-9]+(?:\.[0-9]+)*)#([0-9]+(?:\.[0-9]+)*(?:/[a-z]+[0-9]+)?)")
FOLDERS = ("municipal", "fixtures", "benchmarks", "standards", "docs")
TEXTS = {".py", ".md", ".toml", ".csv", ".html"}


def is_known(standard: str, place: str) -> bool:
    """Whether the sentence, the section or, for a chapter, any section below it is a requirement we hold."""
    pack = REQUIREMENTS.get(standard)
    if pack is None:
        return False
    if "/" in place:
        return place in clauses(pack)
    return any(f"{section}.".startswith(f"{place}.") for section in sections(pack))


def clauses(pack: Pack) -> set[str]:
    return {requirement.clause for requirement in pack.requirements}


def sections(pack: Pack) -> set[str]:
    return {requirement.section for requirement in pack.requirements}


def unknown(text: str) -> list[str]:
    """The clauses of our standards that ``text`` names and no pack holds; other standards are not ours to judge."""
    ours = {standard.partition("/")[0] for standard in REQUIREMENTS}
    named = [match.groups() for match in MENTIONED.finditer(text)]
    return [f"{a}#{b}" for a, b in named if a.partition("/")[0] in ours and not is_known(a, b)]


def calls_of(name: str, tree: ast.AST) -> Iterator[str]:
    """Every text given to a call of ``name``, in whatever shape: f(...), x.f(...), @f(...), f(*names)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
            for constant in ast.walk(ast.Tuple(elts=list(node.args), ctx=ast.Load())):
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                    yield constant.value


def sources() -> Iterator[Path]:
    for folder in ("municipal", "fixtures", "benchmarks"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_the_requirements_of_the_resident_record_are_shipped() -> None:
    assert "resident-record/1.0" in REQUIREMENTS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see resident-record/1.0#1.1.11/n1.", []),
        ("a whole section, resident-record/1.0#1.1.8. Then more.", []),
        ("a chapter: resident-record/1.0#2.1", []),
        ("resident-record/1.0#1.1.11/n9", ["resident-record/1.0#1.1.11/n9"]),
        ("resident-record/1.0#1.1.1/x1", ["resident-record/1.0#1.1.1/x1"]),
        ("resident-record/1.0#99", ["resident-record/1.0#99"]),
        ("resident-record/1.0#1.1.99/m1", ["resident-record/1.0#1.1.99/m1"]),
        ("resident-record/6.1#1.1.1/m1", ["resident-record/6.1#1.1.1/m1"]),
        ("another-standard/2#1.1", []),
    ],
)
def test_a_wrong_clause_is_seen_and_a_right_one_is_not(text: str, found: list[str]) -> None:
    assert unknown(text) == found


def test_a_section_is_not_known_because_another_number_begins_alike() -> None:
    assert is_known("resident-record/1.0", "1.1.1")
    assert not is_known("resident-record/1.0", "1.1.1.1")
    assert not is_known("resident-record/1.0", "4.1.1.2.")


def test_what_a_decorator_says_is_read_in_every_shape() -> None:
    tree = ast.parse('@clauses.implements("a", "b")\n@implements(*("c",))\ndef f(): mark.clause("d")\n')
    assert sorted(calls_of("implements", tree)) == ["a", "b", "c"]
    assert list(calls_of("clause", tree)) == ["d"]


def test_every_decorated_operation_names_clauses_that_exist() -> None:
    for module in pkgutil.walk_packages(municipal.__path__, "municipal."):
        # wsgi.py checks the database when it is imported; it holds nothing but the server.
        if not re.search(r"\.(migrations|tests)\b|^municipal\.wsgi$", module.name):
            importlib.import_module(module.name)
    assert implemented
    assert {clause: where for clause, where in implemented.items() if not is_known(*clause.split("#"))} == {}


def test_no_source_names_a_clause_in_a_decorator_or_marker_that_does_not_exist() -> None:
    found = []
    for path in sources():
        if path == ROOT / "municipal" / "core" / "tests" / "test_clauses.py":
            continue  # proves that the grammar refuses wrong ids
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = [*calls_of("implements", tree), *calls_of("clause", tree)]
        found += [f"{path.relative_to(ROOT)}: {text}" for text in named if "#" not in text or unknown(text)]
    assert found == []


def test_every_rule_names_a_clause_that_exists_or_a_document() -> None:
    rules = all_rules().values()
    numbered = [rule for rule in rules if CLAUSE.match(rule.clause)]
    assert {rule.code: rule.clause for rule in numbered if not is_known(*rule.clause.split("#"))} == {}
    assert [rule.code for rule in rules if not rule.clause.strip()] == []


def test_no_text_of_the_project_mentions_a_clause_that_does_not_exist() -> None:
    found = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in TEXTS and path != Path(__file__) and "test_clauses" not in path.stem:
                found += [f"{path.relative_to(ROOT)}: {clause}" for clause in unknown(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize("standard", sorted(REQUIREMENTS))
def test_every_check_of_a_requirement_is_a_rule_that_names_it_and_the_other_way_round(standard: str) -> None:
    """A rule that proves a sentence stands in its row, and a row names no rule that is not there."""
    clause_of = {code: rule.clause for code, rule in all_rules().items()}
    clause_of |= {code: rule.clause for code, rule in catalogue.rules().items()}
    rows = {f"{standard}#{row.clause}": row for row in REQUIREMENTS[standard].requirements}
    assert [code for code, clause in clause_of.items() if clause in rows and code not in rows[clause].checks] == []
    entries = {entry["id"] for entry in REQUIREMENTS[standard].rows("ambiguities.csv")}
    named = {check for row in rows.values() for check in row.checks}
    assert sorted(named - set(clause_of) - entries) == []
