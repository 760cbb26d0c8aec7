"""``conform lint-spec`` and ``diff``: what is wrong with a standard, and what changed in it (仕様の検査と差分)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from municipal.conformance import packs, specdiff, speclint
from municipal.conformance.commands.output import put
from municipal.conformance.findings import Exit
from municipal.conformance.packs import Pack
from municipal.conformance.refusals import RefusedInput


def add_to(commands: Any) -> None:
    """The arguments of both commands (引数)."""
    lint = commands.add_parser("lint-spec", help="仕様の矛盾を探します / find contradictions in and between standards")
    lint.add_argument("packs", nargs="+", metavar="DIR", help="a pack, its folder, or a folder that holds packs")
    lint.set_defaults(run=run_lint)
    diff = commands.add_parser("diff", help="仕様の版を比べます / compare two versions of a standard")
    diff.add_argument("old", metavar="A")
    diff.add_argument("new", metavar="B")
    diff.set_defaults(run=run_diff)


def run_lint(asked: argparse.Namespace) -> Exit:
    """Every contradiction with its places; status 1 if there is one (矛盾の一覧)."""
    found = speclint.lint([pack for name in asked.packs for pack in _packs(name)])
    lines = []
    for contradiction in found:
        lines += [f"{contradiction.code}  {contradiction.ja}", f"           {contradiction.en}"]
        lines += [f"           - {place}" for place in contradiction.places]
    lines.append(f"矛盾 / contradictions: {len(found)}")
    put(("\n".join(lines) + "\n").encode(), None)
    return Exit.FINDINGS if found else Exit.NOTHING_FOUND


def _packs(name: str) -> list[Pack]:
    below = sorted(Path(name).glob("**/pack.toml")) if Path(name).is_dir() else []
    if below:
        return [packs.load(path.parent) for path in below]
    if Path(name).is_dir():
        raise RefusedInput(f"{name} に仕様パックがありません。", f"There is no pack in {name}.")
    return [packs.find(name)]


def run_diff(asked: argparse.Namespace) -> Exit:
    """Every change in both languages; status 1 if anything was tightened (差分の一覧)."""
    changes = specdiff.diff(packs.find(asked.old), packs.find(asked.new))
    lines = [f"{change.kind.value:<10}  {change.ja}\n{'':<10}  {change.en}" for change in changes]
    counts = ", ".join(f"{kind.value} {number}" for kind in specdiff.Kind if (number := _number(changes, kind)))
    lines.append(f"変更 / changes: {counts or 0}")
    put(("\n".join(lines) + "\n").encode(), None)
    return Exit.FINDINGS if _number(changes, specdiff.Kind.TIGHTENED) else Exit.NOTHING_FOUND


def _number(changes: list[specdiff.Change], kind: specdiff.Kind) -> int:
    return sum(change.kind is kind for change in changes)
