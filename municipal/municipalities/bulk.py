"""Loading many rows at once, through the wall (一括登録).

PostgreSQL refuses COPY into a table with row-level security. So rows are copied into a temporary table first and
go from there through the policies, as any other row does.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.models import Func, Value
from psycopg import sql

from . import wall


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """``count`` fresh ids of ``model``, so that rows of several tables can point at each other before they exist."""
    with connections[wall.opening().using].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def among(values: Collection[str] | Collection[int], kind: Literal["bigint", "text"] = "bigint") -> Func:
    """``values`` of one ``kind`` in one parameter, whatever their number, for ``field__in=among(values)`` (一括照会).

    A statement with thousands of parameters costs Python more than it costs PostgreSQL.
    """
    of: models.Field[Any, Any] = models.TextField() if kind == "text" else models.BigIntegerField()
    # The kind is said: an array of nothing has none of its own.
    template = f"SELECT unnest(%(expressions)s::{kind}[])"
    return Func(Value(list(values), output_field=ArrayField(of)), template=template, output_field=of)


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Add ``rows`` of ``columns`` (database names, without the municipality) to ``model``; returns how many.

    Columns not named must have a database default or allow NULL. Values are in the form psycopg adapts.
    Raises what PostgreSQL raises: a row that breaks a constraint stops the whole load.
    """
    table, names = model._meta.db_table, sql.SQL(", ").join(map(sql.Identifier, columns))
    staging, target = sql.Identifier(f"loading_{table}"), sql.Identifier(table)
    connection = connections[wall.opening().using]
    with connection.cursor() as wrapped, connection.wrap_database_errors:
        cursor = wrapped.cursor
        make = "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0"
        cursor.execute(sql.SQL(make).format(staging, names, target))
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staging, names)) as copy:
            for row in rows:
                copy.write_row(row)
        add = "INSERT INTO {} (municipality_id, {}) SELECT {}, {} FROM {}"
        cursor.execute(sql.SQL(add).format(target, names, sql.Literal(wall.current()), names, staging))
        loaded: int = cursor.rowcount
        cursor.execute(sql.SQL("DROP TABLE {}").format(staging))
        return loaded
