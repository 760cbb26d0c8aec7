"""Rules about population statistics: what holds between figures, towns and months (統計の規則)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import PurePosixPath

from municipal.conformance.findings import Fault
from municipal.conformance.packs import Item, Pack
from municipal.conformance.rules import Collected, Context, Kept, Row
from municipal.conformance.rules.opendata import heading
from municipal.conformance.rules.opendata.placeholder import is_placeholder

STOCK_PACKS = ("open-data-sets", "population-statistics")
FLOW_PACKS = ("population-statistics",)

Tables = Mapping[str, list[Row]]
Found = Iterator[tuple[Row, Fault]]
Month = tuple[int, int]

SEXES = ("men", "women")
_AGE = re.compile(r"(men|women)_[0-9]")
_MONTH_IN_NAME = re.compile(r"(?<![0-9])(19[0-9]{2}|20[0-9]{2})[-_年]?(0[1-9]|1[0-2])(?![0-9])")
_DAY_IN_NAME = re.compile(r"(?<![0-9])(19[0-9]{2}|20[0-9]{2})[-_年]?(0[1-9]|1[0-2])[-_月]?[0-3][0-9](?![0-9])")
_YEAR_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2}|19[0-9]{2})(?![0-9])")
_TOTALS = re.compile("[都道府県市区町村]?(全体|計|合計|総計|総数)|全[市区町村域県府道都]")
_LEAST_SERIES = 3


def is_age(item: Item) -> bool:
    """Whether an item counts one age class of one sex (年齢階級の項目か)."""
    return _AGE.match(item.item) is not None


def ages(pack: Pack, table: str, sex: str) -> list[str]:
    """The items of the age classes of one sex (年齢階級の項目)."""
    return [item.item for item in pack.items_of(table) if is_age(item) and item.item.startswith(f"{sex}_")]


def is_count(item: Item) -> bool:
    """Whether an item of these tables counts people, households or events (人数等の項目か)."""
    return "STAT-0009" in item.note


def stock(pack: Pack) -> Collected:
    """Everything of the stock table (人口表の全項目)."""
    return {"population": dict.fromkeys((item.item for item in pack.items_of("population")), Kept.TEXT)}


def flows(pack: Pack) -> Collected:
    """Everything of stock and flow tables (人口表と動態表の全項目)."""
    return {table: dict.fromkeys((item.item for item in pack.items_of(table)), Kept.TEXT) for table in pack.tables}


def count(text: str) -> int | None:
    """A whole number in half-width digits, None for anything else (人数の読取り)."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 13 else None


def is_hidden(text: str) -> bool:
    """Whether a figure is left out on purpose: nothing, a dash, or the x of official statistics (秘匿か)."""
    return not text.strip() or is_placeholder(text) or text.strip() in ("x", "X", "ｘ", "Ｘ", "χ")


def counts(row: Row, names: Sequence[str]) -> list[int] | None:
    """The figures of a row, None if one of them is hidden or no number (人数の列)."""
    found = [count(row[name]) for name in names]
    return None if None in found else [value for value in found if value is not None]


def is_total(row: Row) -> bool:
    """Whether a row sums up others: 総数, 合計, 計, or the name of the municipality (合計行か)."""
    area = re.sub(r"\s", "", row["area"])
    return bool(_TOTALS.fullmatch(area)) or (bool(area) and area == row["municipality"].strip())


def is_subtotal(row: Row) -> bool:
    """Whether the name of an area says that it sums up some towns (小計の行か)."""
    return re.sub(r"\s", "", row["area"]).endswith(("計", "総数"))


def fault(context: Context, row: Row, table: str, name: str, **facts: object) -> tuple[Row, Fault]:
    """A finding at an item of a row (指摘)."""
    return row, Fault(heading(context, table, name), row[name], facts)


def day_of(row: Row) -> date | None:
    """The day of the survey, from any notation that tells one day; None for others (調査年月日)."""
    text = row["surveyed_on"].strip()
    if re.fullmatch(r"[0-9]{5}(\.0+)?", text):
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    foreign = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text)
    own = re.match(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?(?![0-9])", text)
    parts = (foreign[3], foreign[1], foreign[2]) if foreign else own.groups() if own else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def surveyed_month(row: Row) -> Month | None:
    """The month at whose beginning the survey stands; the last day of a month is the beginning of the next (調査月)."""
    day = day_of(row)
    if day is None:
        return None
    following = day + timedelta(days=1)
    start = following if following.day == 1 else day
    return start.year, start.month


def month_in_name(name: str) -> Month | None:
    """Year and month that a file's name tells, None if none or several (ファイル名の年月)."""
    stem = _stem(name)
    days = {(int(year), int(month)) for year, month in _DAY_IN_NAME.findall(stem)}
    found = days or {(int(year), int(month)) for year, month in _MONTH_IN_NAME.findall(stem)}
    return found.pop() if len(found) == 1 else None


def year_in_name(name: str) -> int | None:
    """The year that a file's name tells, None if none or several (ファイル名の年)."""
    found = {int(year) for year in _YEAR_IN_NAME.findall(_stem(name))}
    return found.pop() if len(found) == 1 else None


def _stem(name: str) -> str:
    return PurePosixPath(name.split("#")[0]).stem


def number_of(month: Month) -> int:
    """Months counted from year 0, so that they can be subtracted (通し月)."""
    return month[0] * 12 + month[1] - 1


def month_of(number: int) -> Month:
    """The month of such a number (通し月からの年月)."""
    return number // 12, number % 12 + 1


def written(month: Month) -> str:
    """A month as YYYY-MM (年月の表記)."""
    return f"{month[0]:04d}-{month[1]:02d}"


def by_body(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of one municipality after the other: files of several may be checked together (団体ごとの行)."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["area"].strip():
            found.setdefault(row["local_government_code"].strip(), []).append(row)
    yield from found.values()


def tables_of(rows: Sequence[Row]) -> dict[tuple[int, Month | None], list[Row]]:
    """The rows by file and survey month: one published table each (公表された表)."""
    found: dict[tuple[int, Month | None], list[Row]] = {}
    for row in rows:
        found.setdefault((row.file, surveyed_month(row)), []).append(row)
    return found


def lags(rows: Sequence[Row], context: Context) -> dict[int, int]:
    """By file with one survey, how many months its survey is behind the month in its name (ファイルごとのずれ)."""
    surveys: dict[int, list[Month | None]] = {}
    for file, surveyed in tables_of(rows):
        surveys.setdefault(file, []).append(surveyed)
    found = {}
    for file, months in surveys.items():
        named = month_in_name(context.files[file])
        if named and len(months) == 1 and months[0]:
            found[file] = number_of(named) - number_of(months[0])
    return found


def usual_lag(rows: Sequence[Row], context: Context) -> int | None:
    """The lag of more than half of the files, three or more of them; None if they do not agree (通常のずれ)."""
    found = list(lags(rows, context).values())
    if len(found) < _LEAST_SERIES:
        return None
    lag, often = Counter(found).most_common(1)[0]
    return lag if often * 2 > len(found) else None


def series(rows: Sequence[Row], context: Context) -> dict[int, list[Row]]:
    """The tables of one municipality by month, as the files' names tell it, else as the surveys do (月ごとの表).

    The name comes first because a table that was published twice still carries the old day.
    """
    usual, known = usual_lag(rows, context), lags(rows, context)
    found: dict[int, list[Row]] = {}
    for (file, surveyed), same in tables_of(rows).items():
        if surveyed is not None:
            drift = known[file] - usual if usual is not None and file in known else 0
            found.setdefault(number_of(surveyed) + drift, same)
    return dict(sorted(found.items()))


def people(table: Sequence[Row]) -> int:
    """How many people a table counts: its total row if it has one, else all areas; hidden figures as none (総人口)."""
    totals = [value for row in table if is_total(row) and (value := count(row["total"])) is not None]
    if totals:
        return max(totals)
    return sum(count(row["total"]) or 0 for row in table if not is_subtotal(row))
