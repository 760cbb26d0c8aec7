"""``manage.py verify_audit``: prove that the audit was not touched (監査記録の検証)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.audit.verification import REASONS, Verdict, verify
from municipal.municipalities.models import Municipality


class Command(BaseCommand):
    """Verify the audit of one municipality or of all (監査記録の検証)."""

    help = (
        "監査記録が改変されていないことを確かめます。改変があれば最初の記録番号と理由を示し、終了コード1で終わります。"
        " / Checks that no audit entry was altered, removed or added, against the hash chain and the anchors kept"
        " outside the database. Names the first bad entry and why, and then ends with exit code 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--town", type=int, metavar="CODE", action="append",
            help="6桁の団体コード。省略時は全自治体。 / Local-government code, six digits; all towns if left out.",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(Municipality.objects.values_list("id", flat=True))
        towns = options["town"] or sorted(known)
        if strange := set(towns) - known:
            raise CommandError(f"この自治体はありません。 / No such municipality here: {sorted(strange)}")
        verdicts = [verify(town) for town in towns]
        for verdict in verdicts:
            self.stdout.write(_line(verdict))
        if not all(verdict.is_sound for verdict in verdicts):
            raise SystemExit(1)


def _line(verdict: Verdict) -> str:
    code = f"{verdict.municipality:06d}"
    if verdict.is_sound:
        return f"{code}: 正常 / sound. {verdict.rows} entries, {verdict.anchored} anchors."
    told = f"{REASONS[verdict.reason]} {verdict.detail}".strip()
    return f"{code}: 異常 / BAD, first at entry {verdict.first_bad_seq} of {verdict.rows}. {told}"
