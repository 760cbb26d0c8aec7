"""``manage.py print_slips``: the slips of a run as a PDF, in any order, or those of one person (納付書の印刷)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from municipal.audit.operations import disclose
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.payments.jobs import DISK_FULL
from municipal.payments.models import PrintOrder, SlipRun
from municipal.payments.printing import COUNTER, MAIL, Printing, in_groups

from .run_charges import town_of


class Command(BaseCommand):
    """Print a run into files of one's own; the kept ones stay as they are."""

    help = (
        "一括発行した納付書をPDFにします。郵送できない分は別のファイルになります。"
        " / Writes the slips of a run as a PDF; what cannot be sent goes into a file of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, help="number of the run")
        parser.add_argument("--out", required=True, type=Path, help="the file, such as slips.pdf")
        parser.add_argument("--town", help="code of the town, if there are several")
        parser.add_argument("--order", choices=PrintOrder.values, default="", help="order (default that of the run)")
        parser.add_argument("--payer", default="", help="addressee number: only this person's slips")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write ``--out``, and beside it ``-counter.pdf`` for what cannot be sent."""
        out: Path = options["out"]
        places = {MAIL: out, COUNTER: out.with_name(f"{out.stem}-counter{out.suffix}")}
        with wall.within(town_of(options["town"])):
            run = SlipRun.objects.filter(pk=options["run"]).first()
            if run is None:
                raise CommandError("この番号の一括発行はありません。/ There is no such run.")
            count = self._print(run, places, options["order"], options["payer"])
        if not count:
            raise CommandError("該当する納付書がありません。/ There are no such slips.")
        self.stdout.write(f"{count} slips: {', '.join(str(place) for place in places.values() if place.is_file())}")

    def _print(self, run: SlipRun, places: dict[str, Path], order: str, payer: str) -> int:
        count = 0
        try:
            with Printing(run, places) as printing:
                for slips in in_groups(run, order=order, payer=payer):
                    printing.add(slips)
                    count += len(slips)
                    payers = {slip.charge.assessment.payer_id for slip in slips}
                    disclose(actor=System(), subjects=sorted(payers), fields=["name", "address"], act="print_slips")
                if count:
                    printing.finish()
        except OSError as error:
            raise CommandError(f"{DISK_FULL} / The slips could not be written: {error.strerror}.") from error
        return count
