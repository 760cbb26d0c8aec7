"""Eras of the Japanese calendar, and the ways a day is written in them (元号・和暦).

The table of eras is data (``standards/eras/eras.csv``), so that a new era is one more line and no
change of code: resident-record/1.0#1.3.6. The last era in the table is open-ended.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from municipal.core.clauses import implements
from municipal.core.refusals import Refused

_TABLE = Path(__file__).resolve().parents[2] / "standards" / "eras" / "eras.csv"


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its code in registers, its names and its first day (元号).

    ``register_until`` is a last day that registers write in this era although the calendar gives
    it to the next one (明治45年7月30日, 大正15年12月25日): resident-record/1.0#1.1.8.
    """

    code: int
    letter: str
    name_ja: str
    name_en: str
    starts_on: date
    register_until: date | None = None

    def year_words(self, year: int) -> str:
        """The era and the year of it that a Gregorian year is, without 年: 令和8, 平成元 (元号と年)."""
        number = year - self.starts_on.year + 1
        return f"{self.name_ja}{'元' if number == 1 else number}"

    def last_day(self) -> date:
        """The last day that a register may write in this era; ``date.max`` while it lasts (最終日)."""
        later = [era.starts_on for era in eras() if era.starts_on > self.starts_on]
        if self.register_until or not later:
            return self.register_until or date.max
        return min(later) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day as somebody wrote it: Gregorian year, month 1-12, day 1-31, perhaps impossible (記載された日).

    ``era`` is None when the year was written in the Gregorian calendar.
    """

    year: int
    month: int
    day: int
    era: Era | None = None

    def is_in_its_era(self) -> bool:
        """Whether the calendar gives this day to the era it is written in (元号と日付の一致)."""
        return self.era is None or self.era == era_on(self.year, self.month, self.day)


@cache
@implements("resident-record/1.0#1.3.6/m1", "resident-record/1.0#1.3.6/m2")
def eras() -> tuple[Era, ...]:
    """All eras, oldest first (元号一覧)."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Era(
                code=int(row["code"]),
                letter=row["letter"],
                name_ja=row["name_ja"],
                name_en=row["name_en"],
                starts_on=date.fromisoformat(row["starts_on"]),
                register_until=date.fromisoformat(row["register_until"]) if row["register_until"] else None,
            )
            for row in csv.DictReader(lines)
        )


def era_on(year: int, month: int, day: int) -> Era:
    """The era of a day given as numbers; the day need not exist, as 1999-02-29 (暦上日以外も含む元号).

    Raises ``Refused`` before the first era of the table.
    """
    for era in reversed(eras()):
        first = era.starts_on
        if (year, month, day) >= (first.year, first.month, first.day):
            return era
    raise Refused("明治より前の日付は扱えません。1868年1月25日以後の日付を入力してください。")


def era_of(day: date) -> Era:
    """The era of a day; raises ``Refused`` before the first era (元号を求める)."""
    return era_on(day.year, day.month, day.day)


def wareki(day: date) -> str:
    """A day in words, the first year of an era as 元年: 令和8年11月23日 (和暦)."""
    return f"{era_of(day).year_words(day.year)}年{day.month}月{day.day}日"


def wareki_fiscal_year(year: int) -> str:
    """The fiscal year that begins in April of a Gregorian year, in words: 令和8年度 (和暦の年度)."""
    return f"{era_on(year, 4, 1).year_words(year)}年度"


def wareki_month(day: date) -> str:
    """The month of a day in words, in the era of its first day: 令和8年11月 (和暦の年月)."""
    return f"{era_of(day.replace(day=1)).year_words(day.year)}年{day.month}月"


def wareki_short(day: date) -> str:
    """A day in one letter and three numbers: R8.11.23 (和暦の略記)."""
    era = era_of(day)
    return f"{era.letter}{day.year - era.starts_on.year + 1}.{day.month}.{day.day}"


@cache
def _day_forms() -> tuple[re.Pattern[str], ...]:
    names = "|".join(re.escape(era.name_ja) for era in eras())
    letters = "".join(era.letter for era in eras())
    codes = "".join(str(era.code) for era in eras())
    month_and_day = "年 ?(?P<month>[0-9]{1,2})月 ?(?P<day>[0-9]{1,2})日"
    separated = "(?P<between>[./-])(?P<month>[0-9]{1,2})(?P=between)(?P<day>[0-9]{1,2})"
    packed = "(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    return (
        re.compile(f"(?P<era>{names}) ?(?P<year>元|[0-9]{{1,2}}){month_and_day}"),
        re.compile(f"(?P<era>[{letters}])(?P<year>[0-9]{{1,2}}){separated}", re.IGNORECASE | re.ASCII),
        re.compile(f"(?P<era>[{codes}])(?P<year>[0-9]{{2}}){packed}"),
        re.compile(f"(?P<year>[0-9]{{4}}){month_and_day}"),
        re.compile(f"(?P<year>[0-9]{{4}}){separated}"),
        re.compile(f"(?P<year>[0-9]{{4}}){packed}"),
    )


@cache
def _eras_by_sign() -> dict[str, Era]:
    return {sign: era for era in eras() for sign in (era.name_ja, era.letter, str(era.code))}


def era_by_sign(sign: str) -> Era | None:
    """The era with this name, letter or code; None when there is none (元号の検索)."""
    return _eras_by_sign().get(sign)


def gregorian_year(era: Era | None, year: str) -> int:
    """The Gregorian year of a written year, 元 being the first; ``era`` None leaves it (西暦年)."""
    number = 1 if year == "元" else int(year)
    return era.starts_on.year + number - 1 if era else number


def plain(text: str) -> str:
    """What somebody typed as a date, in half width and without outer spaces (入力の半角化).

    Only for reading dates: names are never normalised.
    """
    return unicodedata.normalize("NFKC", text).strip()


def written_day(text: str) -> WrittenDay | None:
    """Read a written form of a day, even an impossible day; None if it has no such form (日の読取り).

    Raises ``Refused`` when the form is right and the month or the day is no number of a month or a day.
    """
    typed = plain(text)
    found = next((match for form in _day_forms() if (match := form.fullmatch(typed))), None)
    if found is None:
        return None
    parts = found.groupdict()
    era = era_by_sign(parts["era"].upper()) if "era" in parts else None
    month, day = month_and_day(parts["month"], parts["day"])
    return WrittenDay(gregorian_year(era, parts["year"]), month, day, era)


def month_and_day(month: str, day: str) -> tuple[int, int]:
    """Two numbers as written, 1-12 and 1-31 in any month; raises ``Refused`` for others (月と日)."""
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        raise Refused("月は1から12まで、日は1から31までの数字で入力してください。")
    return int(month), int(day)


def parse_day(text: str) -> date:
    """A day of the calendar from any written form (日付の入力).

    Forms: ``R8.11.23`` ``r8/11/23`` ``令和8年11月23日`` ``令和元年5月1日`` ``4050101`` (era code, yy, mm, dd)
    ``19930101`` ``2026-11-23`` ``2026/11/23`` ``2026年11月23日``; in half or full width.
    Raises ``Refused`` for any other text, a day that does not exist, one before the first era, and one
    outside the era it is written in (平成40年), the two days of ``Era.register_until`` included.
    """
    written = written_day(text)
    if written is None:
        raise Refused(
            "日付を読み取れません。「R8.11.23」「令和8年11月23日」「5081123」「2026-11-23」「20261123」の"
            "いずれかの形で入力してください。"
        )
    era_on(written.year, written.month, written.day)
    if not written.is_in_its_era():
        raise Refused("この日付は、書かれた元号の期間に入りません。元号と年月日を確かめてください。")
    try:
        return date(written.year, written.month, written.day)
    except ValueError:
        raise Refused("暦にない日付です。年月日を確かめて入力し直してください。") from None
