"""The tables that a municipality publishes, as files that the checker of this project passes (公開用データ).

Headings are the item names of the pack ``population-statistics``; its ``conform check`` finds nothing in these files.
Small areas stand together (``small_cells``), the figures of a protected person in no area at all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from municipal.conformance.packs import find
from municipal.core.clauses import implements
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.office.exports import sheet
from municipal.residents.counts import Month

from .ages import UNKNOWN, class_of, classes
from .flows import IN, NATURAL, OTHER, OUT, OUTSIDE, SAME, Flow, flows
from .small_cells import OTHERS, REST, Size, gathered, rare, without_ages
from .stocks import Stock

PACK = "population-statistics"
TOTAL, HIDDEN, LAST, OLDEST = "総数", "X", 85, 100
MEN, WOMEN = "1", "2"
_SEXES = {"men": MEN, "women": WOMEN}


@dataclass(frozen=True)
class Published:
    """One file: its name and its bytes (公開用ファイル)."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Line:
    """One line of the table by area: how many by sex and class of age, and households (町字の行).

    ``total`` counts also whose sex is not known; ``ages`` is None where classes are not said.
    """

    area: str
    total: int
    men: int
    women: int
    ages: Counter[tuple[str, int]] | None
    homes: int


@cache
def _names(table: str) -> dict[str, str]:
    """The heading of every item of a table of the pack."""
    return {item.item: item.name_ja for item in find(PACK).items if item.table == table}


def lines(stock: Stock) -> list[Line]:
    """The town and its areas, small ones together (公開する行)."""
    sizes = {
        area: Size(count, sum(number for home, number in stock.homes.items() if home.area == area))
        for area, count in stock.by(lambda cell: cell.area).items()
    }
    # A household that is placed nowhere although its members are: it must be in some line.
    homeless = {home.area for home in stock.homes} - set(sizes)
    rest = gathered(sizes | {area: Size(0, stock.homes.total()) for area in homeless})
    areas = {area: REST if area in rest else str(area) for area in {*sizes, *homeless}}
    named = {name: {area for area, said in areas.items() if said == name} for name in sorted(set(areas.values()))}
    made = {name: _line(stock, name, which) for name, which in named.items()}
    hidden = without_ages({name: line.total for name, line in made.items()})
    town = _line(stock, TOTAL, set(areas))
    return [town, *(_without(line) if name in hidden else line for name, line in _rest_last(made))]


def _rest_last(made: dict[str, Line]) -> list[tuple[str, Line]]:
    return sorted(made.items(), key=lambda one: (one[0] == REST, one[0]))


def _without(line: Line) -> Line:
    return Line(line.area, line.total, line.men, line.women, None, line.homes)


def _line(stock: Stock, name: str, areas: set[str | None]) -> Line:
    mine = {cell: count for cell, count in stock.people.items() if cell.area in areas}
    ages: Counter[tuple[str, int]] = Counter()
    for cell, count in mine.items():
        if (first := class_of(cell.age, last=LAST)) is not None:
            ages[cell.sex, first] += count
    by_sex = {sex: sum(count for cell, count in mine.items() if cell.sex == sex) for sex in (MEN, WOMEN)}
    homes = sum(count for home, count in stock.homes.items() if home.area in areas)
    is_whole = sum(ages.values()) == sum(mine.values()) == sum(by_sex.values())
    # Classes that do not add up, because somebody's birth is not known whole, are better not said for one area.
    said = ages if is_whole or name == TOTAL else None
    return Line(name, sum(mine.values()), by_sex[MEN], by_sex[WOMEN], said, homes)


@implements("resident-record/1.0#6.1/m1")
def population(stock: Stock) -> Published:
    """Population by area and age (地域・年齢別人口)."""
    town = Municipality.objects.get(pk=wall.current())
    unknown = stock.by(lambda cell: cell.age is None or cell.sex not in (MEN, WOMEN))[True]

    def row(line: Line) -> dict[str, object]:
        is_sound = line.ages is not None and not (line.area == TOTAL and unknown)
        ages = {
            f"{sex}_{first}_and_over" if first == LAST else f"{sex}_{first}_{first + 4}": (
                (line.ages or Counter())[code, first] if is_sound else HIDDEN
            )
            for sex, code in _SEXES.items()
            for first in classes(LAST)
        }
        return {
            "local_government_code": town.code, "prefecture": town.prefecture, "municipality": town.name,
            "surveyed_on": stock.day.isoformat(), "area": line.area, "total": line.total, "men": line.men,
            "women": line.women, **ages, "households": line.homes,
        }  # fmt: skip

    name = f"{town.code}_population_{stock.day:%Y%m%d}.csv"
    return Published(name, _csv("population", map(row, lines(stock))))


def births_and_deaths(months: Iterable[Month]) -> Published:
    """Births and deaths month by month (出生・死亡)."""
    return Published(
        f"{_code()}_births_and_deaths.csv",
        _csv("births_and_deaths", (_natural(month, flows(month.first)) for month in months)),
    )


def _natural(month: Month, found: Counter[Flow]) -> dict[str, object]:
    said: dict[str, object] = {"year": month.first.year, "month": month.first.month}
    for name, direction in (("births", IN), ("deaths", OUT)):
        said[name] = sum(count for flow, count in found.items() if flow[:2] == (direction, NATURAL))
        for sex, code in _SEXES.items():
            said[f"{name}_{sex}"] = found[Flow(direction, NATURAL, code)]
    return said


def moves(months: Iterable[Month]) -> Published:
    """Moves in and out month by month (転入・転出)."""
    return Published(f"{_code()}_moves.csv", _csv("moves", (_moved(month, flows(month.first)) for month in months)))


def _moved(month: Month, found: Counter[Flow]) -> dict[str, object]:
    said: dict[str, object] = {"year": month.first.year, "month": month.first.month}
    for direction in (IN, OUT):
        for where in (SAME, OUTSIDE, OTHER):
            for sex, code in _SEXES.items():
                said[f"{direction}_{where}_{sex}"] = found[Flow(direction, where, code)]
    return said


def nationalities(stock: Stock) -> Published:
    """Foreign residents by nationality, rare ones together; no pack describes such a table (国籍別人口)."""
    counts: Counter[str] = Counter()
    for stay, count in stock.foreigners.items():
        counts[stay.nationality] += count
    together = rare(counts)
    said = [(name, count) for name, count in counts.most_common() if name not in together]
    others = sum(counts[name] for name in together)
    rows = [*said, *([(OTHERS, others)] if others else [])]
    said_rows = [(stock.day.isoformat(), name, count) for name, count in rows]
    return Published(
        f"{_code()}_nationality_{stock.day:%Y%m%d}.csv", sheet([("調査年月日", "国籍等", "人数"), *said_rows])
    )


def ages(stock: Stock) -> Published:
    """The town by single year of age, with a line for unknown ages; no pack describes such a table (各歳別人口)."""
    counts: Counter[tuple[int | None, str]] = Counter()
    for cell, count in stock.people.items():
        counts[None if cell.age is None else min(cell.age, OLDEST), cell.sex] += count
    lines_of = [(age, f"{age}歳以上" if age == OLDEST else f"{age}歳") for age in range(OLDEST + 1)]
    rows = [
        (stock.day.isoformat(), name, counts[age, MEN], counts[age, WOMEN])
        for age, name in [*lines_of, (None, UNKNOWN)]
    ]
    return Published(f"{_code()}_ages_{stock.day:%Y%m%d}.csv", sheet([("調査年月日", "年齢", "男性", "女性"), *rows]))


def _code() -> str:
    return f"{wall.current():06d}"


def _csv(table: str, rows: Iterable[dict[str, object]]) -> bytes:
    names, said = _names(table), list(rows)
    items = [item for item in names if any(item in row for row in said)]
    return sheet([[names[item] for item in items], *([row.get(item, "") for item in items] for row in said)])


def everything(stock: Stock, months: Iterable[Month]) -> Iterator[Published]:
    """All files of a day and the months before it (公開用ファイルの一式)."""
    counted = list(months)
    yield population(stock)
    yield ages(stock)
    yield births_and_deaths(counted)
    yield moves(counted)
    if stock.foreigners:
        yield nationalities(stock)
