"""How a command reads a day, a path or a number, and what every report can be asked for (引数の読取り)."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path

from municipal.conformance import reports
from municipal.conformance.privacy import LANGUAGES, LEVELS

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> date:
    """A day of the calendar; raises ArgumentTypeError for any other notation (日付)."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ArgumentTypeError(f"{text}: 日付は 2026-04-01 の形で書いてください。 / A day is written like 2026-04-01.")


def path(text: str) -> Path:
    """A path; raises ArgumentTypeError for an empty text, which would otherwise mean the current folder (パス)."""
    if not text:
        raise ArgumentTypeError("パスが空です。 / The path is empty.")
    return Path(text)


def count(text: str) -> int:
    """A number from 0; raises ArgumentTypeError (件数)."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ArgumentTypeError(f"{text}: 0以上の整数を書いてください。 / A whole number from 0 is expected.")
    return int(text)


def add_report_options(command: ArgumentParser) -> None:
    """The options of every command that writes a report (報告の引数)."""
    command.add_argument("--today", type=day, metavar="DATE", help="the day of the check")
    command.add_argument("--format", choices=reports.FORMATS, default="text")
    command.add_argument("--output", type=path, metavar="FILE")
    command.add_argument("--privacy", choices=LEVELS, default="rows", help="what is shown of the data (default rows)")
    command.add_argument("--language", choices=LANGUAGES, default="ja")
