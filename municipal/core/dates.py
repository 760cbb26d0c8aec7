"""Dates as a register holds them: exact, impossible, or unknown in part (年月日の管理)."""

import datetime
import re
from dataclasses import dataclass
from typing import Self

from municipal.core.eras import Era, era_by_sign, era_on, written_day
from municipal.core.notations import Notation, not_after, not_before, read_notation
from municipal.core.refusals import Refused

_STORED = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:@([A-Z]))?(?:/(.+))?")

MAX_LENGTH = 90
"""Characters that always hold the stored text of a date (文字数の上限)."""


@dataclass(frozen=True, slots=True)
class RegisterDate:
    """The value of a date item in the register: resident-record/1.0#1.1.8 (台帳の年月日).

    It is exactly one of three things:

    - ``is_exact``: a day of the calendar, and ``date`` gives it;
    - ``is_impossible``: written in full, but no calendar has the day (1999-02-29);
    - ``is_unknown``: ``notation`` says in words what is known; unknown ``month`` and ``day`` are 0, and
      ``year`` is 0 when nothing is known. It follows from the notation, which is one of the fourteen forms.

    ``era`` is the letter of the era as written if the calendar gives the day to the next era
    (明治45年7月30日, 大正15年12月25日), else "". No other day is put in its place when one is missing.

    ``str(value)`` and ``RegisterDate.parse`` are the stored text; ``sorted(dates, key=str)`` orders by what
    is known, the less known first. Raises ``Refused`` when the fields do not fit together.
    """

    year: int
    month: int
    day: int
    notation: str = ""
    era: str = ""

    def __post_init__(self) -> None:
        if self.notation:
            self._check_notation()
        elif not (self.year <= 9999 and 1 <= self.month <= 12 and 1 <= self.day <= 31):
            raise Refused("年月日がそろっていません。分からない部分があるときは、不詳の書き方で入力してください。")
        else:
            self._check_era()

    def _check_notation(self) -> None:
        read = read_notation(self.notation)
        kept = (read.text, read.year, read.month, read.day, "") if read else None
        if kept != (self.notation, self.year, self.month, self.day, self.era):
            raise Refused("年月日と不詳の書き方が合いません。不詳の書き方を入力し直してください。")

    def _check_era(self) -> None:
        era_on(self.year, self.month, self.day)
        if not self.era:
            return
        written = era_by_sign(self.era)
        if written is None or self.date is None or written.register_until != self.date:
            raise Refused("この日付は、書かれた元号の期間に入りません。元号と年月日を確かめてください。")

    @classmethod
    def exact(cls, day: datetime.date) -> Self:
        """A day of the calendar (暦上日)."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def entered(cls, text: str) -> Self:
        """What a clerk typed: any form of ``eras.parse_day``, impossible days, the two boundary days in
        their old era, and the fourteen notations of an unknown date (入力された年月日).

        Raises ``Refused`` for everything else.
        """
        written = written_day(text)
        if written:
            era = "" if written.era is None or written.is_in_its_era() else written.era.letter
            return cls(written.year, written.month, written.day, era=era)
        read = read_notation(text)
        if read is None:
            raise Refused(
                "日付を読み取れません。「令和8年11月23日」「R8.11.23」などの日付か、"
                "「昭和25年 月日不詳」「昭和25年3月頃」などの決められた不詳の書き方で入力してください。"
            )
        return cls(read.year, read.month, read.day, read.text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the stored text that ``str(value)`` gives, and nothing else (保存形の読取り).

        ``1950-01-01``, ``1950-02-30``, ``1912-07-30@M``, ``1950-00-00/昭和25年 月日不詳``,
        ``0000-00-00/年月日不詳``. Raises ``Refused``.
        """
        found = _STORED.fullmatch(text)
        if found is None:
            raise Refused(
                "保存された日付の形が正しくありません。"
                "「1950-01-01」または「1950-00-00/昭和25年 月日不詳」の形にしてください。"
            )
        year, month, day, era, notation = found.groups(default="")
        return cls(int(year), int(month), int(day), notation, era)

    def __str__(self) -> str:
        """The stored text, at most ``MAX_LENGTH`` characters (保存形)."""
        era = f"@{self.era}" if self.era else ""
        notation = f"/{self.notation}" if self.notation else ""
        return f"{self.year:04}-{self.month:02}-{self.day:02}{era}{notation}"

    @property
    def date(self) -> datetime.date | None:
        """The day of the calendar, or None when there is none to give (暦上日)."""
        if self.notation:
            return None
        real = not_after(self.year, self.month, self.day)
        return real if real.day == self.day else None

    @property
    def is_exact(self) -> bool:
        """Whether it is a day of the calendar (暦上日か)."""
        return self.date is not None

    @property
    def is_unknown(self) -> bool:
        """Whether it is written as a notation, the flag 不詳フラグ of exports (不詳日か)."""
        return bool(self.notation)

    @property
    def is_impossible(self) -> bool:
        """Whether it is written in full but no calendar has the day (暦上日以外か)."""
        return not self.notation and self.date is None

    def shown(self) -> str:
        """Its era date or its notation, for screens and certificates: resident-record/1.0#1.1.9 (和暦の表示).

        A notation written in a Gregorian year keeps it if that year falls in two eras.
        """
        if self.notation:
            return self._read().text_in_era
        era: Era = era_by_sign(self.era) or era_on(self.year, self.month, self.day)
        return f"{era.year_words(self.year)}年{self.month}月{self.day}日"

    def shown_gregorian(self) -> str:
        """The same in the Gregorian calendar, for the two items of foreign residents that 1.1.9 names:
        birth date and expiry of stay: 1985年4月1日, 1985年 月日不詳 (西暦の表示).
        """
        return self._read().text_in_gregorian if self.notation else f"{self.year}年{self.month}月{self.day}日"

    def earliest(self) -> datetime.date:
        """The first day it can mean; for comparing only, never shown, exported or stored as its date (下限).

        頃 and 推定 are taken at their word: the year, month or day they are written with. An impossible day
        lies between the end of its month and the first day of the next.
        """
        return self._read().earliest if self.notation else not_after(self.year, self.month, self.day)

    def latest(self) -> datetime.date:
        """The last day it can mean, as ``earliest``; ``date.max`` when nothing is known (上限)."""
        return self._read().latest if self.notation else not_before(self.year, self.month, self.day)

    def _read(self) -> Notation:
        read = read_notation(self.notation)
        if read is None:  # pragma: no cover  (refused when the value was made)
            raise ValueError(self.notation)
        return read
