"""``manage.py backup DIR``: every row of every town, of one moment (バックアップ)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.audit.operations import record
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.transfer.backups import take


class Command(BaseCommand):
    """Write a backup (バックアップの作成)."""

    help = (
        "全自治体（又は --town の自治体）の全データを、一時点の控えとして新しいフォルダに書き出します。"
        " / Writes every row of all towns, or of those named with --town, as of one moment into a new folder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="新しいフォルダ。 / A new folder.")
        parser.add_argument("--town", type=int, action="append", default=[], metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = take(options["folder"], options["town"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for town in made.towns:
            rows = sum(part.rows for part in made.parts if part.town == town["id"])
            with wall.within(int(town["id"])):
                record(actor=System("backup"), act="transfer.back_up", code=str(rows))
            self.stdout.write(f"{town['id']:06d}: {rows:,} rows")
        self.stdout.write(f"{options['folder']}: sha256sum -c SHA256SUMS で点検できます。 / can be checked anywhere.")
