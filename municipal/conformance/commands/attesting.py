"""``conform attest``: the evidence table for requirements that no machine can test (証跡表)."""

from __future__ import annotations

import argparse
from typing import Any

from municipal.conformance import attestation
from municipal.conformance.commands import arguments
from municipal.conformance.commands.output import put
from municipal.conformance.findings import Exit
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.soundness import sound
from municipal.core.clock import today


def add_to(commands: Any) -> None:
    """The arguments of the command (引数)."""
    command = commands.add_parser(
        "attest", help="機械で試せない要件の証跡表を作ります / the evidence table of a standard"
    )
    command.add_argument("pack", metavar="PACK")
    command.add_argument(
        "--answers", type=arguments.path, metavar="FILE", help="the filled table (CSV); without it a blank one"
    )
    command.add_argument("--format", choices=("csv", "html"), default="csv")
    command.add_argument("--report", type=arguments.path, metavar="FILE", help="a JSON report; its outcomes are shown")
    command.add_argument("--today", type=arguments.day, metavar="DATE")
    command.add_argument("--output", type=arguments.path, metavar="FILE")
    command.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Exit:
    """Write the table; what somebody attested or left blank never changes the status (証跡表の書出し)."""
    pack = sound(asked.pack)
    if not pack.requirements:
        raise RefusedInput(f"{pack.name} に要件の一覧がありません。", f"{pack.name} has no list of requirements.")
    matrix = attestation.read(asked.answers, pack) if asked.answers else attestation.Matrix(pack)
    report = asked.report.read_bytes() if asked.report else None
    put(attestation.write(matrix, asked.format, today=asked.today or today(), report=report), asked.output)
    return Exit.NOTHING_FOUND
