"""Rows on their way into the register: in temporary tables of the same columns, before anything is written (仮置き).

PostgreSQL refuses COPY into a table with row-level security, and what is wrong with a row must be known before the
first row goes in. The temporary tables vanish with the transaction, however it ends.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from django.db import connections, models
from psycopg import sql

from municipal.municipalities import wall

from .parts import PARTS, Link, Part
from .queries import keys_of
from .values import columns_of

NOTHING = "\x01"
"""Stands for NULL on the way: no text of a register holds a control character."""


def staged(part: Part) -> str:
    """The temporary table of a part (仮置きの表)."""
    return f"staged_{part.name}"


def cursor() -> Any:
    """A cursor of the driver itself on the connection of the open door (カーソル)."""
    return connections[wall.opening().using].cursor().cursor


def make(here: Any, part: Part, *, is_empty: bool) -> None:
    """Make the temporary table of a part; where the register holds none of it, every row is new (仮置きの表の作成)."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns_of(part)))
    extra = ["_row integer", "_id bigint", f"_is_new boolean NOT NULL DEFAULT {'true' if is_empty else 'false'}"]
    extra += [f'"{name}" text' for name in loose(part)]
    table = sql.Identifier(staged(part))
    here.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
    copied = sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0")
    here.execute(copied.format(table, names, sql.Identifier(part.table)))
    for column in extra:
        here.execute(sql.SQL("ALTER TABLE {} ADD COLUMN " + column).format(table))


def loose(part: Part) -> Iterator[str]:
    """The columns that hold the number of something in place of its id (番号の列)."""
    if part.numbered:
        yield "_own"
    for one in part.fields:
        if isinstance(one, models.ForeignKey):
            yield f"_{one.name}"
        elif one.name == "subjects":
            yield "_subjects"


def put(here: Any, part: Part, frames: Iterable[pl.DataFrame]) -> int:
    """Copy rows as ``values.Reading`` gives them; returns how many (仮置き)."""
    count = 0
    for frame in frames:
        names = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL {})").format(
            sql.Identifier(staged(part)), names, sql.Literal(NOTHING)
        )
        with here.copy(statement) as copy:
            copy.write(frame.write_csv(include_header=False, null_value=NOTHING).encode())
        count += frame.height
    return count


KEYS = {
    Link.ADDRESSEE: ("addressees", "number", "addressees_addressee", "number"),
    Link.HOUSEHOLD: ("households", "number", "residents_household", "number"),
    Link.MEASURE: ("measures", "number", "addressees_supportmeasure", "number"),
    **{part.numbered: (part.name, "_own", keys_of(part), "key") for part in PARTS.values() if part.numbered},
}
"""For each reference: the part that brings new ones and its column, the table with known ones and its column."""


def number_rows(here: Any) -> None:
    """Give every new row its id, and make the tables by which numbers become ids (番号と内部番号の対応).

    In the order of the file, so that acts of one person keep their order.
    """
    for part in PARTS.values():
        here.execute(
            f"UPDATE {staged(part)} s SET _id = numbered.id FROM (SELECT _row AS row, "
            f"nextval(pg_get_serial_sequence('{part.table}', 'id')) AS id FROM "
            f"(SELECT _row FROM {staged(part)} WHERE _is_new ORDER BY _row) one) numbered WHERE numbered.row = s._row"
        )
    for link, (name, column, table, known) in KEYS.items():
        here.execute(f"DROP TABLE IF EXISTS {key_table(link)}")
        here.execute(
            f"CREATE TEMPORARY TABLE {key_table(link)} ON COMMIT DROP AS "
            f"SELECT {known}::text AS key, id FROM {table} UNION ALL "
            f"SELECT {column}::text, _id FROM {staged(PARTS[name])} WHERE _is_new"
        )
        here.execute(f"CREATE INDEX ON {key_table(link)} (key)")
        here.execute(f"ANALYZE {key_table(link)}")
    here.execute(f"DROP TABLE IF EXISTS {key_table(Link.RECORD)}")
    here.execute(
        f"CREATE TEMPORARY TABLE {key_table(Link.RECORD)} ON COMMIT DROP AS "
        "SELECT addressee_id, serial, id FROM residents_residentrecord WHERE addressee_id IN "
        f"(SELECT person.id FROM {key_table(Link.ADDRESSEE)} person JOIN staged_periods s "
        "ON s._addressee = person.key) UNION ALL SELECT person.id, s.serial, s._id FROM staged_history s "
        f"JOIN {key_table(Link.ADDRESSEE)} person ON person.key = s._addressee WHERE s._is_new"
    )
    here.execute(f"CREATE INDEX ON {key_table(Link.RECORD)} (addressee_id, serial)")
    here.execute(f"ANALYZE {key_table(Link.RECORD)}")


def key_table(link: Link) -> str:
    """The temporary table by which the numbers of a reference become ids (対応表)."""
    return f"keys_of_{link.name.lower()}"


def joins(part: Part) -> str:
    """From the numbers in a staged row (``s``) to ids: aliases are the names of the fields (参照の結合)."""
    found = []
    for name, link in part.links.items():
        if link is Link.RECORD:
            on = f"{name}.addressee_id = addressee.id AND {name}.serial = s._{name}::int"
        else:
            on = f"{name}.key = s._{name}"
        found.append(f"LEFT JOIN {key_table(link)} {name} ON {on}")
    return " ".join(found)
