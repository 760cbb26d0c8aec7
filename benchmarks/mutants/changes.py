"""The small changes to a file of rules, made with mutmut's operators (変異の生成)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import libcst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import NEVER_MUTATE_FUNCTION_NAMES, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

SURVIVED, KILLED = "survived", "killed"
ZIP = "strict= of zip, which only guards the program against itself"
EXCLUSIONS = (ZIP,)
"""Changes that are made and not judged, with the reason."""

TOLD = {None, "clause", "severity", "standing", "pack", "packs", "kinds", "table", "needs", "uses"}
"""Arguments of a rule's decorator that are told, not run: never changed, as mutmut changes no decorator at all."""


@dataclass(frozen=True)
class Mutant:
    """One small change: the whole changed text of a file and the line that differs (変異).

    ``exclusion`` says why it is not judged; empty for nearly all.
    """

    path: Path
    source: str
    line: int
    before: str
    after: str
    exclusion: str = ""


class Visitor(MutationVisitor):  # type: ignore[misc, unused-ignore]
    """mutmut's visitor, which also enters decorated functions: every rule is one (変異の収集)."""

    def _skip_node_and_children(self, node: libcst.CSTNode) -> bool:
        if isinstance(node, libcst.FunctionDef) and node.decorators:
            return node.name.value in NEVER_MUTATE_FUNCTION_NAMES
        if isinstance(node, libcst.Decorator):
            self._enter(node)
            return True
        return bool(super()._skip_node_and_children(node))

    def _enter(self, node: libcst.Decorator) -> None:
        """What a decorator is given to run is code like any other; the call itself is left as it is."""
        for argument in node.decorator.args if isinstance(node.decorator, libcst.Call) else ():
            if (argument.keyword and argument.keyword.value) not in TOLD:
                argument.value.visit(self)


def mutants_of(path: Path, root: Path) -> Iterator[Mutant]:
    """Every different change of a file, in the order of its lines (ファイルの変異)."""
    source = (root / path).read_text(encoding="utf-8")
    wrapper = MetadataWrapper(libcst.parse_module(source))
    visitor = Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = wrapper.visit(visitor)
    # The same change can come from two operators, and some change the text alone.
    seen = {ast.dump(ast.parse(source))}
    for mutation in visitor.mutations:
        changed = deep_replace(module, mutation.original_node, mutation.mutated_node)
        assert isinstance(changed, libcst.Module)
        text = changed.code
        meaning = ast.dump(ast.parse(text))
        if meaning not in seen:
            seen.add(meaning)
            line, before, after = difference(source, text)
            yield Mutant(path, text, line, before, after, exclusion(mutation.original_node, before, after))


def difference(source: str, changed: str) -> tuple[int, str, str]:
    """Number of the first line that differs, that line before and after (相違行)."""
    old, new = source.splitlines(), changed.splitlines()
    for kind, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            return start + 1, " ".join(map(str.strip, old[start:end])), " ".join(map(str.strip, new[begin:stop]))
    raise ValueError("nothing differs")


def exclusion(node: libcst.CSTNode, before: str, after: str) -> str:
    """Why a change is not judged, or "" (対象外の理由)."""
    is_zip = "zip(" in before and "strict=True" in before
    if is_zip and after.replace("strict=False", "strict=True").replace("strict=None", "strict=True") == before:
        return ZIP
    if is_zip and after == before.replace(", strict=True", ", "):
        return ZIP
    return ""
