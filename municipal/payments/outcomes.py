"""What became of each line of a file, in words, the same for a dry run, a run, a page and a sheet (行ごとの結果)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .files import BadLine
from .intake import read
from .models import Match, Report

REPEATED, BAD, SETTLED = "repeated", "bad", "settled"
WORDS: Mapping[str, str] = {
    Match.MATCHED: _("納付書と一致。消込み。"),
    Match.DIFFERS: _("納付書と金額が違う。入った額を記帳し、照合待ちへ。"),
    Match.TWICE: _("二重納付。過誤納として記帳し、照合待ちへ。"),
    Match.UNKNOWN: _("納付番号に該当なし。確報は仮受金として記帳し、照合待ちへ。"),
    Match.CONTESTED: _("還付または充当したあとの取消し。記帳せず、照合待ちへ。"),
    Match.NOTED: _("記録のみ。"),
    SETTLED: _("入金を記帳。"),
    REPEATED: _("取込み済みの内容。何も変わらない。"),
    BAD: _("取り込めない行。"),
}
HEADINGS = (_("行"), _("番号"), _("金額（円）"), _("結果"))


class Row(NamedTuple):
    """One line: where it stands, which number it names, its yen, what became of it (行の結果).

    ``result``: a Match, SETTLED, REPEATED or BAD; ``sentence``: why a line is bad.
    """

    line: int
    number: str
    yen: int
    result: str
    sentence: str = ""

    @property
    def words(self) -> str:
        """The result as a clerk reads it (結果の文)."""
        return gettext(self.sentence or WORDS[self.result])


def table(rows: Iterable[Row]) -> Iterable[list[str]]:
    """The rows of a sheet, headings first (結果の一覧表)."""
    yield [gettext(heading) for heading in HEADINGS]
    for row in rows:
        yield [str(row.line), row.number, str(row.yen or ""), row.words]


def of_file(data: bytes, digest: str) -> Iterator[Row]:
    """Every line of a file that was taken in, in its order, with what became of it (取込み後の結果)."""
    found = dict(Report.objects.filter(file__digest=digest).values_list("line", "match"))
    for one in read(data):
        if isinstance(one, BadLine):
            yield Row(one.line, "", 0, BAD, one.sentence)
        else:
            yield Row(one.line, one.number, one.yen, found.get(one.line, REPEATED))
