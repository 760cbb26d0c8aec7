"""Files of lines that money comes in by: all of one shape, and a line that is none is named (金銭のデータの読取り)."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from municipal.core.refusals import Refused

MOST_BYTES = 200 * 1024 * 1024
MOST_YEN = 99_999_999_999
"""Eleven digits, as the code on a slip holds."""

CUT = _("ファイルが途中で切れています。もう一度受け取って、取り込み直してください。")


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be taken: its number from 2, its column and why (取り込めない行)."""

    line: int
    field: str
    sentence: str


Cells = Mapping[str, str]


def lines(data: bytes, columns: Sequence[str]) -> Iterator[tuple[int, Cells] | BadLine]:
    """Every line of a CSV in UTF-8 with exactly these ``columns``: its number, and its cells by column (行の読取り).

    The header is line 1. Raises Refused for a file that is none: too large, not UTF-8, other columns, not ending with
    a line. The last is asked because half an amount reads like an amount.
    """
    if len(data) > MOST_BYTES:
        raise Refused("ファイルが大きすぎます。200MBまでに分けてください。", field="file", code="too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("ファイルの文字コードがUTF-8ではありません。", field="file", code="invalid") from None
    if text and not text.endswith("\n"):
        raise Refused(CUT, field="file", code="invalid")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if next(rows, []) != list(columns):
            raise Refused(
                "1行目の項目名が違います。%(columns)s の順にしてください。",
                field="file", code="invalid", columns=",".join(columns),
            )  # fmt: skip
        for row in rows:
            if len(row) == len(columns):
                yield rows.line_num, dict(zip(columns, row, strict=True))
            else:
                yield BadLine(rows.line_num, "file", _("項目の数が違います。"))
    except csv.Error:
        yield BadLine(rows.line_num, "file", CUT)
