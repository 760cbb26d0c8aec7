"""``manage.py import_residents``: files from another system into the register (受入れ)."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.transfer.intake_runs import run
from municipal.transfer.models import Intake

from .export_residents import the_town

SHOWN = 50


class Command(BaseCommand):
    """Take in a folder: all of it or nothing."""

    help = (
        "別のシステムのファイルを検査し、全件を一度に台帳へ登録します。一行でもエラーがあれば何も登録しません。"
        "途中で止まったら、同じ命令をもう一度実行してください。"
        " / Judges files of another system and takes all of them into the register, or nothing. "
        "After a crash run it again; the same files are taken in once."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the files: by item name, or with --mapping as they are")
        parser.add_argument(
            "--mapping", type=Path, help="table of their columns and codes (TOML, docs/handing-over.md)"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--town", type=int, help="code of the municipality; needed where there is more than one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in, and say what was found."""
        town = the_town(options["town"])
        try:
            intake = run(
                actor=System("import_residents"), town=town.pk, folder=options["folder"], mapping=options["mapping"],
                is_dry_run=options["dry_run"], say=self._say,
            )  # fmt: skip
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        self._report(town.pk, intake)
        if intake.state == Intake.State.REFUSED:
            raise CommandError(f"エラーが{intake.faults}件あります。何も登録していません（受入れ {intake.number}）。")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _report(self, town: int, intake: Intake) -> None:
        with wall.within(town):
            for fault in intake.found.order_by("is_note", "id")[:SHOWN]:
                self.stdout.write(f"{fault.file}:{fault.row} {fault.item} [{fault.code}] {fault.sentence}")
        for name, rows in intake.counts.items():
            self.stdout.write(f"{name}: {rows}")
        self.stdout.write(f"受入れ {intake.number}: {intake.get_state_display()} {sum(intake.written.values())}")
