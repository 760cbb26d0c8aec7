"""``manage.py messages``: write the catalogue of errors and alerts anew from the program (エラー・アラートの一覧)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

import municipal
from municipal.core.messages import PATH, as_csv, raised


class Command(BaseCommand):
    """Whoever adds an error or an alert runs this; a test fails until then."""

    help = "エラー・アラートの一覧を書き直します。 / Writes the catalogue of errors and alerts anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, and say how many there are."""
        found = raised(Path(municipal.__path__[0]))
        PATH.write_text(as_csv(found), encoding="utf-8")
        alerts = sum(one.kind == "alert" for one in found)
        self.stdout.write(f"{PATH}: {len(found) - alerts} errors, {alerts} alerts.")
