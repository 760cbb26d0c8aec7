"""``conform lint-migration``: what was lost between two hand-overs of one register (移行の点検)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from municipal.conformance.commands.output import put
from municipal.conformance.findings import Exit
from municipal.conformance.migration import Loss, compare, losses

FORMATS = ("text", "json", "html")
STYLE = (
    "body{font-family:sans-serif;margin:2rem}table{border-collapse:collapse}td,th{border:1px solid;padding:.3rem .6rem}"
)


def add_to(commands: Any) -> None:
    """The arguments of the command (引数)."""
    lint = commands.add_parser(
        "lint-migration", help="移行の前後を比べ、失われたものを探します / find what a migration lost"
    )
    lint.add_argument("before", type=Path, metavar="BEFORE")
    lint.add_argument("after", type=Path, metavar="AFTER")
    lint.add_argument("--format", choices=FORMATS, default="text")
    lint.add_argument("--output", type=Path)
    lint.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Exit:
    """Every difference in both languages; status 1 if something was lost (相違の一覧)."""
    found = compare(asked.before, asked.after)
    put(written(found, asked.format), asked.output)
    return Exit.FINDINGS if losses(found) else Exit.NOTHING_FOUND


def written(found: Sequence[Loss], format: str) -> bytes:
    """The report in one of FORMATS; it holds no value of anybody, codes apart (報告)."""
    if format == "json":
        said = {"losses": losses(found), "differences": [asdict(one) for one in found]}
        return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
    if format == "html":
        return _html(found).encode()
    lines = [f"{'!' if one.is_loss else ' '} {one.kind:<9} {one.table}  {one.ja}\n{'':<12}{one.en}" for one in found]
    lines.append(f"失われたもの / losses: {losses(found)}　相違 / differences: {len(found)}")
    return ("\n".join(lines) + "\n").encode()


def _html(found: Sequence[Loss]) -> str:
    rows = "".join(
        f"<tr><td>{'●' if one.is_loss else ''}</td><td>{escape(one.table)}</td><td>{escape(one.column)}</td>"
        f"<td>{one.before}</td><td>{one.after}</td><td>{escape(one.ja)}</td><td lang=en>{escape(one.en)}</td></tr>"
        for one in found
    )
    return (
        "<!doctype html><html lang=ja><head><meta charset=utf-8><title>移行の点検</title>"
        f"<style>{STYLE}</style></head><body><h1>移行の点検 / What the migration lost: {losses(found)}</h1><table>"
        "<thead><tr><th>失</th><th>表</th><th>列</th><th>前</th><th>後</th><th>内容</th><th>English</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></body></html>\n"
    )
