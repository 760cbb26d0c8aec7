"""``manage.py lint_migration``: what a migration lost, from their own layout if need be (移行の点検)."""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.conformance.commands.migrating import FORMATS, written
from municipal.conformance.migration import compare, losses
from municipal.core.refusals import Refused
from municipal.transfer.mapping import convert, read_mapping


class Command(BaseCommand):
    """Compare the files before a migration with those after it."""

    help = (
        "移行の前後のファイルを比べ、対応のない列、空になった項目、不詳の増減、失われた行、コードごとの件数を報告します。"
        " / Compares files before and after a migration: columns without a target, items that became empty, how much "
        "became unknown, lost rows, counts by code. Also without Django: conform lint-migration BEFORE AFTER."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("before", type=Path)
        parser.add_argument("after", type=Path)
        parser.add_argument("--mapping", type=Path, help="table of their columns and codes, for BEFORE")
        parser.add_argument("--format", choices=FORMATS, default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; ends with 1 where something was lost."""
        try:
            with tempfile.TemporaryDirectory() as work:
                before, untaken = options["before"], []
                if options["mapping"]:
                    made = convert(before, read_mapping(options["mapping"]), Path(work))
                    untaken = [(one.name, column) for one in made for column in one.without_target]
                    before = Path(work)
                found = compare(before, options["after"])
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(written(found, options["format"]).decode(), ending="")
        for name, column in untaken:
            self.stderr.write(f"{name}: 「{column}」は対応表にありません / {column} stands nowhere in the mapping")
        if losses(found) or untaken:
            sys.exit(1)
