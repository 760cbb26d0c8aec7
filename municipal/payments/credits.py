"""Reading a file of what reached the account: every line is one transfer, or refused by name (入金データの読取り).

The columns stand in ``standards/collections/1/settlements.csv``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.core import clock

from .files import BadLine, Cells, is_day, is_whole, lines
from .models import Channel

COLUMNS = ("channel", "reference", "yen", "credited_on")


@dataclass(frozen=True)
class Credited:
    """Money of one channel on the account, as the file says it (入金の行). ``line`` counts from 2."""

    line: int
    channel: str
    reference: str
    yen: int
    credited_on: date


def read(data: bytes) -> Iterator[Credited | BadLine]:
    """Every line of the file in its order (行の読取り). Raises Refused for a file that is none: see ``files.lines``."""
    for found in lines(data, COLUMNS, is_counted=True):
        yield found if isinstance(found, BadLine) else _line(*found)


def _line(number: int, said: Cells) -> Credited | BadLine:
    for name, is_right, sentence in (
        ("channel", said["channel"] in Channel.values, _("収納チャネルが一覧にありません。")),
        ("reference", _is_reference(said["reference"]), _("入金の番号は1文字以上40文字までです。")),
        ("yen", is_whole(said["yen"]), _("金額は1円以上、11桁までの数字です。")),
        ("credited_on", _is_past(said["credited_on"]), _("入金日は 2026-11-30 の形の、今日までの日です。")),
    ):
        if not is_right:
            return BadLine(number, name, sentence)
    day = date.fromisoformat(said["credited_on"])
    return Credited(number, said["channel"], said["reference"], int(said["yen"]), day)


def _is_reference(text: str) -> bool:
    return bool(text.strip()) and len(text) <= 40 and text.isprintable()


def _is_past(text: str) -> bool:
    return is_day(text) and date.fromisoformat(text) <= clock.today()
