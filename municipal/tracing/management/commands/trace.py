"""``manage.py trace``: which sentence of the standard is proved by what (追跡表)."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.conformance.packs import UnreadablePack, find
from municipal.tracing.reports import FORMATS
from municipal.tracing.rows import State, trace


class Command(BaseCommand):
    """Print the traceability report; ends with 1 while a sentence is neither proved nor accounted for."""

    help = (
        "標準の文ごとに、実装・試験・説明の有無を出力します。"
        " / Prints for every sentence of the standard what carries it out and what proves it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--format", choices=tuple(FORMATS), default="text")
        parser.add_argument("--pack", default="resident-record", help="which standard (default resident-record)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read code, tests and accounts; nothing is asked of a database."""
        try:
            pack = find(options["pack"])
        except UnreadablePack as problem:
            raise CommandError(str(problem)) from problem
        rows = trace(pack)
        if not rows:
            raise CommandError(f"{options['pack']} には要件の一覧がありません。 / This pack lists no requirements.")
        self.stdout.write(FORMATS[options["format"]](f"{pack.id} {pack.version}", rows), ending="")
        if any(row.state is State.GAP for row in rows):
            sys.exit(1)
