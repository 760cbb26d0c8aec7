"""Judges the mutants of one family of rules by the proofs, in one process (変異の判定).

``python -m benchmarks.mutants.judging FAMILY ANSWER`` runs in the copy that ``benchmarks.mutants`` made.
"""

from __future__ import annotations

import ast
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from benchmarks.mutants.changes import KILLED, SURVIVED, Mutant, mutants_of
from municipal.conformance.rules import Rule, Shape, all_rules
from municipal.conformance.tests import test_rule_exactness as exactness
from municipal.conformance.tests import test_rule_proofs as proofs

RULES = "municipal.conformance.rules"
SECONDS = 20


class TooSlow(BaseException):
    """A change that never ends; no ``except Exception`` of a rule or of the engine catches it (時間切れ)."""


def name_of(path: Path) -> str:
    """The module that a file holds (モジュール名)."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _said(tree: ast.AST) -> set[str]:
    """Every name that stands in a piece of code, also as an attribute or in an import."""
    said = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    said |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return said | {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


class Family:
    """The modules of one family, which can be loaded anew, changed and unchanged (系統のモジュール)."""

    def __init__(self, folder: Path) -> None:
        self.paths = {name_of(path): path for path in sorted(folder.glob("*.py"))}
        self.texts = {name: path.read_text(encoding="utf-8") for name, path in self.paths.items()}
        self.codes = {name: self._compiled(name, text) for name, text in self.texts.items()}
        self.trees = {name: ast.parse(text) for name, text in self.texts.items()}
        self.said = {name: _said(tree) for name, tree in self.trees.items()}
        self.imports = {name: set(self._imported(tree)) & set(self.paths) for name, tree in self.trees.items()}

    def _compiled(self, name: str, text: str) -> CodeType:
        return compile(text, str(self.paths[name].absolute()), "exec")

    @staticmethod
    def _imported(tree: ast.Module) -> Iterator[str]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def touched_by(self, name: str) -> list[str]:
        """A module and all that import from it, each after what it imports (影響するモジュール)."""
        touched = [name]
        while True:
            more = [
                other
                for other, wanted in self.imports.items()
                if other not in touched and wanted & set(touched) and not (wanted - set(touched)) & self._above(name)
            ]
            if not more:
                return touched
            touched.extend(more)

    def concerned(self, name: str, line: int) -> list[str]:
        """Of ``touched_by``, what can feel a change of the statement at a line, however far (影響のある規則)."""
        names = self._named(name, line)
        felt: list[str] = [name]
        for other in self.touched_by(name)[1:]:
            said = self.said[other]
            is_whole = self.imports[other] & (set(felt) - {name})
            if is_whole or names & said:
                felt.append(other)
        return felt

    def _named(self, name: str, line: int) -> set[str]:
        """The names bound by the statement at a line, and by all that mention them in the same module."""
        bound = {number: self._bound(part) for number, part in enumerate(self.trees[name].body)}
        names: set[str] = set()
        for number, part in enumerate(self.trees[name].body):
            first = min([part.lineno, *(mark.lineno for mark in getattr(part, "decorator_list", []))])
            if first <= line <= (part.end_lineno or line):
                names |= bound[number]
        while True:
            more = {
                found
                for number, part in enumerate(self.trees[name].body)
                if names & _said(part)
                for found in bound[number]
            }
            if more <= names:
                return names
            names |= more

    @staticmethod
    def _bound(part: ast.stmt) -> set[str]:
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            return {part.name}
        return {node.id for node in ast.walk(part) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}

    def _above(self, name: str) -> set[str]:
        """All modules that import a module, however far."""
        above: set[str] = set()
        while more := {other for other, wanted in self.imports.items() if wanted & (above | {name})} - above:
            above |= more
        return above

    def load(self, names: list[str], changed: str = "") -> None:
        """Run modules again in their own namespaces, the first with the changed text (再読込)."""
        all_rules.cache_clear()
        for name in names:
            code = self._compiled(name, changed) if changed and name == names[0] else self.codes[name]
            exec(code, sys.modules[name].__dict__)


def in_time(what: Callable[[], object]) -> bool:
    """Whether a call ends by itself and without an error (時間内に成功するか)."""
    signal.alarm(SECONDS)
    try:
        what()
    except (Exception, TooSlow, pytest.fail.Exception):
        return False
    finally:
        signal.alarm(0)
    return True


def prove(rule: Rule) -> None:
    """Run every test that stands for one rule (一つの規則の証明)."""
    code = rule.code
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folders = (Path(name) / str(number) for number in range(9))
        proofs.test_a_rule_finds_its_bad_cases_and_nothing_in_its_good_ones(code, False, next(folders))
        proofs.test_a_rule_finds_its_bad_cases_and_nothing_in_its_good_ones(code, True, next(folders))
        exactness.test_both_forms_state_the_same_facts_and_they_fill_the_message(code, next(folders))
        if rule.shape is not Shape.FILE:
            exactness.test_the_cell_that_is_faulted_comes_with_the_fault(code, next(folders))
        if rule.is_exact and rule.shape in (Shape.ROW, Shape.ITEM):
            exactness.test_what_is_only_counted_is_counted_right(code, next(folders), patch)


def prove_all(names: list[str]) -> None:
    """Run the tests of every rule of these modules, in their order (規則群の証明)."""
    rules = {rule.judge.__module__: rule for rule in all_rules().values()}
    for name in names:
        if name in rules:
            prove(rules[name])


def fate(family: Family, mutant: Mutant) -> str:
    """Killed, survived, or why it is not judged (変異の判定)."""
    if mutant.exclusion:
        return mutant.exclusion
    name = name_of(mutant.path)
    names = family.touched_by(name)

    def judge() -> None:
        family.load(names, mutant.source)
        prove_all(family.concerned(name, mutant.line))

    try:
        return SURVIVED if in_time(judge) else KILLED
    finally:
        family.load(names)


def main(folder: str, answer: Path) -> None:
    """Judge a family and write every mutant with its fate (系統の判定)."""
    signal.signal(signal.SIGALRM, _too_slow)
    all_rules()
    here = Path.cwd()
    family = Family(Path(*RULES.split("."), folder))
    everything = list(family.paths)
    prove_all(everything)
    found: list[dict[str, Any]] = []
    for path in family.paths.values():
        for mutant in mutants_of(path, here):
            found.append({**asdict(mutant), "path": str(path), "fate": (ending := fate(family, mutant))})
            if ending != SURVIVED:
                del found[-1]["source"]
        print(f"{path}: {len(found)} so far", file=sys.stderr, flush=True)
        # Nothing of a change may be left behind, or the next ones are judged wrongly.
        prove_all(family.touched_by(name_of(path)))
    answer.write_text(json.dumps(found), encoding="utf-8")


def _too_slow(signal_number: int, frame: FrameType | None) -> None:
    raise TooSlow


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
