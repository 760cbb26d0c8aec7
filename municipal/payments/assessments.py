"""What an assessment says, and reading a file of them (賦課の内容と読取り).

The columns stand in ``standards/fees/1/assessments.csv``; ``due_on`` holds the days of the ordinance divided by spaces.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused

from .fees import fee as fee_of
from .intake import CUT, MOST_BYTES
from .rules.instalments import due_days

COLUMNS = ("fee", "levy_year", "fiscal_year", "reference", "payer", "total_yen", "due_on")
AT_ONCE = 2_000
MOST_YEN = 99_999_999_999
"""Eleven digits, as the code on a slip holds."""


@dataclass(frozen=True)
class Assessed:
    """One line of an assessment: who, what for, how much, under which number (賦課の内容).

    ``due_on``: the days as the ordinance says them, in order; closed days are moved. Yen are whole.
    """

    payer: Addressee
    fee: str
    levy_year: int
    fiscal_year: int
    reference: str
    total_yen: int
    due_on: Sequence[date]


@dataclass(frozen=True)
class BadAssessment:
    """A line that is no assessment: its column and why (取り込めない行)."""

    line: int
    field: str
    sentence: str


def refuse_bad(assessed: Assessed) -> None:
    """Refuse what cannot be charged, naming the field (賦課の確認)."""
    fee_of(assessed.fee)
    if not 0 <= assessed.total_yen <= MOST_YEN:
        raise Refused(
            "賦課の額は0円から%(most)d円までで入力してください。", field="total_yen", code="invalid", most=MOST_YEN
        )
    if not assessed.due_on:
        raise Refused("納期限を1つ以上入力してください。", field="due_on", code="invalid")
    if not assessed.reference.strip():
        raise Refused("通知書番号を入力してください。", field="reference", code="invalid")
    refuse_unstorable(assessed.reference, 20, "reference")
    due_days(assessed.due_on)
    for name in ("levy_year", "fiscal_year"):
        if not 1950 <= getattr(assessed, name) <= 2200:
            raise Refused("年度を西暦4桁で入力してください。", field=name, code="invalid")


def read(data: bytes) -> Iterator[Assessed | BadAssessment]:
    """Every line of the file in its order (賦課データの読取り).

    Raises Refused for a file that is none: too large, not UTF-8, other columns, cut off.
    """
    if len(data) > MOST_BYTES:
        raise Refused("ファイルが大きすぎます。200MBまでに分けてください。", field="file", code="too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("ファイルの文字コードがUTF-8ではありません。", field="file", code="invalid") from None
    if text and not text.endswith("\n"):
        raise Refused(CUT, field="file", code="invalid")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise Refused(
            "1行目の項目名が違います。%(columns)s の順にしてください。",
            field="file", code="invalid", columns=",".join(COLUMNS),
        )  # fmt: skip
    seen: set[tuple[str, ...]] = set()
    for start in range(1, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        payers = {
            one.number: one for one in Addressee.objects.filter(number__in={row[4] for row in part if len(row) > 4})
        }
        for at, row in enumerate(part, start=start + 1):
            yield _line(at, row, payers, seen)


def _line(
    at: int, row: list[str], payers: Mapping[str, Addressee], seen: set[tuple[str, ...]]
) -> Assessed | BadAssessment:
    if len(row) != len(COLUMNS):
        return BadAssessment(at, "file", _("項目の数が違います。"))
    said = dict(zip(COLUMNS, row, strict=True))
    key = said["fee"], said["levy_year"], said["reference"]
    if key in seen:
        return BadAssessment(at, "reference", _("同じ料金・年度・通知書番号の行が、このファイルにもう一つあります。"))
    seen.add(key)
    if said["payer"] not in payers:
        return BadAssessment(at, "payer", _("この宛名番号の方は登録されていません。"))
    try:
        found = Assessed(
            payer=payers[said["payer"]], fee=said["fee"], levy_year=_whole(said, "levy_year"),
            fiscal_year=_whole(said, "fiscal_year"), reference=said["reference"],
            total_yen=_whole(said, "total_yen"), due_on=_days(said["due_on"]),
        )  # fmt: skip
        refuse_bad(found)
    except Refused as refused:
        return BadAssessment(at, refused.field, refused.sentence % refused.values)
    return found


def _whole(said: Mapping[str, str], name: str) -> int:
    if not re.fullmatch(r"\d{1,11}", said[name], re.ASCII):
        raise Refused("数字だけで入力してください。", field=name, code="invalid")
    return int(said[name])


def _days(text: str) -> tuple[date, ...]:
    try:
        return tuple(date.fromisoformat(day) for day in text.split(" ") if re.fullmatch(r"\d{4}-\d\d-\d\d", day) or day)
    except ValueError:
        raise Refused("納期限は 2026-06-30 の形で、空白で区切ってください。", field="due_on", code="invalid") from None
