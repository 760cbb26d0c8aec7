"""The manual of every rule as Markdown, made from the rules themselves (規則の説明書の作成).

Nothing is written here that does not stand in a rule, its messages or its proof; ``docs/rules/`` is what ``pages``
gives, and a test holds the one against the other.
"""

from __future__ import annotations

import inspect
import textwrap
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from municipal.conformance import rules
from municipal.conformance.packs import Message, Requirement, shipped
from municipal.conformance.privacy import outline
from municipal.conformance.proofs import path_of
from municipal.conformance.reports.words import SEVERITIES, STANDINGS
from municipal.conformance.rules import Rule, Shape, all_rules
from municipal.conformance.slips import catalogue
from municipal.conformance.slips.catalogue import SlipRule

INDEX = "README.md"
_LOOKS_AT: Mapping[Shape, str] = {
    Shape.FILE: "a whole file / ファイル",
    Shape.ITEM: "one cell / 項目",
    Shape.ROW: "one row / 行",
    Shape.SET: "all rows together / 全行",
}
_SLIPS = "slips"
_HEAD = """# Rules of the checker (検査規則)

Made by `python -m municipal.conformance manuals docs/rules` from the rules, their messages and their proofs; do not
edit these pages. How to write a rule: [adding-a-rule](../adding-a-rule.md).
"""


def pages() -> Mapping[str, str]:
    """Every page by its name, the index first (説明書の全ページ)."""
    families = {family: list(group) for family, group in groupby(_by_family(), family_of)}
    slips = list(catalogue.rules().values())
    found = {f"{family}.md": _family(_title(family), map(_rule, group)) for family, group in families.items()}
    found[f"{_SLIPS}.md"] = _family("Rules about payment codes and slips (納付コードの規則)", map(_slip_rule, slips))
    return {INDEX: _index({**families, _SLIPS: slips}), **found}


def write(folder: Path) -> None:
    """Write every page into ``folder`` and take away pages of families that are gone (説明書の書出し)."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def family_of(rule: Rule) -> str:
    """The folder a rule stands in (規則の系統)."""
    return rule.judge.__module__.removeprefix(f"{rules.__name__}.").partition(".")[0]


def _by_family() -> list[Rule]:
    return sorted(all_rules().values(), key=lambda rule: (family_of(rule), rule.code))


def _title(family: str) -> str:
    """The first line of the folder's docstring, or its name where it has none."""
    told = import_module(f"{rules.__name__}.{family}").__doc__ or family
    return told.splitlines()[0].rstrip(".")


def _index(families: Mapping[str, Iterable[Rule | SlipRule]]) -> str:
    parts = [_HEAD]
    for family, group in families.items():
        parts.append(
            f"\n## [{family}]({family}.md)\n\n| code | rule | clause | severity | standing |\n|--|--|--|--|--|\n"
        )
        for rule in group:
            link = f"[{rule.code}]({family}.md#{rule.code.lower()})"
            cells = (link, _sentence(rule.name), _cell(rule.clause), rule.severity.value, rule.standing.value)
            parts.append(f"| {' | '.join(cells)} |\n")
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|") or "–"


def _sentence(name: str) -> str:
    return name.replace("_", " ")


def _family(title: str, sections: Iterable[str]) -> str:
    return f"# {title}\n\nAll families: [index](README.md).\n" + "".join(sections)


def _rule(rule: Rule) -> str:
    packs = ", ".join(rule.packs) or ", ".join(f"every {kind} pack" for kind in rule.kinds) or "every pack"
    about = {"looks at": _LOOKS_AT[rule.shape], "packs": packs}
    return _heading(rule, about) + f"\n{inspect.cleandoc(rule.manual)}\n" + _said(rule.code) + "".join(_examples(rule))


def _slip_rule(rule: SlipRule) -> str:
    return _heading(rule, {"pack": rule.pack}) + _said(rule.code)


def _heading(rule: Rule | SlipRule, about: Mapping[str, str]) -> str:
    facts = {
        "rule": _sentence(rule.name),
        "clause": _clause(rule.clause),
        "severity": f"{rule.severity.value} / {SEVERITIES[rule.severity].ja}",
        "standing": f"{rule.standing.value} / {STANDINGS[rule.standing].ja}",
        **about,
    }
    return f"\n## {rule.code}\n\n" + "".join(f"- {name}: {said}\n" for name, said in facts.items() if said)


def _clause(clause: str) -> str:
    """The clause, with our summary where a shipped pack holds it."""
    row = _requirements().get(clause)
    return f"{clause}: {row.summary_ja} / {row.summary_en}" if row else clause


def _requirements() -> Mapping[str, Requirement]:
    packs = shipped().values()
    return {f"{pack.id}/{pack.version}#{row.clause}": row for pack in packs for row in pack.requirements}


def _messages() -> Mapping[str, Message]:
    return {code: message for pack in shipped().values() for code, message in pack.messages.items()}


def _said(code: str) -> str:
    message = _messages().get(code)
    if message is None:
        return ""
    said = outline(message)
    return "".join(f"\n> {' '.join(filter(None, said[language]))}\n" for language in ("ja", "en"))


def _examples(rule: Rule) -> Iterator[str]:
    """The first good and the first bad case of the proof."""
    path = path_of(rule)
    proof: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for kind, shown in (("good", "Right"), ("bad", "Found")):
        for case in proof.get(kind, [])[:1]:
            yield f"\n**{shown}**: {case['why']}.\n" + "".join(_file(*file) for file in case.get("files", {}).items())
            yield "".join(_hex(*file) for file in case.get("hex", {}).items())
            yield _findings(case.get("finds", ()))


def _file(name: str, text: str) -> str:
    body = textwrap.dedent(text).strip("\n")
    fence = "````" if "```" in body else "```"
    return f"\n`{name}`\n\n{fence}csv\n{body}\n{fence}\n"


def _hex(name: str, data: str) -> str:
    return f"\n`{name}`, as bytes: `{data[:80]}{'…' if len(data) > 80 else ''}`\n"


def _findings(places: Iterable[tuple[str, int, str]]) -> str:
    where = [(file, f"row {row}" if row else "the whole file", column) for file, row, column in places]
    lines = "".join(f"- {', '.join(filter(None, place))}\n" for place in where)
    return f"\n{lines}" if lines else ""
