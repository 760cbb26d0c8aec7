"""The command line ``conform``: one file per command, each with its arguments and what it does (コマンド).

Whatever a command refuses is one sentence in Japanese and one in English. Exit status: 0 nothing found, 1 findings, 2 a
check could not run, 3 our own fault, 64 wrong usage; 130 interrupted, 141 the reader of the output went away.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from municipal.conformance.commands.output import say
from municipal.conformance.engine.tally import place_of
from municipal.conformance.findings import Exit
from municipal.conformance.packs import UnreadablePack
from municipal.conformance.refusals import RefusedInput

MODULES = {
    "checking": ("check",),
    "packing": ("packs", "manuals"),
    "importing": ("import-workbook",),
    "comparing": ("lint-spec", "diff"),
    "migrating": ("lint-migration",),
    "judging_slips": ("qr",),
    "attesting": ("attest",),
    "sealing": ("keygen", "sign", "verify"),
}
"""Which module defines which commands (コマンドの所在)."""
INTERRUPTED = 130
CLOSED = 141


class _Parser(argparse.ArgumentParser):
    """A parser that ends with our own status for wrong usage (引数の解析)."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(Exit.WRONG_USAGE, f"{self.prog}: {message}\n")


def parser(first: str = "") -> argparse.ArgumentParser:
    """The command line: one module's commands if ``first`` is one of them, otherwise all (コマンドの定義).

    Readers of spreadsheets, pictures and keys take longer to load than a small file takes to judge.
    """
    whole = _Parser(
        prog="conform",
        description="公開された標準に照らしてデータを検査します。 / Judges data against published standards.",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    wanted = [module for module, names in MODULES.items() if first in names] or list(MODULES)
    for module in wanted:
        importlib.import_module(f"{__name__}.{module}").add_to(commands)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; no traceback reaches the user (コマンドの実行)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character shows its number, and goes on
            stream.reconfigure(errors="backslashreplace")
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        return _run(parser(given[0] if given else "").parse_args(given))
    except KeyboardInterrupt:
        say("\n中断しました。報告は書き出していません。 / Interrupted; no report was written.")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the report has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    except UnreadablePack as refusal:
        say(f"仕様パックを使えません。 / The pack cannot be used.\n{refusal}")
        return Exit.WRONG_USAGE
    except RefusedInput as refusal:
        say(f"{refusal}")
        return Exit.WRONG_USAGE
    except OSError as error:
        say(f"{error.filename or ''}: 開けないか、書き込めません。 / Cannot be opened or written ({error.strerror}).")
        return Exit.WRONG_USAGE


def _run(asked: argparse.Namespace) -> int:
    """Run the command; what only a fault of ours can raise becomes its status (実行)."""
    try:
        return int(asked.run(asked))
    except (KeyboardInterrupt, SystemExit, OSError, UnreadablePack, RefusedInput):
        raise
    except BaseException as error:  # a panic of polars is no Exception
        say(
            "検査プログラム自体の不具合です。データの指摘ではありません。 / "
            f"A fault of the checker itself, not a finding ({place_of(error)})."
        )
        return Exit.OUR_FAULT
