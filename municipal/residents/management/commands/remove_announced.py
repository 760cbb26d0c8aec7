"""``manage.py remove_announced``: the daily removal by hand, where no worker runs (転出予定日の到来による消除)."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents.operations import remove_announced


class Command(BaseCommand):
    """Remove whoever announced to leave by today; a second run finds nobody."""

    help = (
        "転出予定日が来た方を消除します。ふだんはワーカーが毎時行います。"
        " / Removes people whose announced day of leaving has come; the worker does so every hour."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--town", type=int, help="code of the municipality (default every one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each municipality in a transaction of its own."""
        for town in Municipality.objects.order_by("pk"):
            if options["town"] in (None, town.pk):
                with wall.within(town.pk):
                    events = remove_announced(actor=System("remove_announced"))
                self.stdout.write(f"{town.name}: {sum(len(event.subjects) for event in events)}")
