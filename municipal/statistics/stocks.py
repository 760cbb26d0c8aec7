"""Who lives in town on a day: by town area, kind, sex and age; in households of which size (人口と世帯数).

One statement each, over the periods that hold on the day as known at its end. Whoever has announced a move-out whose
day has not come is here like anybody else. A protected person counts in every figure of the town and stands in no
town area: their area is ``None``, as is that of a household with one of them.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from municipal.core.clauses import implements
from municipal.residents.inquiry import withheld
from municipal.residents.times import end_of

OLDEST = 120


class Cell(NamedTuple):
    """Where people are counted: town area (None: not placed), kind and sex by code, age (None: not known) (区分)."""

    area: str | None
    kind: str
    sex: str
    age: int | None


class Home(NamedTuple):
    """Where households are counted: town area, members, and of how many kinds they are (世帯の区分)."""

    area: str | None
    members: int
    kinds: str


JAPANESE, FOREIGN, MIXED = "1", "2", "12"
"""What kinds a household's members are; MIXED is 複数国籍世帯."""

# The age of a day by its letters, as ``core.ages.age_on``: the new one from the birthday on, of 29 February from
# 1 March in a common year. A birth date that is not known whole gives no age.
AGE = """CASE WHEN record.born_on = '' OR record.born_on LIKE '%%/%%' THEN NULL
    ELSE extract(year FROM %(day)s::date)::int - left(record.born_on, 4)::int
         - (to_char(%(day)s::date, 'MM-DD') < substr(record.born_on, 6, 5))::int END"""
_HERE = """
    FROM residents_period period JOIN residents_residentrecord record ON record.id = period.record_id
    WHERE period.is_registered AND period.valid @> %(day)s::date AND period.recorded @> %(known_at)s::timestamptz
"""
PEOPLE = f"""
    SELECT CASE WHEN period.addressee_id = ANY(%(hidden)s) THEN NULL ELSE record.address_block END,
           record.kind, record.sex, {AGE}, count(*)
    {_HERE} GROUP BY 1, 2, 3, 4
"""
HOMES = f"""
    SELECT area, members, kinds, count(*) FROM (
        SELECT CASE WHEN bool_or(period.addressee_id = ANY(%(hidden)s)) THEN NULL
                    ELSE min(record.address_block) END AS area,
               count(*) AS members, string_agg(DISTINCT record.kind, '' ORDER BY record.kind) AS kinds
        {_HERE} GROUP BY period.household_id
    ) AS home GROUP BY 1, 2, 3
"""  # noqa: S608  (put together from texts of this module; values are parameters)
NATIONALITIES = f"""
    SELECT record.nationality, record.sex, record.residence_status, record.article30_45_class, count(*)
    {_HERE} AND record.kind = '2' GROUP BY 1, 2, 3, 4
"""


class Stay(NamedTuple):
    """Where foreign residents are counted (外国人住民の区分)."""

    nationality: str
    sex: str
    status: str
    article: str


@dataclass(frozen=True)
class Stock:
    """Everybody and every household of one day (ある日の人口と世帯数)."""

    day: date
    people: Counter[Cell]
    homes: Counter[Home]
    foreigners: Counter[Stay]

    @property
    def total(self) -> int:
        """How many people."""
        return self.people.total()

    @property
    def households(self) -> int:
        """How many households."""
        return self.homes.total()

    def by(self, key: Callable[[Cell], Any]) -> Counter[Any]:
        """People counted by what ``key`` says of their cell."""
        found: Counter[Any] = Counter()
        for cell, count in self.people.items():
            found[key(cell)] += count
        return found


@implements("resident-record/1.0#6.1/m1", "resident-record/1.0#6.1/m4")
def stock(day: date) -> Stock:
    """Who lived here on ``day`` as it was known at its end (ある日の人口)."""
    asked = {"day": day, "known_at": end_of(day), "hidden": sorted(withheld())}
    return Stock(day, _counted(PEOPLE, asked, Cell), _counted(HOMES, asked, Home), _counted(NATIONALITIES, asked, Stay))


def _counted(statement: str, asked: dict[str, Any], shape: Callable[..., Any]) -> Counter[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return Counter({shape(*row[:-1]): row[-1] for row in cursor.fetchall()})


def areas_of(people: Collection[Cell]) -> list[str]:
    """The town areas in order (町字)."""
    return sorted({cell.area for cell in people if cell.area is not None})
