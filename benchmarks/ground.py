"""Where it is measured: a cluster of its own, durable, with one large town that is kept (測定用データベース).

Everything measured goes through the application's role with the wall in force; the owner and the superuser only
prepare, or show what the same would cost without the wall.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from municipal.machine.places import CHECKOUT, Place
from municipal.machine.postgresql import APP, OWNER, ROLES, PostgreSQL

TOWN = 990019
AS_OF = "2026-11-23"
LARGE, EMPTY, SCRATCH, COPY = "kijun_bench", "kijun_bench_empty", "kijun_bench_scratch", "kijun_bench_copy"
PLACE = Place("bench")
MADE_FROM = ("municipal/**/migrations/*.py", "fixtures/town/*.*", "municipal/residents/keys.py")


def lead_django_here() -> None:
    """Before Django reads its settings: the benchmark's own database, broker and anchors."""
    os.environ["DATABASE_URL"] = PLACE.database_url(APP, LARGE)
    os.environ["DATABASE_OWNER_URL"] = PLACE.database_url(OWNER, LARGE)
    os.environ["BROKER_URL"] = PLACE.broker_url
    os.environ["KIJUN_ANCHORS"] = str(PLACE.data / "anchors")
    os.environ["DJANGO_SETTINGS_MODULE"] = "municipal.settings"
    os.environ["KIJUN_LOG_LEVEL"] = "ERROR"


def digest() -> str:
    """Changes when a migration or the made-up town does: then the databases are made anew."""
    found = hashlib.sha256(ROLES.read_bytes() + AS_OF.encode())
    for pattern in MADE_FROM:
        for path in sorted(CHECKOUT.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


class Ground:
    """The benchmark's cluster and its databases (測定環境)."""

    def __init__(self) -> None:
        self.postgresql = PostgreSQL(PLACE)

    def start(self) -> bool:
        """Start the cluster; whether it was us."""
        started = self.postgresql.start()
        self.postgresql.prepare_database("postgres")
        return started

    def prepare(self, residents: int | None) -> None:
        """A large town, unless None is asked for, and an empty one; made anew if migrations changed since."""
        from django.core.management import call_command

        for name, people in ((EMPTY, 0), *([(LARGE, residents)] if residents else [])):
            made_of = f"{digest()} {people}"
            if self._made_of(name) == made_of:
                continue
            print(f"Making {name} ({people:,} residents) ...", flush=True)
            self._recreate(name)
            with pointing_at(name):
                call_command("migrate", database="owner", verbosity=0)
                if people:
                    call_command("make_town", residents=people, seed=1, as_of=_as_of(), is_played=False, verbosity=0)
                else:
                    self._found()
            with self.postgresql.superuser(name) as connection:
                connection.execute("VACUUM ANALYZE")
                comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
                connection.execute(comment.format(sql.Identifier(name), sql.Literal(made_of)))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Inside: an empty town in a database made for this one measurement; its name."""
        self._recreate(SCRATCH, template=EMPTY)
        with self.postgresql.superuser() as connection:
            # What was written before must not be paid for by what is measured now.
            connection.execute("CHECKPOINT")
        with pointing_at(SCRATCH):
            yield SCRATCH
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", SCRATCH)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Inside: a copy of the large town, for what writes into it; its name."""
        from django.db import connections

        connections.close_all()
        self._recreate(COPY, template=LARGE)
        with self.postgresql.superuser(COPY) as connection:
            connection.execute("ANALYZE")
            connection.execute("CHECKPOINT")
        with pointing_at(COPY):
            yield COPY
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", COPY)

    def _found(self) -> None:
        from municipal.municipalities.operations import found

        found(code=f"{TOWN}", name="架空市", prefecture="架空県", name_en="Kaku City", is_fictional=True)

    def _recreate(self, name: str, template: str = "template1") -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._run("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY = FILE_COPY", name, template, OWNER)

    def _run(self, statement: str, *names: str) -> None:
        with self.postgresql.superuser() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _made_of(self, name: str) -> str:
        asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        with self.postgresql.superuser() as connection:
            row = connection.execute(asked, [name]).fetchone()
        return str(row[0]) if row else ""


def _as_of() -> Any:
    from datetime import date

    return date.fromisoformat(AS_OF)


@contextmanager
def pointing_at(name: str) -> Iterator[None]:
    """Django's two connections lead to database ``name`` inside this block."""
    from django.db import connections

    former = {alias: str(connections[alias].settings_dict["NAME"]) for alias in ("default", "owner")}
    _point(dict.fromkeys(former, name))
    try:
        yield
    finally:
        _point(former)


def _point(names: dict[str, str]) -> None:
    from django.db import connections

    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def connect(role: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection of ``role`` to the database Django works in now; each statement commits."""
    from django.db import connections

    at = connections["default"].settings_dict
    return psycopg.connect(host=str(at["HOST"]), dbname=str(at["NAME"]), user=role, autocommit=True)
