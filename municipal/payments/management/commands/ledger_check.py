"""``manage.py ledger_check``: whether the books of every town add up (元帳の検算)."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.balances import books, by_fee


class Command(BaseCommand):
    """Print the identities of the books; ends with 1 where one does not hold."""

    help = (
        "元帳の恒等式（調定・収納・未済など）を検算します。"
        " / Checks the identities of the books: charged, collected, outstanding."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--town", type=int, help="code of the municipality (default every one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add up each town's books, and each fee and year by itself."""
        found = []
        for town in Municipality.objects.order_by("pk"):
            if options["town"] in (None, town.pk):
                with wall.within(town.pk):
                    found.append(_checked(town))
        if options["format"] == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            for one in found:
                state = "、".join(one["broken"]) or "OK"
                self.stdout.write(f"{one['town']} {one['name']}: {state}")
                for name, yen in one["total"].items():
                    self.stdout.write(f"  {name:12} {yen:>20,}")
        if any(one["broken"] for one in found):
            sys.exit(1)


def _checked(town: Municipality) -> dict[str, Any]:
    """One town's identities; a fee and year of its own whose figures do not add up is named too."""
    whole = books()
    parts = [{"fee": fee, "levy_year": year, **asdict(one)} for fee, year, one in by_fee()]
    bad = [f"{part['fee']} {part['levy_year']}" for part, (_, _, one) in zip(parts, by_fee(), strict=True)
           if not one.is_consistent]  # fmt: skip
    return {
        "town": town.code, "name": town.name, "total": asdict(whole.total), "collected": whole.collected,
        "suspense": whole.suspense, "accounts": whole.balances, "fees": parts, "broken": whole.broken() + bad,
    }  # fmt: skip
