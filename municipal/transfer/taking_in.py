"""Staged rows become rows of the register: all of them in one transaction, or none (登録).

Everything goes through the wall and every constraint; nothing is switched off for speed.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from municipal.municipalities import wall
from municipal.municipalities.bulk import load
from municipal.residents.keys import NAMES, keys_of
from municipal.residents.models import SearchKey

from .parts import PARTS, Part
from .staging import cursor, joins, staged

COLUMNS = ("addressee_id", "script", "is_whole", "is_current", "key", "reading")
AT_ONCE = 200_000

PEOPLE = (
    "(SELECT coalesce(array_agg(one.id ORDER BY said.place), '{}') FROM "
    "unnest(string_to_array(s._subjects, ' ')) WITH ORDINALITY AS said (number, place) "
    "JOIN keys_of_addressee one ON one.key = said.number)"
)


def take_in(here: Any) -> dict[str, int]:
    """Write every staged row that is new; returns the rows written by part (登録).

    Raises IntegrityError where a constraint stands against it that ``checks`` did not foresee.
    """
    written = {}
    for part in PARTS.values():
        changed = _follow(here, part) if part.follows or part.closes else 0
        here.execute(_insert(part))
        written[part.name] = here.rowcount + changed
    _search_keys(here)
    _go_on_numbering(here)
    return written


def _insert(part: Part) -> str:
    names, values = ["municipality_id", "id"], [str(wall.current()), "s._id"]
    for one in part.fields:
        if isinstance(one, models.ForeignKey):
            values.append(f"{one.name}.id")
        elif isinstance(one, ArrayField):
            values.append(PEOPLE)
        else:
            values.append(f's."{one.column}"')
        names.append(f'"{one.column}"')
    return (
        f"INSERT INTO {part.table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {staged(part)} s {joins(part)} "
        "WHERE s._is_new ORDER BY s._row"
    )


def _follow(here: Any, part: Part) -> int:
    """What a later file says of rows that are there: the end of a stretch, what a directory says of people."""
    names = [part.closes] if part.closes else list(part.follows)
    fields = [part.model._meta.get_field(name) for name in names]
    said = {one.column: f"{one.name}.id" if one.name in part.links else f's."{one.column}"' for one in fields}  # type: ignore[union-attr]
    sets = ", ".join(f'"{column}" = {value}' for column, value in said.items())
    differs = " OR ".join(f'r."{column}" IS DISTINCT FROM {value}' for column, value in said.items())
    here.execute(
        f"UPDATE {part.table} r SET {sets} FROM {staged(part)} s {joins(part)} "
        f"WHERE r.id = s._id AND NOT s._is_new AND ({differs})"
    )
    return int(here.rowcount)


def _search_keys(here: Any) -> None:
    """The search keys of everybody who has a new row, made anew from all their names, in pieces."""
    names = ", ".join(f'r."{name}"' for name in NAMES)
    here.execute(
        "CREATE TEMPORARY TABLE touched ON COMMIT DROP AS SELECT DISTINCT addressee.id FROM staged_history s "
        "JOIN keys_of_addressee addressee ON addressee.key = s._addressee WHERE s._is_new"
    )
    here.execute("ANALYZE touched")
    here.execute("DELETE FROM residents_searchkey WHERE addressee_id IN (SELECT id FROM touched)")
    reading = cursor()
    reading.execute(
        "DECLARE names_of_all NO SCROLL CURSOR FOR SELECT r.addressee_id, "
        f"{names}, max(r.serial) AS last FROM residents_residentrecord r JOIN touched ON touched.id = r.addressee_id "
        f"GROUP BY r.addressee_id, {names} ORDER BY r.addressee_id, last DESC"
    )
    # Between two fetches nothing is read from the connection: only then may rows be copied over it.
    made: list[tuple[Any, ...]] = []
    for person, rows in groupby(_fetched(reading), key=itemgetter(0)):
        made += _keys(person, rows)
        if len(made) >= AT_ONCE:
            load(SearchKey, COLUMNS, made)
            made.clear()
    load(SearchKey, COLUMNS, made)
    reading.execute("CLOSE names_of_all")
    here.execute("DROP TABLE touched")


def _keys(person: int, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The keys of one person; the names of the newest row come first."""
    current: set[Any] | None = None
    seen: dict[Any, bool] = {}
    for row in rows:
        keys = keys_of(dict(zip(NAMES, row[1:-1], strict=True)))
        current = set(keys) if current is None else current
        for key in keys:
            seen.setdefault(key, key in current)
    for key, is_current in seen.items():
        yield person, key.script.value, key.is_whole, is_current, key.key, key.reading


def _fetched(reading: Any) -> Iterator[tuple[Any, ...]]:
    while True:
        reading.execute("FETCH 20000 FROM names_of_all")
        rows = reading.fetchall()
        if not rows:
            return
        yield from rows


def _go_on_numbering(here: Any) -> None:
    """New numbers are given behind the last one that came in and has the form of ours; other systems' forms differ."""
    town = wall.current()
    for series, table in (("addressee", "addressees_addressee"), ("household", "residents_household")):
        here.execute(
            "INSERT INTO addressees_numberseries (municipality_id, series, last_serial) "
            f"SELECT {town}, '{series}', coalesce(max(left(number, -1)::bigint), 0) FROM {table} "
            "WHERE number ~ '^[0-9]{10}$' "
            "ON CONFLICT (municipality_id, series) DO UPDATE SET last_serial = "
            "greatest(addressees_numberseries.last_serial, excluded.last_serial)"
        )
