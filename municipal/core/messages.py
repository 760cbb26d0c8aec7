"""Every error and alert that this program raises, read from the program itself (エラー・アラートの一覧).

The catalogue ``standards/messages/messages.csv`` is written from here, and a test holds both together: nothing is
raised that it does not name, and it names nothing that is not raised. What the ministry's own list of errors and
alerts calls each is not at hand: the column stays empty until a workbook is imported.
"""

import ast
import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path

from municipal.core.clauses import implements
from municipal.core.codes import STANDARDS

PATH = STANDARDS / "messages" / "messages.csv"
ERROR, ALERT = "error", "alert"
CANNOT_TELL = "cannot tell"
MISSING = "入力がないか、そのままでは進めません。"
CHECK = "入力と台帳の内容を確かめてください。"
"""What goes without saying in a message of one sentence."""


@dataclass(frozen=True, order=True)
class Message:
    """One error or alert: its code, the item it is about, why, and what to do (エラー・アラート).

    ``clause``: the clauses of the code that raises it. ``official``: its number in the official list.
    """

    kind: str
    code: str
    item: str
    reason: str
    remedy: str
    clause: str
    official: str = CANNOT_TELL


def split(sentence: str) -> tuple[str, str]:
    """The reason and the remedy in a sentence of ours: what is to be done stands last (理由と対処)."""
    parts = [f"{part}。" for part in sentence.split("。") if part]
    if len(parts) > 1:
        return "".join(parts[:-1]), parts[-1]
    return (MISSING, sentence) if sentence.endswith("ください。") else (sentence, CHECK)


@implements("resident-record/1.0#11.1/m1", "resident-record/1.0#11.1/m3")
def raised(folder: Path) -> list[Message]:
    """Every message in the sources below ``folder``, sorted (実装にあるエラー・アラート)."""
    found = set()
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations", "conformance"} & set(path.parts):
            found |= set(_of_module(ast.parse(path.read_text(encoding="utf-8"))))
    return sorted(found)


def _of_module(tree: ast.Module) -> Iterator[Message]:
    texts = dict(_constants(tree))
    for node, clauses in _with_clauses(tree, ""):
        if isinstance(node, ast.Call):
            yield from _of_call(node, clauses, texts)


def _with_clauses(node: ast.AST, clauses: str) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        clauses = " ".join(_clauses(node)) or clauses
    yield node, clauses
    for child in ast.iter_child_nodes(node):
        yield from _with_clauses(child, clauses)


def _clauses(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "implements":
            yield from (one.value for one in decorator.args if isinstance(one, ast.Constant))  # type: ignore[misc]


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            text = _text(node.value, {})
            if text:
                yield node.targets[0].id, text


def _text(node: ast.AST | None, texts: dict[str, str]) -> str:
    """The text of an expression, ``*`` for what is only known when it runs; empty where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return texts.get(node.id, "")
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, texts) if isinstance(part, ast.Constant) else "*" for part in node.values)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext_noop") and node.args:
        return _text(node.args[0], texts)
    return ""


def _of_call(call: ast.Call, clauses: str, texts: dict[str, str]) -> Iterator[Message]:
    name, said = getattr(call.func, "id", ""), {one.arg: one.value for one in call.keywords}
    if name == "Refused" and call.args and (sentence := _text(call.args[0], texts)):
        code = _text(said.get("code"), texts) or "refused"
        yield Message(ERROR, code, _text(said.get("field"), texts), *split(sentence), clauses)
    elif name == "Alert" and call.args and (code := _text(call.args[0], texts)):
        sentence = _text(call.args[1], texts) if len(call.args) > 1 else ""
        yield Message(ALERT, code, "", *split(sentence or "*"), clauses)
    elif "violation_error_message" in said and (sentence := _text(said["violation_error_message"], texts)):
        yield Message(ERROR, _text(said.get("name"), texts) or "*", "", *split(sentence), clauses)


def as_csv(messages: list[Message]) -> str:
    """The catalogue as the file holds it (一覧の保存形)."""
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow([one.name for one in fields(Message)])
    writer.writerows(astuple(one) for one in messages)
    return output.getvalue()


@cache
def catalogue() -> tuple[Message, ...]:
    """Every error and alert of the catalogue, sorted (エラー・アラートの一覧)."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return tuple(Message(**row) for row in csv.DictReader(file))
