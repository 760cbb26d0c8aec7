"""``manage.py import_collections FILE``: take in what a channel reports, or try it (収納データの取込み)."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.sentences import sentence
from municipal.office.exports import sheet
from municipal.payments.models import Match
from municipal.payments.operations import TakenIn, take_in, try_out
from municipal.payments.outcomes import table

from .run_charges import town_of

OPERATOR = System()
HAS_BAD_LINES = 2


class Command(BaseCommand):
    """Ends with 0 when every line was taken, 1 when the file was refused whole, 2 when lines were left out as bad."""

    help = (
        "収納データ（standards/collections/1/profile.csv）を取り込み、1行ごとの結果を示します。"
        " / Takes in a file of reports of payments and says what became of each line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file of the profile standards/collections/1/profile.csv")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it and change nothing")
        parser.add_argument("--town", help="code of the town, if there are several")
        parser.add_argument("--rows", type=Path, help="write what became of each line to this CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many lines came to which result; every line that did not simply match, with its reason."""
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        try:
            with wall.within(town_of(options["town"])):
                taken = _taken(options["file"].name, data, is_dry_run=options["dry_run"])
        except Refused as refused:
            raise CommandError(sentence(refused)) from None
        if options["rows"]:
            options["rows"].write_bytes(sheet(table(taken.rows)))
        self._print(taken)
        if taken.bad:
            sys.exit(HAS_BAD_LINES)

    def _print(self, taken: TakenIn) -> None:
        counts = {**taken.by_match, "repeated": taken.repeated, "bad": len(taken.bad)}
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))
        for row in taken.rows:
            if row.result not in (Match.MATCHED, Match.NOTED):
                self.stdout.write(f"{row.line}: {row.number} {row.yen:,} {row.words}")


def _taken(name: str, data: bytes, *, is_dry_run: bool) -> TakenIn:
    return try_out(name, data) if is_dry_run else take_in(actor=OPERATOR, name=name, data=data)
