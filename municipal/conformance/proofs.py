"""The proof of a rule: good and bad data beside it, run through the whole checker (規則の証明).

``<rule>.toml`` names a pack and lists cases, each with small files. In a good case the rule finds nothing; in a bad
one it finds exactly what ``finds`` says: file, row as a spreadsheet counts, heading. ``facts`` may say what is told
with each of them.
"""

from __future__ import annotations

import inspect
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from municipal.conformance.packs import Pack, UnreadablePack, find, load
from municipal.conformance.rules import Rule

_DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Case:
    """One case of a proof (証明の事例).

    ``files`` gives bytes by name. ``finds`` is empty for a good case. ``facts`` is empty or as long as ``finds``.
    """

    is_good: bool
    why: str
    pack: Pack
    as_of: date
    today: date
    files: Mapping[str, bytes]
    finds: tuple[tuple[str, int, str], ...]
    facts: tuple[Mapping[str, object], ...] = ()

    def lay_out(self, folder: Path) -> Path:
        """Write its files below ``folder`` (事例のファイルの作成)."""
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder


def path_of(rule: Rule) -> Path:
    """Where the proof of a rule stands (証明ファイルの場所)."""
    return Path(inspect.getfile(rule.judge)).with_suffix(".toml")


def cases(rule: Rule) -> Iterator[Case]:
    """The cases of a rule; raises UnreadablePack when there is no proof or it has no good or no bad case (事例)."""
    path = path_of(rule)
    try:
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UnreadablePack(f"{rule.code} has no readable proof {path.name}: {error}") from error
    if not facts.get("good") or not facts.get("bad"):
        raise UnreadablePack(f"the proof {path.name} needs a good and a bad case")
    for kind in ("good", "bad"):
        for case in facts[kind]:
            yield _case({**facts, **case}, _pack(case.get("pack", facts["pack"]), path.parent), is_good=kind == "good")


def _pack(name: str, beside: Path) -> Pack:
    """A shipped pack, or, with a dot in front, a folder beside the proof."""
    return load(beside / name) if name.startswith(".") else find(name)


def _case(case: Mapping[str, Any], pack: Pack, *, is_good: bool) -> Case:
    today = case.get("today", _DAY)
    return Case(
        is_good=is_good,
        why=case["why"],
        pack=pack,
        as_of=case.get("as_of", today),
        today=today,
        files={**_texts(case), **{name: bytes.fromhex(data) for name, data in case.get("hex", {}).items()}},
        finds=tuple((file, row, column) for file, row, column in case.get("finds", ())),
        facts=tuple(case.get("facts", ())),
    )


def _texts(case: Mapping[str, Any]) -> dict[str, bytes]:
    encoding, newline = case.get("encoding", "utf-8"), case.get("newline", "\n")
    mark = "\ufeff" if case.get("bom") else ""
    return {
        name: (mark + textwrap.dedent(text).lstrip("\n").replace("\n", newline)).encode(encoding)
        for name, text in case.get("files", {}).items()
    }
