"""Files of lines that money comes in by: all of one shape, and a line that is none is named (金銭のデータの読取り)."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
END = "end"
"""How the last line of a counted file begins: ``end``, the number of lines, the sum of their yen."""


def lines(data: bytes, columns: Sequence[str], *, is_counted: bool = False) -> Iterator[tuple[int, Cells] | BadLine]:
    """Every line of a CSV in UTF-8 with exactly these ``columns``: its number, and its cells by column (行の読取り).

    The header is line 1. ``is_counted``: the last line says how many there are and what their ``yen`` add up to.
    Raises Refused for a file that is none: too large, not UTF-8, other columns, not ending with a line (half an amount
    reads like an amount), without its last line, or not adding up to it.
    """
    rows = _rows(data, columns)
    counted = list(_counted(rows, columns.index("yen"))) if is_counted else rows
    for number, row in counted:
        if row is None:
            yield BadLine(number, "file", CUT)
        elif len(row) == len(columns):
            yield number, dict(zip(columns, row, strict=True))
        else:
            yield BadLine(number, "file", _("項目の数が違います。"))


Numbered = tuple[int, list[str] | None]


def _counted(rows: Iterator[Numbered], yen: int) -> Iterator[Numbered]:
    """The rows before the last; what is no amount is a bad line, and no part of the sum."""
    count = total = 0
    for number, row in rows:
        if row is None or row[:1] != [END]:
            count += 1
            total += int(row[yen]) if row and len(row) > yen and is_whole(row[yen]) else 0
            yield number, row
        elif row == [END, str(count), str(total)] and next(rows, None) is None:
            return
        else:
            raise Refused(
                "最終行の件数・合計金額と、ファイルの行が合いません。もう一度受け取って、取り込み直してください。",
                field="file", code="invalid",
            )  # fmt: skip
    raise Refused(CUT, field="file", code="invalid")


def is_whole(text: str) -> bool:
    """Whether it is an amount from 1 yen to eleven digits (金額の形)."""
    return bool(re.fullmatch(r"[1-9]\d{0,10}", text, re.ASCII))


def is_day(text: str) -> bool:
    """Whether it is a day of the calendar in the form 2026-11-30 (日付の形)."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def written(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A counted file of these rows, as ``lines`` reads it (データの書出し)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    amounts = [str(row[columns.index("yen")]) for row in rows]
    writer.writerow([END, len(rows), sum(int(yen) for yen in amounts if is_whole(yen))])
    return out.getvalue().encode()


def _rows(data: bytes, columns: Sequence[str]) -> Iterator[Numbered]:
    """Every row after the header with its number; None for one that is broken off."""
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
            yield rows.line_num, row
    except csv.Error:
        yield rows.line_num, None
