"""``manage.py issue_samples``: a made-up town gets seals, a printer and a few issued certificates (研修用の証明書)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from municipal.certificates.demo import furnish
from municipal.municipalities import wall
from municipal.municipalities.management.made_up import made_up


class Command(BaseCommand):
    """Furnish a made-up town; what is there stays."""

    help = (
        "架空の町に、公印・プリンタ・数通の証明書を用意します。"
        " / Gives a made-up town seals, a printer and a few issued certificates."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--town", required=True, help="code of a made-up town")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a real municipality: nothing is issued there but at the counter."""
        town = made_up(options["town"])
        with wall.within(town.pk):
            count = furnish(town.code, town.name)
        self.stdout.write(f"{town.name} ({town.code}): {count} certificates issued.")
