"""Which test proves which clause, read from the tests themselves (条項の試験).

A test says it with ``@pytest.mark.clause("resident-record/1.0#4.1.1.2/m3")``. Reading the files needs neither pytest
nor a database, so that the report can be printed on any machine that has the source.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

MARK = "pytest.mark.clause"


def marked(folder: Path) -> dict[str, list[str]]:
    """Clause id to the names of the tests below ``folder`` that are marked with it (試験の一覧).

    A mark on a class, or ``pytestmark`` of a module, counts for every test in it.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if MARK in text:
            tree, name = ast.parse(text), path.relative_to(folder).as_posix()
            _spell_out(tree)
            for test, clause in _marks(tree.body, name, _of_module(tree)):
                found[clause].append(test)
    return dict(found)


def _spell_out(tree: ast.Module) -> None:
    """Write constants of the module into f-strings: a test file names its standard once, ``f"{V1}#1.1.5/m1"``."""
    known: dict[str, object] = {
        target.id: node.value.value
        for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == MARK:
            call.args = [_spelt(one, known) if isinstance(one, ast.JoinedStr) else one for one in call.args]


def _spelt(text: ast.JoinedStr, known: dict[str, object]) -> ast.expr:
    parts = []
    for part in text.values:
        value = part.value if isinstance(part, ast.Constant | ast.FormattedValue) else None
        said = known.get(value.id) if isinstance(value, ast.Name) else value
        if not isinstance(said, str):
            return text
        parts.append(said)
    return ast.Constant("".join(parts))


def _of_module(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "pytestmark" for target in node.targets):
            return _clauses([node.value])
    return []


def _marks(body: list[ast.stmt], place: str, inherited: list[str]) -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _marks(node.body, f"{place}::{node.name}", [*inherited, *_clauses(node.decorator_list)])
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for clause in dict.fromkeys([*inherited, *_clauses(node.decorator_list)]):
                yield f"{place}::{node.name}", clause


def _clauses(nodes: list[ast.expr]) -> list[str]:
    # Anywhere inside: a mark may sit on one parameter of a parametrised test.
    inside = [found for node in nodes for found in ast.walk(node)]
    calls = [node for node in inside if isinstance(node, ast.Call) and ast.unparse(node.func) == MARK]
    return [
        one.value for call in calls for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
