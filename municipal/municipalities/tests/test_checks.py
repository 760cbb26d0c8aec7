"""Each check is seen failing: a wall or a search that does not work must not be served (起動前の点検の試験)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, connections

from conftest import Cluster, pointing_at
from municipal.machine.postgresql import OWNER, SUPERUSER
from municipal.municipalities import checks
from municipal.municipalities.checks import database_is_fit, no_demo_secret_in_earnest


def ids(found: list[CheckMessage]) -> set[str | None]:
    return {message.id for message in found}


def problems() -> set[str | None]:
    return ids(database_is_fit(databases=["default"]))


@contextmanager
def connecting_as(role: str) -> Iterator[None]:
    former = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = former


def as_owner(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


def test_the_database_of_the_tests_is_fit(committed_db: str) -> None:
    assert problems() == set()


def test_all_checks_are_registered(committed_db: str) -> None:
    as_owner("CREATE TABLE of_nobody (id integer)")
    assert "kijun.E006" in ids(run_checks(databases=["default"]))
    with pytest.raises(SystemCheckError, match=r"Table of_nobody has no wall"):
        call_command("check", databases=["default"])


def test_a_superuser_s_connection_is_refused(committed_db: str) -> None:
    with connecting_as(SUPERUSER):
        assert "kijun.E004" in problems()


def test_a_role_that_passes_every_wall_is_refused(committed_db: str, cluster: Cluster) -> None:
    role = f"{committed_db}_passes"
    cluster.run("CREATE ROLE {} LOGIN BYPASSRLS IN ROLE kijun_app", role)
    try:
        with connecting_as(role):
            assert problems() == {"kijun.E004"}
    finally:
        cluster.run("DROP ROLE {}", role)


def test_the_owner_s_connection_is_refused(committed_db: str) -> None:
    with connecting_as(OWNER):
        assert problems() == {"kijun.E005"}


POLICY = "CREATE POLICY p ON of_nobody USING (true)"
ENABLE, FORCE = (f"ALTER TABLE of_nobody {word} ROW LEVEL SECURITY" for word in ("ENABLE", "FORCE"))


@pytest.mark.parametrize(
    "statements", [[], [ENABLE, FORCE], [ENABLE, POLICY], [FORCE, POLICY]],
    ids=["nothing", "no policy", "not forced", "not enabled"],
)  # fmt: skip
def test_a_table_with_an_incomplete_wall_is_named(committed_db: str, statements: list[str]) -> None:
    as_owner("CREATE TABLE of_nobody (id integer)")
    for statement in statements:
        as_owner(statement)
    (found,) = database_is_fit(databases=["default"])
    assert (found.id, "of_nobody" in found.msg) == ("kijun.E006", True)


def test_a_table_with_a_whole_wall_passes(committed_db: str) -> None:
    for statement in ("CREATE TABLE of_nobody (id integer)", ENABLE, FORCE, POLICY):
        as_owner(statement)
    assert problems() == set()


def test_every_table_on_the_reviewed_list_is_there(committed_db: str) -> None:
    assert set(checks.OPEN_TABLES) <= set(connection.introspection.table_names())


@pytest.fixture
def blind_database(cluster: Cluster, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A database whose LC_CTYPE is C: the trigram module is there and sees no letter in Japanese."""
    name = "kijun_blind"
    cluster.drop(name)
    cluster.run(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", name, OWNER
    )
    with django_db_blocker.unblock(), pointing_at(name):  # type: ignore[attr-defined]
        yield name
    cluster.drop(name)


def test_where_trigram_search_finds_no_japanese_it_is_refused(blind_database: str) -> None:
    assert problems() == {"kijun.E003"}
    as_owner("CREATE EXTENSION pg_trgm")
    assert problems() == {"kijun.E003"}


def test_an_older_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch, committed_db: str) -> None:
    monkeypatch.setattr(checks, "_rows", lambda query: [("140012",)])
    assert ids(list(checks._postgresql_is_new_enough())) == {"kijun.E002"}


def test_without_a_database_to_ask_nothing_is_asked() -> None:
    assert database_is_fit(databases=None) == []


@pytest.mark.parametrize(
    ("secret", "hosts", "found"),
    [
        (settings.DEMO_SECRET, ["localhost", "town.example"], {"kijun.E001"}),
        (settings.DEMO_SECRET, ["*"], {"kijun.E001"}),
        (settings.DEMO_SECRET, ["localhost", "127.0.0.1", "[::1]"], set()),
        ("a town's own", ["town.example"], set()),
    ],
)
def test_the_demo_s_secret_serves_this_machine_only(
    settings: Any, secret: str, hosts: list[str], found: set[str]
) -> None:
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = secret, hosts
    assert ids(no_demo_secret_in_earnest()) == found
