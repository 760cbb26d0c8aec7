"""What a hand-over of others leaves unsaid and follows from what it says (補う項目).

Our own files say all of it; nothing here is asked of them.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from psycopg import sql
from psycopg.types.range import Range

from municipal.core.dates import RegisterDate
from municipal.residents.loading import Row, stretches
from municipal.residents.rules.kinship import HEAD

from .parts import PARTS
from .staging import cursor, staged

AT_ONCE = 20_000
MAILING = ("municipality_code", "block_code", "prefecture", "city", "block", "lot", "building", "postal_code")


def fill_history(here: Any, *, today: date, now: datetime) -> None:
    """Serial, days and moments that are missing from rows of a history (履歴の補完).

    A serial that nobody gives is the place of the row; a day of processing that nobody knows is today, and the moment
    of recording nine o'clock of that day, later for every later row of the same person.
    """
    here.execute(
        "UPDATE staged_history s SET serial = placed.place FROM (SELECT _row, row_number() OVER "
        "(PARTITION BY _addressee ORDER BY _row) AS place FROM staged_history) placed "
        "WHERE placed._row = s._row AND s.serial IS NULL"
    )
    here.execute("UPDATE staged_history SET processed_on = %s WHERE processed_on IS NULL", [today])
    here.execute(
        "UPDATE staged_history s SET recorded_at = told.moment FROM (SELECT _row, max(processed_on) OVER before "
        "+ time '09:00' + (row_number() OVER before) * interval '1 microsecond' AS moment FROM staged_history WINDOW "
        "before AS (PARTITION BY _addressee ORDER BY serial ROWS UNBOUNDED PRECEDING)) told "
        "WHERE told._row = s._row AND s.recorded_at IS NULL",
    )
    here.execute("UPDATE staged_history SET recorded_at = %s WHERE recorded_at IS NULL", [now])


def derive_households(here: Any) -> None:
    """Households that only the rows of histories name (世帯の補完)."""
    here.execute(
        "INSERT INTO staged_households (_row, number, _is_new) SELECT 0, named.number, false FROM (SELECT DISTINCT "
        "_household AS number FROM staged_history WHERE _household IS NOT NULL) named WHERE NOT EXISTS "
        "(SELECT FROM staged_households s WHERE s.number = named.number)"
    )
    _renumber(here, "households")


def derive_addressees(here: Any) -> None:
    """Everybody of whom a history tells and the directory does not, as the newest row says (宛名の補完)."""
    parts = ", ".join(f"mailing_{name}" for name in MAILING)
    says = ", ".join(f"address_{name}" for name in MAILING)
    part = PARTS["addressees"]
    rest = [
        one.column
        for one in part.fields
        if one.column not in {"number", "kind", "name", "kana", "born_on", "life_state"}
        and one.column not in parts.split(", ")
    ]
    here.execute(
        f"INSERT INTO staged_addressees (_row, number, kind, name, kana, born_on, life_state, {parts}, "
        f"{', '.join(rest)}, _is_new) SELECT DISTINCT ON (_addressee) 0, _addressee, 'resident', name, name_kana, "
        f"born_on, status, {says}, {', '.join(chr(39) * 2 for _ in rest)}, false FROM staged_history s "
        "WHERE NOT EXISTS (SELECT FROM staged_addressees a WHERE a.number = s._addressee) "
        "ORDER BY _addressee, serial DESC"
    )
    _renumber(here, "addressees")


def _renumber(here: Any, name: str) -> None:
    """Rows that came from no file get places behind the others: ids are given in that order."""
    table = staged(PARTS[name])
    here.execute(
        f"UPDATE {table} s SET _row = placed.place FROM (SELECT ctid AS at, row_number() OVER (ORDER BY number) + "
        f"(SELECT coalesce(max(_row), 0) FROM {table}) AS place FROM {table} WHERE _row = 0) placed "
        "WHERE s.ctid = placed.at"
    )


def derive_periods(here: Any) -> None:
    """Both times of every row, as entering the histories one by one would have made them (記録の時点の補完)."""
    columns = ("_row", "_addressee", "_record", "_household", "valid", "recorded", "is_registered", "is_head")
    statement = sql.SQL("COPY staged_periods ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, columns)))
    reading = cursor()
    reading.execute(
        "DECLARE rows_of_all NO SCROLL CURSOR FOR SELECT _addressee, serial, _household, event_on, processed_on, "
        "recorded_at, status, relationship FROM staged_history WHERE _addressee IS NOT NULL ORDER BY _addressee, serial"
    )
    made: list[tuple[Any, ...]] = []
    count = 0
    for _, rows in groupby(_fetched(reading), key=itemgetter(0)):
        made += _of_one(list(rows), count + len(made))
        if len(made) >= AT_ONCE:
            count += _put(here, statement, made)
    _put(here, statement, made)
    reading.execute("CLOSE rows_of_all")


def _put(here: Any, statement: sql.Composed, made: list[tuple[Any, ...]]) -> int:
    """Between two fetches, so that the whole never stands in memory; empties ``made``."""
    count = len(made)
    with here.copy(statement) as copy:
        for row in made:
            copy.write_row(row)
    made.clear()
    return count


def _fetched(reading: Any) -> Iterator[tuple[Any, ...]]:
    while True:
        reading.execute(f"FETCH {AT_ONCE} FROM rows_of_all")
        rows = reading.fetchall()
        if not rows:
            return
        yield from rows


def _of_one(rows: list[tuple[Any, ...]], count: int) -> Iterator[tuple[Any, ...]]:
    """A history takes effect from the day of each event on; where nobody knows it, from the day of processing."""
    told = [Row({"status": row[6], "relationship": row[7]}, row[2] or "", _day(row[3], row[4]), row[5]) for row in rows]
    for index, valid, recorded in stretches(told):
        count += 1
        one = rows[index]
        yield (
            count, one[0], str(one[1]), one[2], _written(valid), _written(recorded),
            one[6] == "1", one[7] == HEAD,
        )  # fmt: skip


def _day(event_on: str, processed_on: date) -> date:
    day = RegisterDate.parse(event_on).earliest() if event_on else processed_on
    return processed_on if day == date.min else day


def _written(stretch: Range[Any]) -> str:
    return f"[{stretch.lower},{'' if stretch.upper is None else stretch.upper})"


def one_protection_each(here: Any) -> None:
    """Of several measures for a person: from the first day to the last, as one that holds (支援措置の統合)."""
    here.execute(
        "UPDATE staged_protections s SET starts_on = whole.first, ends_on = whole.last, is_own = true FROM (SELECT "
        "_addressee, min(starts_on) AS first, CASE WHEN bool_and(ends_on IS NOT NULL) THEN max(ends_on) END AS last "
        "FROM staged_protections GROUP BY _addressee) whole WHERE whole._addressee = s._addressee"
    )
    here.execute(
        "DELETE FROM staged_protections s USING staged_protections other "
        "WHERE other._addressee = s._addressee AND other._row < s._row"
    )
