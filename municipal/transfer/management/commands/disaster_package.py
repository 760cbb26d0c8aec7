"""``manage.py disaster_package``: the register's essentials, to be opened without a network (災害用パッケージ)."""

from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.transfer.packages import write_package


class Command(BaseCommand):
    """Write the package of one town (災害用パッケージの作成)."""

    help = (
        "災害時に、通信なしで開ける住民データを、暗号化した一つのファイルに書き出します。合言葉は画面かファイルから読みます。"
        " / Writes an encrypted page with who lives where, to be opened in any browser without a network. Passphrases"
        " are asked for or read from files, never taken from the command line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="新しいファイル（.html）。 / A new file (.html).")
        parser.add_argument("--town", type=int, metavar="CODE", help="6桁の団体コード。 / Needed with several towns.")
        parser.add_argument("--passphrase-file", type=Path)
        parser.add_argument(
            "--protected-passphrase-file", type=Path,
            help="支援措置の方の住所も、この合言葉で封じて入れる。 / Also put in protected addresses, under this one.",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        first, second = options["passphrase_file"], options["protected_passphrase_file"]
        passphrase = _read(first) if first else _asked()
        try:
            with wall.within(self._town(options["town"])):
                count = write_package(
                    actor=System("disaster package"), out=options["out"], passphrase=passphrase,
                    protected_passphrase=_read(second) if second else "",
                )  # fmt: skip
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{options['out']}: {count:,}人 / people")

    def _town(self, code: int | None) -> int:
        towns = list(Municipality.objects.values_list("pk", flat=True))
        if code in towns:
            return int(code)
        if code is None and len(towns) == 1:
            return int(towns[0])
        raise CommandError("--town で自治体を指定してください。 / Name a town with --town.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"合言葉のファイルが読めません。 / Cannot read {path}.") from error


def _asked() -> str:
    typed = getpass("合言葉 / Passphrase: ")
    if typed != getpass("もう一度 / Again: "):
        raise CommandError("二度の入力が違います。 / The two do not agree.")
    return typed
