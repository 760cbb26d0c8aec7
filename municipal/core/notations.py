"""The only ways a register may write a date that is not fully known (不詳日の表記).

resident-record/1.0#1.1.8 lists fourteen forms, and no other is accepted. ``FORMS`` is that list, in its
order; each line serves twice, as the grammar that reads a notation and as the spelling that is kept.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from municipal.core.eras import Era, era_by_sign, era_of, era_on, eras, gregorian_year, month_and_day, plain
from municipal.core.refusals import Refused

FORMS = (
    "{year}年頃",
    "{year}年{month}月頃",
    "{year}年{month}月{day}日頃",
    "推定{year}年{month}月{day}日",
    "推定{year}年{month}月",
    "{year}年{season}",
    "{year}年{month}月{third}旬",
    "{year}年{month}月{third}旬頃",
    "年月日不詳",
    "{year}年 月日不詳",
    "{year}年{month}月 日不詳",
    "{year}年{month}月{day}日から{until_month}月{until_day}日頃までの間",
    "{year}年{month}月推定{day}日から{until_day}日までの間",
    "{year}年{month}月{day}日頃から{until_day}日頃までの間",
)

# Each season is given both its readings, by the solar terms and by the weather service; winter has two ends.
_SEASONS = {"春": (2, 5), "夏": (5, 8), "秋": (8, 11), "冬": (1, 12)}
_THIRDS = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}


@dataclass(frozen=True, slots=True)
class Notation:
    """A notation of an unknown date, read (読み取った不詳表記).

    ``text`` is the spelling to keep: half-width numbers without leading zeros, 元年. ``year``, ``month`` and
    ``day`` are what is known, 0 where unknown; of a range, what both ends share. ``text_in_era`` has the year
    in its era, as written when a Gregorian year falls in two; ``text_in_gregorian`` has the Gregorian year.
    ``earliest`` and ``latest`` are internal bounds, both included, never shown, exported or called a date.
    """

    text: str
    text_in_era: str
    text_in_gregorian: str
    year: int
    month: int
    day: int
    earliest: date
    latest: date


@cache
def _grammar() -> tuple[tuple[str, re.Pattern[str]], ...]:
    names = "|".join(re.escape(era.name_ja) for era in eras())
    number = "[0-9]{1,2}"
    places = {
        "year": f"(?:(?P<era>{names})(?P<era_year>元|{number})|(?P<gregorian>[0-9]{{4}}))",
        "season": f"(?P<season>[{''.join(_SEASONS)}])",
        "third": f"(?P<third>[{''.join(_THIRDS)}])",
    } | {name: f"(?P<{name}>{number})" for name in ("month", "day", "until_month", "until_day")}
    return tuple((form, re.compile(form.format(**places).replace(" ", " ?"))) for form in FORMS)


def read_notation(text: str) -> Notation | None:
    """Read a notation of an unknown date; None when it has none of the fourteen forms (不詳表記の読取り).

    Raises ``Refused`` when the form is right but its month, its day, its era or its range is not.
    """
    typed = plain(text)
    for form, pattern in _grammar():
        if found := pattern.fullmatch(typed):
            return _read(form, {name: value for name, value in found.groupdict().items() if value})
    return None


def _read(form: str, parts: dict[str, str]) -> Notation:
    if not parts:
        return Notation(form, form, form, 0, 0, 0, eras()[0].starts_on, date.max)
    era = era_by_sign(parts["era"]) if "era" in parts else None
    year = gregorian_year(era, parts.get("era_year") or parts["gregorian"])
    era_on(year, 12, 31)
    numbers = _numbers(parts)
    earliest, latest = _within(era, *_window(year, numbers, parts), fixed="day" in numbers)
    words = {name: str(number) for name, number in numbers.items()}
    words |= {name: parts[name] for name in ("season", "third") if name in parts}
    in_gregorian = form.format(year=year, **words)
    shown_era = era or (era_of(earliest) if era_of(earliest) == era_of(latest) else None)
    in_era = form.format(year=shown_era.year_words(year), **words) if shown_era else in_gregorian
    known = _shared(numbers)
    return Notation(
        text=in_era if era else in_gregorian,
        text_in_era=in_era,
        text_in_gregorian=in_gregorian,
        year=year,
        month=known[0],
        day=known[1],
        earliest=earliest,
        latest=latest,
    )


def _numbers(parts: dict[str, str]) -> dict[str, int]:
    month, day = month_and_day(parts.get("month", "1"), parts.get("day", "1"))
    until_month, until_day = month_and_day(parts.get("until_month", str(month)), parts.get("until_day", str(day)))
    if "until_day" in parts and (until_month, until_day) <= (month, day):
        raise Refused("期間の終わりの日は、始まりの日より後の日にしてください。")
    numbers = {"month": month, "day": day, "until_month": until_month, "until_day": until_day}
    return {name: number for name, number in numbers.items() if name in parts}


def _shared(numbers: dict[str, int]) -> tuple[int, int]:
    """The month and the day that are known, 0 for one that is not (判明している月日)."""
    month = numbers.get("month", 0)
    if "until_day" not in numbers:
        return month, numbers.get("day", 0)
    return (month if numbers.get("until_month", month) == month else 0), 0


def _window(year: int, numbers: dict[str, int], parts: dict[str, str]) -> tuple[date, date]:
    """The first and last day that the words can mean, before the era is looked at (表記の示す期間)."""
    first_month, last_month = _SEASONS.get(parts.get("season", ""), (1, 12))
    first_day, last_day = _THIRDS.get(parts.get("third", ""), (1, 31))
    if "month" in numbers:
        first_month = last_month = numbers["month"]
    if "day" in numbers:
        first_day = last_day = numbers["day"]
    last_month = numbers.get("until_month", last_month)
    last_day = numbers.get("until_day", last_day)
    return not_after(year, first_month, first_day), not_after(year, last_month, last_day)


def _within(era: Era | None, first: date, last: date, *, fixed: bool) -> tuple[date, date]:
    """The part of a period that lies in its era; a ``fixed`` day may not lie outside (元号の期間内)."""
    begins = era.starts_on if era else eras()[0].starts_on
    ends = era.last_day() if era else date.max
    inside = max(first, begins), min(last, ends)
    if inside[0] > inside[1] or (fixed and inside != (first, last)):
        raise Refused("この不詳の日付は、書かれた元号の期間に入りません。元号と年月日を確かめてください。")
    return inside


def not_after(year: int, month: int, day: int) -> date:
    """The day itself, or the last of its month if it does not exist (その日以前の実在する日)."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def not_before(year: int, month: int, day: int) -> date:
    """The day itself, or the first of the next month if it does not exist (その日以後の実在する日)."""
    before = not_after(year, month, day)
    return before if before.day == day else before + timedelta(days=1)
