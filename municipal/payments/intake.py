"""Reading a file of reports: every line is one, or is refused by name (収納データの読取り).

The columns stand in ``standards/collections/1/profile.csv``.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date

from django.utils.translation import gettext_noop as _

from .files import BadLine, Cells, is_day, is_whole, lines, written
from .models import Channel, Stage

COLUMNS = ("channel", "stage", "number", "yen", "paid_on", "place", "reference", "credited_on")


@dataclass(frozen=True)
class Line:
    """One report as the file says it (通知の行). ``line`` counts from 2: the header is line 1.

    ``credited_on``: when the money reaches the town's account, where the channel says so.
    """

    line: int
    channel: str
    stage: str
    number: str
    yen: int
    paid_on: date
    place: str
    reference: str
    credited_on: date | None = None

    @property
    def key(self) -> tuple[str, str, str, date, str, str]:
        """What makes it the same report as another."""
        return self.channel, self.stage, self.number, self.paid_on, self.place, self.reference


def read(data: bytes) -> Iterator[Line | BadLine]:
    """Every line of the file in its order (行の読取り). Raises Refused for a file that is none: see ``files.lines``."""
    for found in lines(data, COLUMNS, is_counted=True):
        yield found if isinstance(found, BadLine) else _line(*found)


def write(reports: Iterable[Line]) -> bytes:
    """The file that says ``reports``, in their order (データの書出し)."""
    return written(COLUMNS, [["" if cell is None else cell for cell in astuple(one)[1:]] for one in reports])


def _line(number: int, said: Cells) -> Line | BadLine:
    for name, (is_right, sentence) in _RULES.items():
        if not is_right(said[name]):
            return BadLine(number, name, sentence)
    return Line(
        number, said["channel"], said["stage"], said["number"], int(said["yen"]), date.fromisoformat(said["paid_on"]),
        said["place"], said["reference"], date.fromisoformat(said["credited_on"]) if said["credited_on"] else None,
    )  # fmt: skip


def _is_word(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable()


_CHANNELS, _STAGES = frozenset(Channel.values), frozenset(Stage.values)
_RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "channel": (lambda text: text in _CHANNELS, _("収納チャネルが一覧にありません。")),
    "stage": (lambda text: text in _STAGES, _("段階は速報、確報、速報取消のどれかです。")),
    "number": (lambda text: bool(re.fullmatch(r"\d{20}", text, re.ASCII)), _("納付番号は20桁の数字です。")),
    "yen": (is_whole, _("金額は1円以上、11桁までの数字です。")),
    "paid_on": (is_day, _("収納日は 2026-11-30 の形の、暦にある日です。")),
    "place": (lambda text: _is_word(text, 20), _("店舗は20文字までです。")),
    "reference": (lambda text: bool(text.strip()) and _is_word(text, 40), _("整理番号は1文字以上40文字までです。")),
    "credited_on": (lambda text: not text or is_day(text), _("入金予定日は空欄か、2026-11-30 の形の日です。")),
}
