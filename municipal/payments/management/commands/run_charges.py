"""``manage.py run_charges``: slips for everybody who owes a fee and has none yet (納付書の一括発行)."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.models import PrintOrder, SlipRun
from municipal.payments.operations import order_slip_run
from municipal.payments.printing import COUNTER, MAIL, place_of

OPERATOR = System()


class Command(BaseCommand):
    """Order a run and carry it out here, to its end."""

    help = (
        "納付書のない調定に納付書を発行し、印刷用のPDFを作ります。"
        " / Issues slips for every charge of a fee and year that has none, and makes the PDF for the printer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fee", required=True, help="code of the fee, such as 901")
        parser.add_argument("--year", required=True, type=int, help="year of the levy, such as 2026")
        parser.add_argument("--town", help="code of the town, if there are several")
        parser.add_argument("--periods", type=int, nargs="*", default=[], help="instalments (default all)")
        parser.add_argument("--pay-until", type=date.fromisoformat, help="last day of payment, such as 2027-01-31")
        parser.add_argument("--order", choices=PrintOrder.values, default=PrintOrder.NUMBER, help="order of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the number of the run, how many slips it issued, and where the files are."""
        town = town_of(options["town"])
        try:
            with wall.within(town):
                run = order_slip_run(
                    actor=OPERATOR, fee=options["fee"], levy_year=options["year"], periods=options["periods"],
                    order=options["order"], pay_until=options["pay_until"],
                )  # fmt: skip
        except Refused as refused:
            raise CommandError(str(refused)) from None
        jobs.run(town, run.job_id)
        with wall.within(town):
            self._report(run)

    def _report(self, run: SlipRun) -> None:
        job = Job.objects.get(pk=run.job_id)
        slips, kept = run.lines.count(), run.counter.count()
        self.stdout.write(f"run {run.pk}: {slips} slips, {kept} for the counter")
        for part in (MAIL, COUNTER):
            if place_of(run, part).is_file():
                self.stdout.write(str(place_of(run, part)))
        said = list(job.error_rows.values_list("sentence", flat=True))
        if said or job.state != Job.State.DONE:
            raise CommandError(" ".join(said) or f"{job.state}: {job.failure}")


def town_of(code: str | None) -> int:
    """The town of that code, or the only one there is (自治体の指定). Raises CommandError for none or several."""
    found = Municipality.objects.filter(pk=int(code)) if code and code.isdigit() else Municipality.objects.all()
    if len(found) != 1:
        raise CommandError("団体コードを --town で指定してください。/ Give the code of the town with --town.")
    return found[0].pk
