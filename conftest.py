"""The tests' PostgreSQL: real, as the application's role, one clone of a migrated template per session (試験の土台).

``db`` rolls back; ``committed_db`` really commits, on a clone of its own, which is what the wall, triggers and
concurrency need. ``town`` and ``other_town`` open the wall for the two made-up municipalities.
"""

import fcntl
import functools
import gc
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from psycopg import sql

from municipal.machine.places import Place
from municipal.machine.postgresql import OWNER, ROLES, PostgreSQL
from municipal.municipalities import wall

TOWN, OTHER_TOWN = 990019, 990027
AS_OF = date(2026, 11, 23)
ROOT = Path(__file__).parent
pytest_plugins = ["municipal.tests.skips", "municipal.tests.walks"]
# Other programs, other data: a cluster belongs to one version of PostgreSQL, and each of several test processes that
# share the work (pytest -n) has servers of its own.
PLACE = Place(
    "test" + os.environ.get("PYTEST_XDIST_WORKER", "") + os.environ.get("KIJUN_POSTGRESQL_BIN", "").replace("/", "-"),
    ROOT,
)


def pytest_configure(config: pytest.Config) -> None:
    for alias in ("default", "owner"):
        settings.DATABASES[alias]["HOST"] = str(PLACE.sockets)
        settings.DATABASES[alias]["CONN_MAX_AGE"] = 0
    settings.CELERY_BROKER_URL = PLACE.broker_url
    # A town that runs in this checkout keeps its own.
    settings.AUDIT_ANCHORS = PLACE.data / "anchors"
    settings.KIJUN_INSPECTIONS = PLACE.data / "inspections"
    settings.KIJUN_TRANSFER = PLACE.data / "transfer"
    settings.KIJUN_PAYMENTS = PLACE.data / "payments"
    # Every client of a test has middleware of its own, which would look through all static files first.
    settings.WHITENOISE_AUTOREFRESH = True
    # A slow hash protects passwords; the tests' are public.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@functools.cache
def _schema_digest() -> str:
    """Changes when any migration does: then the template is made anew."""
    digest = hashlib.sha256(ROLES.read_bytes())
    for path in sorted(ROOT.glob("municipal/**/migrations/*.*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Cluster:
    """The test cluster, shared by every test run of this checkout that happens at the same time."""

    def __init__(self) -> None:
        PLACE.lend_to_memory()
        self.postgresql = PostgreSQL(PLACE, lossy=True)
        PLACE.prepare()
        self.users: IO[str] = (PLACE.data / "users.lock").open("w")

    @contextmanager
    def alone(self) -> Iterator[None]:
        with (PLACE.data / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def start(self) -> None:
        with self.alone():
            fcntl.flock(self.users, fcntl.LOCK_SH)
            self.postgresql.start()
            self.postgresql.prepare_database("postgres")

    def leave(self) -> None:
        """Stop the server if nobody else is testing."""
        with self.alone():
            try:
                fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.postgresql.stop()
            except BlockingIOError:
                pass
            finally:
                self.users.close()

    def run(self, statement: str, *names: str) -> None:
        with self.postgresql.superuser() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def databases(self) -> list[str]:
        with self.postgresql.superuser() as connection:
            return [str(name) for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()]

    def template(self) -> str:
        """A migrated database with two towns, made once per state of the migrations."""
        name = f"kijun_template_{_schema_digest()}"
        with self.alone():
            if name not in self.databases():
                draft = f"{name}_{os.getpid()}"
                self.drop(draft)
                self.run("CREATE DATABASE {} OWNER {}", draft, OWNER)
                with pointing_at(draft):
                    call_command("migrate", database="owner", verbosity=0)
                    _found_towns()
                self.run("ALTER DATABASE {} RENAME TO {}", draft, name)
        return name

    def clone(self, name: str, template: str = "") -> None:
        self.drop(name)
        source = template or self.template()
        self.run("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY = FILE_COPY", name, source, OWNER)

    def drop(self, name: str) -> None:
        self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _found_towns() -> None:
    from municipal.municipalities.models import Municipality

    for code, name, name_en in ((TOWN, "架空市", "Kaku City"), (OTHER_TOWN, "模擬町", "Mogi Town")):
        Municipality.objects.using("owner").create(
            id=code, name=name, name_en=name_en, prefecture="架空県", is_fictional=True
        )


@contextmanager
def pointing_at(name: str) -> Iterator[None]:
    """Both connections lead to database ``name`` inside this block."""
    former = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    for alias in former:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    try:
        yield
    finally:
        for alias, old in former.items():
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = old


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    found = Cluster()
    found.start()
    yield found
    found.leave()


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's own: our databases belong to one role and serve another."""
    name = f"kijun_test_{os.getpid()}"
    with django_db_blocker.unblock():
        cluster.clone(name)
        with pointing_at(name):
            yield
        cluster.drop(name)


@contextmanager
def cloned(cluster: Cluster, blocker: Any, name: str, template: str = "") -> Iterator[str]:
    """Inside: a database of one's own, in which transactions really commit, of a template; its name."""
    with blocker.unblock():
        cluster.clone(name, template)
        with pointing_at(name):
            yield name
        cluster.drop(name)


@contextmanager
def template_of(
    cluster: Cluster, blocker: Any, what: str, fill: Callable[[], object], template: str = ""
) -> Iterator[str]:
    """Inside: a database that ``fill`` has filled, for tests to clone; its name."""
    name = f"kijun_{what}_{os.getpid()}"
    with blocker.unblock():
        cluster.clone(name, template)
        with pointing_at(name):
            fill()
        yield name
        cluster.drop(name)


@pytest.fixture(autouse=True)
def japanese_again() -> Iterator[None]:
    """A request leaves its language to its thread; the next test is to begin in that of the installation."""
    yield
    translation.deactivate()


@pytest.fixture
def committed_db(cluster: Cluster, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own, in which transactions really commit; its name."""
    name = f"kijun_commit_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**8}"
    with cloned(cluster, django_db_blocker, name):
        yield name


def _make_towns() -> None:
    for code, residents in ((TOWN, 120), (OTHER_TOWN, 60)):
        call_command(
            "make_town", town=str(code), residents=residents, seed=1, as_of=AS_OF, is_played=False,
            without_places=True, stdout=io.StringIO(),
        )  # fmt: skip


@pytest.fixture(scope="session")
def towns_template(cluster: Cluster, django_db_blocker: Any) -> Iterator[str]:
    """A database with both made-up towns as of AS_OF and their demo accounts, made once per session."""
    with template_of(cluster, django_db_blocker, "towns", _make_towns) as name:
        yield name


@pytest.fixture
def two_towns(cluster: Cluster, towns_template: str, django_db_blocker: Any) -> Iterator[str]:
    """Both towns in a database of this test's own, in which transactions really commit; its name."""
    with cloned(cluster, django_db_blocker, f"kijun_two_{os.getpid()}", towns_template) as name:
        yield name


@pytest.fixture
def town(db: None) -> Iterator[int]:
    """Inside 架空市 (990019), rolled back afterwards."""
    with wall.within(TOWN):
        yield TOWN
