"""``conform check``: judge files, folders and archives (検査コマンド)."""

from __future__ import annotations

import argparse
from typing import Any

from municipal.conformance import baseline, reports, waivers
from municipal.conformance.commands import arguments
from municipal.conformance.commands.output import put, say, writable
from municipal.conformance.commands.progress import Progress
from municipal.conformance.engine import Asked, check
from municipal.conformance.engine.running import GENERAL
from municipal.conformance.findings import Exit
from municipal.conformance.packs import Pack
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.rules import all_rules
from municipal.conformance.soundness import sound
from municipal.core.clock import today


def add_to(commands: Any) -> None:
    """The arguments of the command (引数)."""
    command = commands.add_parser("check", help="データを検査します / judge files, folders and zip archives")
    command.add_argument("paths", nargs="+", type=arguments.path, metavar="PATH")
    command.add_argument("--pack", action="append", default=[], metavar="ID@VERSION", help="a pack, or its folder")
    command.add_argument("--as-of", type=arguments.day, metavar="DATE", help="the day the data stand at")
    command.add_argument("--waivers", type=arguments.path, metavar="FILE", help="accepted findings (TOML)")
    command.add_argument("--baseline", type=arguments.path, metavar="FILE", help="an earlier JSON report")
    command.add_argument("--only", action="append", default=[], metavar="CODE", help="only these rules")
    command.add_argument("--samples", type=arguments.count, default=1_000, metavar="N", help="findings listed per rule")
    arguments.add_report_options(command)
    command.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Exit:
    """Judge, write the report, return its exit status (検査の実行)."""
    _refuse_mistakes(asked)
    day = asked.today or today()
    earlier = baseline.read(asked.baseline.read_bytes()) if asked.baseline else None
    progress = Progress()
    try:
        report = check(
            Asked(
                paths=tuple(asked.paths),
                as_of=asked.as_of or day,
                today=day,
                packs=tuple(map(_pack, asked.pack)),
                privacy=asked.privacy,
                only=frozenset(asked.only),
                cap=asked.samples,
                waivers=waivers.read(asked.waivers, day) if asked.waivers else None,
            ),
            progress,
        )
    finally:
        progress.end()
    if earlier is not None:
        report = baseline.since(report, earlier)
    put(reports.write(report, asked.format, asked.language), asked.output)
    for code, place in report.broken.items():
        say(
            f"規則 {code} のプログラムの不具合です。データの指摘ではありません。 / "
            f"A fault of the program of rule {code}, not a finding ({place})."
        )
    return report.exit


def _refuse_mistakes(asked: argparse.Namespace) -> None:
    """Before a long run: paths that are not there, rules that nobody has, a report that could not be written."""
    missing = next((path for path in asked.paths if not path.exists()), None)
    if missing is not None:
        raise RefusedInput(f"{missing} が見つかりません。", f"{missing} does not exist.")
    unknown = next((code for code in asked.only if code not in all_rules()), None)
    if unknown is not None:
        raise RefusedInput(f"{unknown} という規則はありません。", f"There is no rule {unknown}.")
    writable(asked.output)


def _pack(name: str) -> Pack:
    pack = sound(name)
    if not pack.tables and pack.id != GENERAL:
        raise RefusedInput(
            f"{pack.name} はファイルの形を定めていないため、データの検査に使えません。",
            f"{pack.name} describes no files, so that no data can be checked against it.",
        )
    return pack
