"""``manage.py principles``: the figures of the three principles (三原則の指標の出力)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.procedures.catalogue import shipped
from municipal.procedures.offered import entries
from municipal.procedures.principles import Figures, figures


class Command(BaseCommand):
    """Prints what the catalogue still asks, holds and needs on paper (三原則の指標)."""

    help = "Digital First, Once Only, Connected One Stop: the figures of the catalogue"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which town, and in what form."""
        parser.add_argument("--town", type=int, help="code of a municipality; without it, the catalogue as shipped")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *, town: int | None = None, format: str = "text", **options: Any) -> None:
        """Count and print."""
        found = figures(shipped() if town is None else _of_town(town))
        if format == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for line in _lines(found):
            self.stdout.write(line)


def _of_town(town: int) -> Any:
    if not Municipality.objects.filter(pk=town).exists():
        raise CommandError(f"no municipality {town}")
    with wall.within(town):
        return entries()


def _lines(found: Figures) -> list[str]:
    first, once, drafted = found["digital_first"], found["once_only"], found["drafted"]
    return [
        f"procedures: {found['procedures']['all']}",
        (
            f"digital first: {first['complete_online']} of {first['taken_here']} taken here are complete online "
            f"({first['complete_online_percent']} %), {first['paper_steps']} steps need paper or a visit"
        ),
        (
            f"once only: {once['asked']} asked, {once['held']} held, asked and held {len(once['asked_and_held'])}; "
            f"documents dropped {once['dropped']}, remaining {once['remaining']}"
        ),
        *(
            f"one stop: {one['event']}: {one['procedures']} procedures, {one['questions']} questions, "
            f"{one['questions_asked_once']} asked once"
            for one in found["connected_one_stop"]["events"]
        ),
        f"drafted {drafted['procedures']}: counted {drafted['counted']}, promised {drafted['promised']}",
    ]
