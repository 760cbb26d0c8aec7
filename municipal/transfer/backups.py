"""A backup of whole towns: every row of every table, of one moment, with check sums (バックアップ).

It reads as the application does, behind the wall, town by town in one snapshot: no superuser, no program of
PostgreSQL's, and the same files on every version of it. What is sealed in the database stays sealed, and no key is
among the files.
"""

import gzip
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from django.apps import apps
from django.db import connections, models
from psycopg import sql

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.constraints import Across
from municipal.municipalities.models import Municipality, OfMunicipality

FORMAT = 1
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DERIVED = frozenset({"audit_subject"})
"""Tables that the database fills by itself from others."""
LEFT_OUT: dict[str, LiteralString] = {"identity_session": "kind = 'token'"}
"""Rows that are kept: browsers' sessions end with the machine they were opened on."""


@dataclass(frozen=True)
class Part:
    """One table of one town in a backup (バックアップの一表)."""

    town: int
    table: str
    columns: tuple[str, ...]
    rows: int
    sha256: str

    @property
    def name(self) -> str:
        return f"{self.town:06d}/{self.table}.copy.gz"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: when it was taken, of which schema, which towns, which tables (バックアップの目録)."""

    format: int
    taken_at: str
    migrations: tuple[str, ...]
    towns: tuple[dict[str, Any], ...]
    parts: tuple[Part, ...]


AFTER = {"payments_closing": "payments_posting", "payments_yearclosing": "payments_posting"}
"""Tables whose rows forbid rows of another: whatever is closed was booked before."""


def tables() -> list[type[models.Model]]:
    """Every table of a town, those that others point at first, and closings after what they close (表の順序)."""
    ours = [
        model
        for model in apps.get_models()
        if issubclass(model, OfMunicipality) and model._meta.managed and model._meta.db_table not in DERIVED
    ]
    order: TopologicalSorter[type[models.Model]] = TopologicalSorter()
    by_table = {model._meta.db_table: model for model in ours}
    for table, model in sorted(by_table.items()):
        before = [by_table[AFTER[table]]] if table in AFTER else []
        order.add(model, *before, *(one for one in _pointed_at(model) if one in ours and one is not model))
    return list(order.static_order())


def _pointed_at(model: type[models.Model]) -> Iterator[Any]:
    """What a row needs to be there before it: all but the keys that are looked at in the end only."""
    late = {one.field for one in model._meta.constraints if isinstance(one, Across) and one.is_deferred}
    for field in model._meta.fields:
        if isinstance(field, models.ForeignKey) and field.name not in late:
            yield field.related_model


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table that hold something of their own."""
    own = [field for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)]
    return tuple(str(field.column) for field in own)


def order_of(model: type[models.Model]) -> tuple[str, ...]:
    """By what the rows of a table are in order: the same register gives the same bytes."""
    key: Any = model._meta.pk
    return tuple(field.column for field in getattr(key, "fields", (key,)))


def migrations() -> tuple[str, ...]:
    """The schema of this installation, as the migrations that were applied (スキーマの版)."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY app, name")
        return tuple(name for (name,) in cursor.fetchall())


@contextmanager
def _snapshot() -> Iterator[psycopg.Connection[Any]]:
    """One moment of the whole database, seen by the application's role; nothing can be changed through it."""
    settings = connections["default"].get_connection_params()
    settings = {name: value for name, value in settings.items() if name not in {"context", "cursor_factory"}}
    with psycopg.connect(**settings) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # The form of what is written must not hang on the settings of a server or a session.
        for name, value in (("datestyle", "ISO, YMD"), ("intervalstyle", "postgres"), ("timezone", "UTC")):
            connection.execute("SELECT set_config(%s, %s, true)", [name, value])
        connection.execute(
            "SELECT set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true)"
        )
        yield connection


def take(out: Path, towns: Sequence[int] = ()) -> Manifest:
    """Write a backup of ``towns``, all if none are named, into the new folder ``out`` (バックアップの作成).

    Written beside it and moved into place when complete, so that half a backup never carries the name of one. Files are
    readable by their owner only. Raises Refused where ``out`` is there already or a town is not.
    """
    known = {town.pk: town for town in Municipality.objects.all()}
    chosen = sorted(towns or known)
    if unknown := sorted(set(chosen) - set(known)):
        raise Refused("この自治体はありません（%(town)s）。", code="no_such_town", town=f"{unknown[0]:06d}")
    if out.exists():
        raise Refused("出力先がすでにあります。新しいフォルダを指定してください。", code="exists")
    beside = out.with_name(f".{out.name}.part-{os.getpid()}")
    beside.mkdir(parents=True, mode=0o700)
    parts = []
    with _snapshot() as connection:
        for town in chosen:
            (beside / f"{town:06d}").mkdir(mode=0o700)
            connection.execute("SELECT set_config(%s, %s, true)", [wall.SETTING, str(town)])
            parts += [_write(connection, beside, town, model) for model in tables()]
    made = Manifest(
        FORMAT, clock.now().isoformat(), migrations(), tuple(_row(known[town]) for town in chosen), tuple(parts)
    )
    _finish(beside, made)
    beside.rename(out)
    return made


def _row(town: Municipality) -> dict[str, Any]:
    return {str(field.column): getattr(town, field.attname) for field in town._meta.concrete_fields}


def _write(connection: psycopg.Connection[Any], folder: Path, town: int, model: type[models.Model]) -> Part:
    table, columns = model._meta.db_table, columns_of(model)
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table),
        sql.SQL(LEFT_OUT.get(table, "true")),
        sql.SQL(", ").join(map(sql.Identifier, order_of(model))),
    )  # fmt: skip
    path = folder / f"{town:06d}" / f"{table}.copy.gz"
    rows = 0
    with (
        open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=3, mtime=0) as file,
        connection.cursor() as cursor,
        cursor.copy(query) as copy,
    ):
        for block in copy:
            # A line break inside a value is written as two letters: each one here ends a row.
            rows += bytes(block).count(b"\n")
            file.write(block)
    return Part(town, table, columns, rows, digest_of(path))


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def _finish(folder: Path, made: Manifest) -> None:
    text = json.dumps(asdict(made), ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    sums = [f"{part.sha256}  {part.name}" for part in made.parts]
    sums.append(f"{digest_of(folder / MANIFEST)}  {MANIFEST}")
    (folder / SUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")
    for name in (MANIFEST, SUMS):
        (folder / name).chmod(0o600)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose every file is whole (バックアップの点検).

    Raises Refused, naming the first file that is missing or another one than was written.
    """
    try:
        lines = [line.split("  ", 1) for line in (folder / SUMS).read_text("utf-8").splitlines()]
        sums = {name: digest for digest, name in lines}
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
        made = Manifest(
            said["format"], said["taken_at"], tuple(said["migrations"]), tuple(said["towns"]),
            tuple(Part(**{**part, "columns": tuple(part["columns"])}) for part in said["parts"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused("バックアップとして読めません。フォルダを確かめてください。", code="no_backup") from None
    if made.format != FORMAT:
        raise Refused("このバックアップの形式は、この版では読めません。", code="format")
    expected = {part.name: part.sha256 for part in made.parts}
    for name in (MANIFEST, *expected):
        path = folder / name
        if not path.is_file() or not digest_of(path) == sums.get(name) == expected.get(name, sums.get(name)):
            raise Refused(
                "バックアップが壊れています（%(name)s）。別の控えを使ってください。", code="broken", name=name
            )
    return made
