"""``manage.py blank_forms``: numbered blank forms to have at hand for the day the system is down (停止中の受付用紙)."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.batches.drawing import BLANK_ACTS, blank_forms
from municipal.batches.operations import print_papers
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality


class Command(BaseCommand):
    """Print a set of forms; their numbers are remembered, so that none gets lost."""

    help = (
        "停止中に使う受付用紙を印刷します。用紙番号が登録され、あとで入力漏れを確かめられます。"
        " / Prints numbered blank forms for the day the system is down; the numbers are kept to find what is missing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="the PDF to write")
        parser.add_argument("--town", type=int, help="code of the municipality (needed where there are several)")
        parser.add_argument("--copies", type=int, default=5, help="so many of each form (default 5)")
        parser.add_argument("--act", action="append", choices=BLANK_ACTS, help="only these acts (default all)")

    def handle(self, *args: Any, **options: Any) -> None:
        """One PDF for one town; an existing file is not written over."""
        towns = list(Municipality.objects.order_by("pk"))
        wanted = [town for town in towns if options["town"] in (None, town.pk)]
        if len(wanted) != 1:
            raise CommandError("--town で自治体コードを指定してください。")
        if options["out"].exists():
            raise CommandError(f"{options['out']} はすでにあります。別の名前にしてください。")
        try:
            with wall.within(wanted[0].pk):
                acts = options["act"] or list(BLANK_ACTS)
                made = print_papers(actor=System("blank_forms"), acts=acts, copies=options["copies"])
                options["out"].write_bytes(blank_forms(made, wanted[0].name))
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{options['out']}: {len(made)} forms, {made[0].number} to {made[-1].number}.")
