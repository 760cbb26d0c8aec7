"""``manage.py bank_samples``: a made-up town gets mandates and accounts for refunds (研修用の口座)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from municipal.banking.demo import furnish
from municipal.municipalities.management.made_up import made_up


class Command(BaseCommand):
    """Furnish a made-up town; what is there stays."""

    help = (
        "架空の町に、口座振替依頼と還付先口座を用意します。"
        " / Gives a made-up town mandates for direct debit and accounts for refunds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--town", required=True, help="code of a made-up town")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a real municipality: nobody's account is made up there."""
        town = made_up(options["town"])
        self.stdout.write(f"{town.name} ({town.code}): {furnish(town.pk)} mandates.")
