"""``manage.py apply_samples``: a made-up town gets a few applications in its queue (研修用の申請)."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from municipal.applications.demo import furnish
from municipal.core.actors import System
from municipal.identity.models import Staff
from municipal.municipalities import wall
from municipal.municipalities.management.made_up import made_up


class Command(BaseCommand):
    """Furnish a made-up town, with simulated cards where it has none; what is there stays (研修用の申請の登録)."""

    help = (
        "架空の町に、模擬カードと見本の申請を用意します。"
        " / Gives a made-up town simulated cards and a few applications."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--town", required=True, help="code of a made-up town")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a real municipality: nobody applied there."""
        town = made_up(options["town"])
        with wall.within(town.pk):
            clerk = Staff.objects.filter(login_name="counter").first() or System("apply_samples")
        count = furnish(
            town.pk, clerk=clerk,
            issue_cards=lambda: call_command("issue_cards", town=town.pk, most=5, stdout=self.stdout),
        )  # fmt: skip
        self.stdout.write(f"{town.name} ({town.code}): {count} applications.")
