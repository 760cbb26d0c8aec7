"""``manage.py events``: what one event asks once instead of many times (ワンストップの指標の出力)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from municipal.applications.bundling.figures import figures
from municipal.procedures.catalogue import shipped


class Command(BaseCommand):
    """Prints of each life event how many procedures and questions there are (ライフイベントの数字)."""

    help = "Connected One Stop: procedures and questions of each life event, alone and in one bundle"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """In what form."""
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *, format: str = "text", **options: Any) -> None:
        """Count and print."""
        found = figures(shipped())
        if format == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for one in found:
            self.stdout.write(
                f"{one['event']}: {one['procedures']} procedures, {one['online']} online; questions "
                f"{one['questions_alone']} one by one, {one['questions_in_bundle']} in one bundle"
            )
