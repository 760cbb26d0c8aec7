"""``manage.py number_keys``: make, use and retire the keys of individual numbers (個人番号の鍵の管理)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.numbers import keyring
from municipal.numbers.jobs import KIND
from municipal.numbers.rotation import uses_of
from municipal.office.jobs import run
from municipal.office.models import Job
from municipal.office.operations import order_job


class Command(BaseCommand):
    """The life of a key: add, rotate, remove (鍵の追加・更新・廃棄)."""

    help = (
        "個人番号の鍵を管理します。add は鍵を作り、rotate は全部の番号を新しい鍵で封じ直し、"
        "remove は使われなくなった鍵を捨てます。"
        " / The keys of individual numbers: add makes one, rotate seals every number anew with the newest, remove drops"
        " one that nothing is sealed with any more, list says how many numbers each seals."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["list", "add", "rotate", "remove"])
        parser.add_argument("id", nargs="?", default="", help="鍵の名前。 / Name of the key: a-z, 0-9, hyphen.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"list": self._list, "add": self._add, "rotate": self._rotate, "remove": self._remove}[options["what"]](
                options["id"]
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _file(self) -> Path:
        if not settings.KIJUN_NUMBER_KEYS:
            raise CommandError("KIJUN_NUMBER_KEYS に鍵のファイルを指定してください。 / Set KIJUN_NUMBER_KEYS first.")
        return Path(settings.KIJUN_NUMBER_KEYS)

    def _list(self, _: str) -> None:
        for key_id in keyring.ring().keys:
            self.stdout.write(f"{key_id}\t{uses_of(key_id)}")

    def _add(self, key_id: str) -> None:
        keyring.add_key(self._file(), key_id)
        self.stdout.write(f"{key_id}: 追加しました。 / added. Copy the file to where the backups are NOT.")

    def _rotate(self, _: str) -> None:
        """Order the job in every town and carry it out here; what dies is taken up by the worker or the next call."""
        for town in Municipality.objects.values_list("id", flat=True):
            with wall.within(town):
                job = order_job(actor=System("rotation"), kind=KIND)
            run(town, job.pk)
            with wall.within(town):
                job = Job.objects.get(pk=job.pk)
            self.stdout.write(f"{town:06d}: {job.get_state_display()} {job.done}")
            if job.state != Job.State.DONE:
                raise CommandError(f"{town:06d}: {job.failure}")

    def _remove(self, key_id: str) -> None:
        if left := uses_of(key_id):
            raise CommandError(
                f"{key_id}: まだ{left}件がこの鍵で封じられています。rotate を先に。 / still seals {left}: rotate first."
            )
        keyring.remove_key(self._file(), key_id)
        self.stdout.write(f"{key_id}: 廃棄しました。 / removed.")
