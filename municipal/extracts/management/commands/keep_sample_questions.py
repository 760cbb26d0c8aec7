"""``manage.py keep_sample_questions``: the clerk of a made-up town has a few questions to ask (研修用の抽出条件)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from municipal.extracts.demo import keep_samples
from municipal.identity.models import Staff
from municipal.municipalities import wall
from municipal.municipalities.management.made_up import made_up


class Command(BaseCommand):
    """Keep sample questions for the demo clerk; what is there stays."""

    help = (
        "架空の町の窓口の職員に、抽出条件の見本を保存します。"
        " / Keeps sample questions for the demo clerk of a made-up town."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--town", required=True, help="code of a made-up town")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a real municipality; where no demo account is open, nothing is kept."""
        town = made_up(str(options["town"]))
        with wall.within(town.pk):
            owner = Staff.objects.filter(is_demo=True, login_name="counter").first()
            count = keep_samples(owner) if owner else 0
        self.stdout.write(f"{town.name} ({town.code}): {count} questions kept.")
