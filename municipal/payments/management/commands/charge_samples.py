"""``manage.py charge_samples``: a made-up town gets two years of public money (研修用の公金)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from municipal.municipalities.management.made_up import made_up
from municipal.payments.demo import furnish
from municipal.payments.models import Charge, Posting, Report, Slip, Transfer


class Command(BaseCommand):
    """Furnish a made-up town; what is there stays."""

    help = (
        "架空の町に、2年分の賦課・納付書・収納を用意します。"
        " / Gives a made-up town two years of charges, slips and collections."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--town", required=True, help="code of a made-up town")
        parser.add_argument("--seed", type=int, default=1, help="who is charged how much and pays how (default 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a real municipality: nothing is charged there but what was assessed."""
        town = made_up(options["town"])
        count = furnish(town.pk, seed=options["seed"], pause=_count_rows)
        self.stdout.write(f"{town.name} ({town.code}): {count} instalments charged.")


def _count_rows() -> None:
    """PostgreSQL plans by statistics that the owner of the tables lets it take."""
    tables = (model._meta.db_table for model in (Charge, Slip, Report, Posting, Transfer))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(tables))
