"""When a schedule begins next, what a file of changes says, whether a till agrees (一括処理の規則)."""

import calendar
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from municipal.core import clock
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused

ADDRESS_COLUMNS = ("町字", "番地・号", "方書", "郵便番号", "町字コード")
ADDRESS_PARTS = ("block", "lot", "building", "postal_code", "block_code")
MOST_ROWS = 200_000
LONGEST = {"block": 120, "lot": 50, "building": 300, "postal_code": 7, "block_code": 7, "domicile": 200}


@dataclass(frozen=True)
class When:
    """A timing as a schedule says it (予約の時期)."""

    timing: str
    at: time
    on: date | None = None
    weekday: int | None = None
    day: int | None = None


@implements("resident-record/1.0#9.1/m1")
def next_start(when: When, after: datetime) -> datetime | None:
    """The first moment behind ``after`` at which a run begins; None where none ever does again (次の起動)."""
    begin = after.astimezone(clock.TOKYO)
    if when.timing == "once":
        moment = _moment(when.on, when.at) if when.on else None
        return moment if moment and moment > begin else None
    for ahead in range(62):
        day = begin.date() + timedelta(days=ahead)
        moment = _moment(day, when.at)
        if moment > begin and _is_its_day(when, day):
            return moment
    return None


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=clock.TOKYO)


def _is_its_day(when: When, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    return {
        "daily": True,
        "weekly": day.weekday() == when.weekday,
        "monthly": day.day == min(when.day or 0, last),
        "month_end": day.day == last,
    }.get(when.timing, False)


@dataclass(frozen=True)
class ChangeRow:
    """One line of a file of changes (変更の行)."""

    row: int
    number: str
    before: dict[str, str]
    after: dict[str, str]


def headings(kind: str) -> list[str]:
    """The first line of a file of changes (ファイルの見出し)."""
    if kind == "domicile":
        return ["宛名番号", "変更前の本籍", "変更後の本籍"]
    before, after = ([f"{when}の{name}" for name in ADDRESS_COLUMNS] for when in ("変更前", "変更後"))
    return ["世帯番号", *before, *after]


@implements("resident-record/1.0#9.7/m4")
def read_changes(content: bytes, kind: str) -> list[ChangeRow]:
    """The lines of a file of changes, addresses by household number, domiciles by addressee number (ファイルの読取り).

    Raises Refused, with its line, for the first one that cannot be read, and for a number that stands there twice.
    """
    rows, seen = [], set()
    for line, cells in _lines(content, kind):
        number = cells[0].strip()
        if not re.fullmatch("[0-9]{1,15}", number):
            raise _bad(line, "番号は15桁までの数字です。")
        if number in seen:
            raise _bad(line, "同じ番号が二度あります。")
        seen.add(number)
        names = ("domicile",) if kind == "domicile" else ADDRESS_PARTS
        rows.append(_row(line, number, names, cells[1:]))
    if not rows:
        raise Refused("ファイルに行がありません。", field="file", code="no_lines")
    return rows


def _row(line: int, number: str, names: tuple[str, ...], cells: list[str]) -> ChangeRow:
    before = dict(zip(names, cells[: len(names)], strict=True))
    after = dict(zip(names, cells[len(names) :], strict=True))
    for said in (before, after):
        for name, value in said.items():
            try:
                refuse_unstorable(value, LONGEST[name], name)
            except Refused as refused:
                raise _bad(line, str(refused)) from None
    if not after[names[0]]:
        raise _bad(line, "変更後が空欄です。")
    postal = after.get("postal_code", "")
    if not re.fullmatch("([0-9]{7})?", postal):
        raise _bad(line, "郵便番号は7桁の数字です。")
    if before == after:
        raise _bad(line, "変更前と変更後が同じです。")
    return ChangeRow(line, number, before, after)


def _bad(line: int, why: str) -> Refused:
    return Refused("%(line)d行目: %(why)s", field="file", code="bad_line", line=line, why=why)


def _lines(content: bytes, kind: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("ファイルの文字コードがUTF-8ではありません。", field="file", code="not_utf8") from None
    wanted = headings(kind)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        if next(reader, []) != wanted:
            raise Refused(
                "ファイルの見出しが違います。対象の抽出で作ったファイルを使ってください。",
                field="file",
                code="headings",
            )
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(wanted):
                raise _bad(reader.line_num, "列の数が違います。")
            if reader.line_num > MOST_ROWS + 1:
                raise Refused("ファイルの行が多すぎます。分けて取り込んでください。", field="file", code="too_large")
            yield reader.line_num, cells
    except csv.Error:
        raise Refused("ファイルをCSVとして読み取れません。", field="file", code="not_csv") from None


def range_of_numbers(typed: str) -> tuple[int, int] | None:
    """The first and the last lot of a range as typed: ``10-20``, ``10``; None for nothing (番地の範囲).

    Raises Refused for text that is no range.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        return None
    found = re.fullmatch("([0-9]{1,5})(?:[-~〜]([0-9]{1,5}))?", plain)
    if found is None:
        raise Refused("番地の範囲は「10-20」のように入れてください。", field="lots", code="invalid")
    first = int(found[1])
    return first, int(found[2] or first)
