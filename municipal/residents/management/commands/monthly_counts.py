"""``manage.py monthly_counts``: how many came, went and live here, month by month (人口の月報)."""

import argparse
import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.core import clock
from municipal.core.codes import table
from municipal.core.eras import wareki_month
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.residents import counts


class Command(BaseCommand):
    """Print one month's counts, as text or JSON; they hold nobody's data."""

    help = (
        "人口の月報（異動事由別の増減、月末の人口と世帯数）を出力します。"
        " / Prints additions and removals by reason, and residents and households at the end of a month."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--month", default="", help="which month, 2026-11 (default this month)")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--town", type=int, help="code of the municipality (default every one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count in each municipality that was asked for."""
        today = clock.today()
        asked = options["month"] or f"{today.year}-{today.month}"
        if not re.fullmatch(r"\d{4}-\d{1,2}", asked, re.ASCII):
            raise CommandError("--month は 2026-11 の形で指定してください。")
        year, number = map(int, asked.split("-"))
        found = []
        for town in Municipality.objects.order_by("pk"):
            if options["town"] not in (None, town.pk):
                continue
            try:
                with wall.within(town.pk):
                    found.append((town, counts.month(year, number)))
            except Refused as refused:
                raise CommandError(str(refused)) from refused
        if options["format"] == "json":
            self.stdout.write(json.dumps([_plain(town, month) for town, month in found], ensure_ascii=False, indent=1))
            return
        for town, month in found:
            for line in _lines(town, month):
                self.stdout.write(line)


def _plain(town: Municipality, month: counts.Month) -> dict[str, Any]:
    return {
        "town": town.code, "month": f"{month.first:%Y-%m}", "as_of": month.as_of.isoformat(),
        "before": month.before.total(), "additions": [_movement(one) for one in month.additions],
        "removals": [_movement(one) for one in month.removals], "stock": month.stock.total(),
        "by": _cells(month.stock), "households": month.households,
    }  # fmt: skip


def _movement(movement: counts.Movement) -> dict[str, Any]:
    return {"reason": movement.reason, "by": _cells(movement.by_cell), "total": movement.total}


def _cells(by_cell: Any) -> dict[str, int]:
    """Kind and sex by their codes, 1:2 is a Japanese woman."""
    return {":".join(cell): count for cell, count in sorted(by_cell.items())}


def _lines(town: Municipality, month: counts.Month) -> Iterator[str]:
    reasons = table("event_reason")
    yield f"{town.name} {wareki_month(month.first)}"
    yield f"  前月末 {month.before.total()}人"
    for sign, movements in (("+", month.additions), ("-", month.removals)):
        for one in movements:
            name = reasons[one.reason].name_ja if one.reason in reasons else one.reason
            yield f"  {sign}{one.total} {name}"
    yield f"  {month.as_of.isoformat()} {month.stock.total()}人 {month.households}世帯"
