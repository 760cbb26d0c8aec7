"""Says which applications are over their period, and forgets them (保存期間が過ぎた申請の匿名化)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.applications.forgetting import forget_what_is_over
from municipal.applications.keeping import takes_unverified
from municipal.applications.operations.carrying_out import OFFICE
from municipal.applications.operations.keeping import forget_drafts, set_period
from municipal.core.refusals import Refused
from municipal.municipalities import wall

MOST = 10_000


class Command(BaseCommand):
    """The beat does the same every night; here it can be looked at first (申請の匿名化)."""

    help = "Forget applications whose period is over; --dry-run only counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--town", type=int, required=True, help="the municipality's six-digit code")
        parser.add_argument("--dry-run", action="store_true", help="only say how many")
        parser.add_argument("--set", action="append", default=[], metavar="OUTCOME=YEARS", help="set a period first")

    def handle(self, *args: Any, **options: Any) -> None:
        is_dry = bool(options["dry_run"])
        with wall.within(int(options["town"])):
            for said in options["set"]:
                outcome, _equals, years = said.partition("=")
                try:
                    set_period(actor=OFFICE, outcome=outcome, years=int(years) if years.isdecimal() else 0)
                except Refused as refused:
                    raise CommandError(str(refused)) from None
            if not is_dry:
                self.stdout.write(f"drafts: {forget_drafts(actor=OFFICE)}")
            found = forget_what_is_over(actor=OFFICE, takes_unverified=takes_unverified(), is_dry=is_dry, most=MOST)
        for name in sorted(found):
            self.stdout.write(f"{name}: {found[name]}")
        if not found:
            self.stdout.write("nothing is over its period")
