"""``manage.py juki_net``: requests to the network go out as a file, answers come in (住基ネットとの受渡し)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from municipal.audit.operations import record
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.linkage import Taken, compare, take_answers, take_renewals, write_requests

NETWORK = System("juki-net")


class Command(BaseCommand):
    """Write what waits, or take in what was answered (要求の書出しと応答の取込み)."""

    help = (
        "住基ネットへの要求をファイルに書き出し（out）、応答のファイルを取り込み（in）、本人確認情報と照合します（compare）。"
        " / Writes the requests that wait into a new file (out), takes in a file of answers (in), or compares the"
        " network's identity data with the register (compare)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["out", "in", "compare", "renewals"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--town", type=int, required=True, metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            with wall.within(options["town"]):
                if options["what"] == "out":
                    self.stdout.write(f"{write_requests(NETWORK, path)} requests")
                    return
                if options["what"] == "compare":
                    self._compare(path)
                    return
                with transaction.atomic():
                    take = take_renewals if options["what"] == "renewals" else take_answers
                    taken = list(take(NETWORK, path))
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        self._say(taken)

    def _compare(self, path: Path) -> None:
        """Numbers and items only: what the two say stands in neither the screen nor a log."""
        found = list(compare(path))
        record(actor=NETWORK, act="linkage.compare", code=str(len(found)))
        for one in found:
            self.stdout.write(f"{one.number or '?'}: {' '.join(one.items)}")
        self.stdout.write(f"{len(found)} differences")

    def _say(self, taken: list[Taken]) -> None:
        for one in taken:
            if one.why:
                self.stdout.write(f"{one.line}: {one.why}")
        self.stdout.write(f"{sum(not one.why for one in taken)} of {len(taken)} answers taken")
