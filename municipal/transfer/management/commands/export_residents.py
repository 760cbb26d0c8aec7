"""``manage.py export_residents``: the register of one municipality as files, whole or what changed (台帳の出力)."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.transfer.models import Handover
from municipal.transfer.operations import export_residents, write_handover


def moment(text: str) -> datetime:
    """A moment in ISO 8601; without a zone it is one of Japan (日時の読取り)."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("2026-11-29 or 2026-11-29T10:00:00") from error
    return said if said.tzinfo else said.replace(tzinfo=clock.TOKYO)


def the_town(code: int | None) -> Municipality:
    """The municipality that is meant; CommandError where several could be (対象の市区町村)."""
    towns = list(Municipality.objects.order_by("pk"))
    chosen = [town for town in towns if code in (None, town.pk)]
    if len(chosen) != 1:
        raise CommandError(f"--town を指定してください（{', '.join(town.code for town in towns)}）。")
    return chosen[0]


class Command(BaseCommand):
    """Write the complete register, or what was recorded since a moment."""

    help = (
        "台帳を項目名のCSVに出力します。支援対象者の住所は、別の職員が承認した引渡し（--handover）でだけ出力します。"
        " / Writes the register as CSV by item name, with a manifest. The addresses of protected people stay empty "
        "unless a hand-over that a second person approved is named. What was written is recorded in the audit."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="folder to write into; made if it is not there")
        parser.add_argument("--since", type=moment, help="only what was recorded after this moment (2026-11-29T10:00)")
        parser.add_argument("--handover", type=int, help="number of a hand-over ordered and approved on the screens")
        parser.add_argument("--town", type=int, help="code of the municipality; needed where there is more than one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export one municipality; refuses to guess between several."""
        town, folder, actor = the_town(options["town"]), options["out"], System("export_residents")
        try:
            with wall.within(town.pk):
                if options["handover"] is None:
                    rows = export_residents(actor=actor, folder=folder, since=options["since"]).rows
                else:
                    rows = self._ordered(options["handover"], folder).counts or {}
        except OSError as error:
            raise CommandError(f"{folder} に書き込めません（{error.strerror}）。") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for name, count in rows.items():
            self.stdout.write(f"{folder / name}: {count}")

    def _ordered(self, number: int, folder: Path) -> Handover:
        found = Handover.objects.filter(number=number).first()
        if found is None:
            raise CommandError(f"引渡し {number} はありません。")
        return write_handover(actor=System("export_residents"), handover=found, folder=folder)
