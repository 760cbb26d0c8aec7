"""``conform import-workbook``: an official workbook becomes a pack (ワークブックの取込み)."""

from __future__ import annotations

import argparse
from typing import Any

from municipal.conformance.commands import arguments
from municipal.conformance.commands.output import put
from municipal.conformance.findings import Exit
from municipal.conformance.workbooks import import_workbook


def add_to(commands: Any) -> None:
    """The arguments of the command (引数)."""
    command = commands.add_parser(
        "import-workbook", help="公式のExcelから仕様パックを作ります / make a pack from an official workbook"
    )
    command.add_argument("workbook", type=arguments.path, metavar="FILE")
    command.add_argument("--into", type=arguments.path, required=True, metavar="DIR", help="usually standards/")
    command.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Exit:
    """Import, then list what was written and what found no place (取込みの実行)."""
    imported = import_workbook(asked.workbook, asked.into)
    lines = [f"{name}: {count}" for name, count in imported.counts.items()]
    lines.append(f"置き場所のない文字 / not placed: {len(imported.unplaced)}")
    lines += [f"  {sheet}!{cell}  {_short(text)}" for sheet, cell, text in imported.unplaced]
    put(("\n".join(lines) + "\n").encode(), None)
    return Exit.NOTHING_FOUND


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
