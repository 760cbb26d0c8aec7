"""``conform packs`` lists the shipped standards, ``conform manuals`` writes the manual of every rule (一覧と説明書)."""

from __future__ import annotations

import argparse
from typing import Any

from municipal.conformance import manuals
from municipal.conformance.commands import arguments
from municipal.conformance.commands.output import put
from municipal.conformance.findings import Exit
from municipal.conformance.packs import shipped
from municipal.conformance.rules import all_rules


def add_to(commands: Any) -> None:
    """The arguments of both commands (引数)."""
    listed = commands.add_parser("packs", help="仕様パックの一覧 / list the standards that can be checked against")
    listed.set_defaults(run=run_packs)
    written = commands.add_parser("manuals", help="規則の説明書を書き出します / write the manual of every rule")
    written.add_argument("into", type=arguments.path, metavar="DIR")
    written.set_defaults(run=run_manuals)


def run_packs(asked: argparse.Namespace) -> Exit:
    """One line per pack: name, status, numbers of items, requirements and rules, title (仕様パックの一覧)."""
    lines = ["pack  status  items  requirements  rules  title"]
    for pack in shipped().values():
        rules = sum(rule.serves(pack) for rule in all_rules().values()) if pack.tables else 0
        counts = f"{len(pack.items)}  {len(pack.requirements)}  {rules}"
        lines.append(f"{pack.name}  {pack.status}  {counts}  {pack.title_ja} / {pack.title_en}")
    put(("\n".join(lines) + "\n").encode(), None)
    return Exit.NOTHING_FOUND


def run_manuals(asked: argparse.Namespace) -> Exit:
    """Write docs/rules (説明書の書出し)."""
    manuals.write(asked.into)
    return Exit.NOTHING_FOUND
