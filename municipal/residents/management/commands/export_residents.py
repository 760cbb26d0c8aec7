"""``manage.py export_residents``: the register of one municipality as CSV files (住民データの出力)."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.exports import export_residents


class Command(BaseCommand):
    """Write residents.csv, history.csv and households.csv."""

    help = (
        "住民・異動履歴・世帯を項目名のCSVに出力します。支援措置の方の住所は空欄になります。"
        " / Writes residents, their history and households as CSV by item name. "
        "The addresses of protected people stay empty. What was written is recorded in the audit."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="folder to write into; made if it is not there")
        parser.add_argument("--town", type=int, help="code of the municipality; needed where there is more than one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export one municipality; refuses to guess between several."""
        towns = list(Municipality.objects.order_by("pk"))
        chosen = [town for town in towns if options["town"] in (None, town.pk)]
        if len(chosen) != 1:
            raise CommandError(f"--town を指定してください（{', '.join(town.code for town in towns)}）。")
        with wall.within(chosen[0].pk):
            try:
                written = export_residents(actor=System("export_residents"), folder=options["out"])
            except OSError as error:
                raise CommandError(f"{options['out']} に書き込めません（{error.strerror}）。") from error
        for name, rows in written.items():
            self.stdout.write(f"{options['out'] / name}: {rows}")
