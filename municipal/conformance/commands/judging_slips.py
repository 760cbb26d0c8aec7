"""``conform qr``: judge eL-QR payloads, convenience-store barcodes and printed slips (納付コードの検査)."""

from __future__ import annotations

import argparse
import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from municipal.conformance import packs, reports, slips
from municipal.conformance.commands import arguments
from municipal.conformance.commands.output import put, say, writable
from municipal.conformance.commands.progress import Progress
from municipal.conformance.findings import Exit
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.results import JudgedFile, PackUsed, Report
from municipal.conformance.slips.summary import results
from municipal.core.clock import today

PACKS = ("el-qr", "convenience-barcode")


def add_to(commands: Any) -> None:
    """The arguments of the command (引数)."""
    command = commands.add_parser("qr", help="eL-QRと収納バーコードを検査します / judge payment codes")
    command.add_argument("what", metavar="TEXT|IMAGE|PDF", help="the digits, or a PNG, JPEG or PDF file")
    arguments.add_report_options(command)
    command.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Exit:
    """Judge a file if there is one of that name, the text itself otherwise (検査の実行)."""
    day = asked.today or today()
    path = Path(asked.what)
    is_file = not asked.what.isdigit() and path.is_file()
    if not is_file and _means_a_file(asked.what):
        raise RefusedInput(f"{path} というファイルはありません。", f"There is no file {path}.")
    writable(asked.output)
    if is_file:
        progress = Progress()
        try:
            size = path.stat().st_size
            judged = slips.judge_file(path, today=day, on_page=lambda page: progress(f"{path.name} p.{page}", 0, size))
        finally:
            progress.end()
    else:
        judged = slips.judge_text(asked.what, today=day)
    for code in judged.decoded:
        place = f"p.{code.row} " if code.row else ""
        say(f"{place}{code.kind} {code.symbol} {code.version}{code.level} ({code.length})".replace("  ", " "))
    report = _report(judged, path if is_file else None, asked, day)
    put(reports.write(report, asked.format, asked.language), asked.output)
    return judged.exit_status


def _means_a_file(what: str) -> bool:
    """No payload has a slash or ends like ``.pdf``: whoever wrote that meant a file (ファイル名か)."""
    return "/" in what or "\\" in what or Path(what).suffix[1:].isalnum()


def _report(judged: slips.Judgement, path: Path | None, asked: argparse.Namespace, day: date) -> Report:
    data = path.read_bytes() if path else asked.what.encode("utf-8", "surrogatepass")
    name, kind = (path.name, path.suffix.lstrip(".").lower()) if path else ("", "text")
    digest = hashlib.sha256(data).hexdigest()
    used = [packs.find(pack) for pack in PACKS]
    return Report(
        files=(JudgedFile(name, digest, len(data), kind, "", "", "", 0, len(judged.decoded), "", "", ""),),
        packs=tuple(PackUsed(pack.name, pack.title_ja, pack.title_en, pack.status, pack.digest) for pack in used),
        results=results(judged),
        as_of=day,
        today=day,
        privacy=asked.privacy,
    )
