"""``manage.py restore DIR``: a backup becomes towns again (復元)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.audit.operations import record
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.transfer.restoring import restore


class Command(BaseCommand):
    """Restore a backup into empty towns (復元)."""

    help = (
        "バックアップを、空の台帳に復元します。データのある自治体には復元しません。監査記録は復元のあとで検証されます。"
        " / Restores a backup into towns in which nothing stands, all or nothing, and verifies the audit."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = restore(options["folder"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for one in found:
            with wall.within(one.town):
                record(actor=System("restore"), act="transfer.restore", code=str(one.rows))
            self.stdout.write(f"{one.town:06d}: {one.rows:,} rows, {one.verdict.rows:,} audit entries verified")
            if one.lost:
                self.stdout.write(
                    f"{one.town:06d}: 控えのあとの記録 {one.lost} 件は失われました。"
                    f" / {one.lost} entries anchored after the backup are lost: say so in the incident report."
                )
