"""What an assessment says, and reading a file of them (賦課の内容と読取り).

The columns stand in ``standards/fees/1/assessments.csv``; ``due_on`` holds the days of the ordinance divided by spaces.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused

from .fees import fee as fee_of
from .files import MOST_YEN, BadLine, Cells, lines
from .models import Assessment, Charge
from .rules.instalments import due_days

COLUMNS = ("fee", "levy_year", "fiscal_year", "reference", "payer", "total_yen", "due_on")
AT_ONCE = 2_000
REGISTERED = _("この通知書番号の賦課はすでに登録されています。")


@dataclass(frozen=True)
class Assessed:
    """One line of an assessment: who, what for, how much, under which number (賦課の内容).

    ``due_on``: the days as the ordinance says them, in order; closed days are moved. Yen are whole. ``accessory_of``:
    the charge that interest or the fee of a demand comes from.
    """

    payer: Addressee
    fee: str
    levy_year: int
    fiscal_year: int
    reference: str
    total_yen: int
    due_on: Sequence[date]
    accessory_of: Charge | None = None


def refuse_bad(assessed: Assessed) -> None:
    """Refuse what cannot be charged, naming the field (賦課の確認)."""
    if fee_of(assessed.fee).is_accessory != (assessed.accessory_of is not None):
        raise Refused("延滞金と督促手数料は、元の調定から調定してください。", field="fee", code="invalid")
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


def read(data: bytes) -> Iterator[Assessed | BadLine]:
    """Every line of the file in its order (賦課データの読取り).

    Raises Refused for a file that is none: see ``files.lines``.
    """
    found, seen = list(lines(data, COLUMNS)), set[tuple[str, ...]]()
    for start in range(0, len(found), AT_ONCE):
        part = found[start : start + AT_ONCE]
        numbers = {one[1]["payer"] for one in part if not isinstance(one, BadLine)}
        payers = {one.number: one for one in Addressee.objects.filter(number__in=numbers)}
        known = _registered([one[1] for one in part if not isinstance(one, BadLine)])
        for one in part:
            if isinstance(one, BadLine):
                yield one
            elif _key(one[1]) in known:
                yield BadLine(one[0], "reference", REGISTERED)
            else:
                yield _line(*one, payers, seen)


def _key(said: Cells) -> tuple[str, ...]:
    return said["fee"], said["levy_year"], said["reference"]


def _registered(part: Sequence[Cells]) -> set[tuple[str, ...]]:
    """Fee, year and reference of those that the register holds already, as the file writes them."""
    years = {int(said["levy_year"]) for said in part if re.fullmatch(r"\d{4}", said["levy_year"], re.ASCII)}
    wanted = Assessment.objects.filter(
        revises__isnull=True, fee__in={said["fee"] for said in part}, levy_year__in=years,
        reference__in={said["reference"] for said in part if "\0" not in said["reference"]},
    )  # fmt: skip
    return {(fee, str(year), reference) for fee, year, reference in wanted.values_list("fee", "levy_year", "reference")}


def _line(at: int, said: Cells, payers: Mapping[str, Addressee], seen: set[tuple[str, ...]]) -> Assessed | BadLine:
    key = _key(said)
    if key in seen:
        return BadLine(at, "reference", _("同じ料金・年度・通知書番号の行が、このファイルにもう一つあります。"))
    seen.add(key)
    if said["payer"] not in payers:
        return BadLine(at, "payer", _("この宛名番号の方は登録されていません。"))
    try:
        found = Assessed(
            payer=payers[said["payer"]], fee=said["fee"], levy_year=_whole(said, "levy_year"),
            fiscal_year=_whole(said, "fiscal_year"), reference=said["reference"],
            total_yen=_whole(said, "total_yen"), due_on=_days(said["due_on"]),
        )  # fmt: skip
        refuse_bad(found)
    except Refused as refused:
        return BadLine(at, refused.field, refused.sentence % refused.values)
    return found


def _whole(said: Cells, name: str) -> int:
    if not re.fullmatch(r"\d{1,11}", said[name], re.ASCII):
        raise Refused("数字だけで入力してください。", field=name, code="invalid")
    return int(said[name])


def _days(text: str) -> tuple[date, ...]:
    try:
        return tuple(date.fromisoformat(day) for day in text.split(" ") if day)
    except ValueError:
        raise Refused("納期限は 2026-06-30 の形で、空白で区切ってください。", field="due_on", code="invalid") from None


MOST_ERRORS = 1_000
"""Bad lines that are named; a file with more is another file than was meant."""


@dataclass
class Judged:
    """What was found in the first ``rows`` lines of a file: what they would charge, the last bad ones (試行の経過)."""

    total: int
    rows: int = 0
    count: int = 0
    yen: int = 0
    by_fee: dict[str, list[int]] = field(default_factory=dict)
    errors: list[BadLine] = field(default_factory=list)

    def position(self) -> dict[str, object]:
        """The same as JSON, without the bad lines (経過の保存形)."""
        return {"rows": self.rows, "count": self.count, "yen": self.yen, "fees": self.by_fee}

    def add(self, one: Assessed | BadLine) -> None:
        """Count one line (一行の集計)."""
        self.rows += 1
        if isinstance(one, BadLine):
            self.errors.append(one)
            return
        self.count += 1
        self.yen += one.total_yen
        of_fee = self.by_fee.setdefault(one.fee, [0, 0])
        of_fee[0] += 1
        of_fee[1] += one.total_yen


def judge(data: bytes) -> Iterator[Judged]:
    """What a file would do, told after every AT_ONCE lines with the bad lines among those (賦課データの試行).

    Stops after MOST_ERRORS bad lines. Raises Refused for a file that is none.
    """
    found, bad = Judged(sum(1 for _ in lines(data, COLUMNS))), 0
    for one in read(data):
        found.add(one)
        if found.rows % AT_ONCE == 0 or found.rows == found.total or bad + len(found.errors) >= MOST_ERRORS:
            yield found
            bad += len(found.errors)
            if bad >= MOST_ERRORS:
                return
            found.errors = []
