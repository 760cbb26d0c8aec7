"""A real PostgreSQL, made, stopped, killed (組み込みPostgreSQLの試験)."""

import os
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from municipal.machine import namespaces
from municipal.machine import postgresql as module
from municipal.machine.places import NOBODY, Place
from municipal.machine.postgresql import APP, OWNER, SEARCH, NotRunnable, PostgreSQL
from municipal.machine.tests.conftest import eventually, is_alive, kill


def process_of(server: PostgreSQL) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n")[0])


def ask(server: PostgreSQL, query: str, database: str = "postgres") -> object:
    with server.superuser(database) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_it_runs_in_a_long_path_with_spaces_and_finds_japanese(postgresql: PostgreSQL) -> None:
    assert len(os.fsencode(postgresql.data)) > 107
    with postgresql.superuser() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert ask(postgresql, "SELECT cardinality(show_trgm('ヤマダ'))") == 4
    assert ask(postgresql, "SHOW server_encoding") == "UTF8"


def test_its_socket_is_for_us_alone_and_there_is_no_port(postgresql: PostgreSQL) -> None:
    found = postgresql.place.postgresql_socket.stat().st_mode
    assert stat.S_ISSOCK(found)
    assert found & 0o077 == 0
    assert ask(postgresql, "SHOW listen_addresses") == ""


def test_starting_twice_starts_once(postgresql: PostgreSQL) -> None:
    before = process_of(postgresql)
    assert PostgreSQL(postgresql.place).start() is False
    assert process_of(postgresql) == before


def test_after_kill_9_it_starts_again_and_holds_what_was_committed(postgresql: PostgreSQL) -> None:
    with postgresql.superuser() as connection:
        connection.execute("CREATE TABLE committed AS SELECT generate_series(1, 1000) AS n")
    kill(process_of(postgresql))
    assert eventually(lambda: not postgresql.is_running)
    assert postgresql.start() is True
    assert ask(postgresql, "SELECT count(*) FROM committed") == 1000


def test_stopping_leaves_no_process_and_stopping_twice_is_nothing(postgresql: PostgreSQL) -> None:
    process = process_of(postgresql)
    postgresql.stop()
    assert not is_alive(process)
    assert not postgresql.is_running
    assert not postgresql.place.postgresql_socket.exists()
    postgresql.stop()


def test_a_stop_does_not_wait_for_open_connections(postgresql: PostgreSQL) -> None:
    with postgresql.superuser() as connection:
        postgresql.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_lock_file_with_another_program_s_number_does_not_keep_it_from_starting(postgresql: PostgreSQL) -> None:
    postgresql.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (postgresql.data / "postmaster.pid").write_text(f"{stranger.pid}\n{postgresql.data}\n")
        try:
            assert postgresql.start() is True
        finally:
            stranger.kill()


def test_the_settings_follow_the_program(postgresql: PostgreSQL) -> None:
    with postgresql.superuser() as connection:
        connection.execute("ALTER SYSTEM SET work_mem = '1MB'")
    postgresql.stop()
    postgresql.start()
    assert ask(postgresql, "SHOW work_mem") == "16MB"


def test_the_three_roles_are_no_superusers_and_pass_no_wall(postgresql: PostgreSQL) -> None:
    postgresql.prepare_database("town")
    postgresql.prepare_database("town")
    with postgresql.superuser() as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = ANY(%s) ORDER BY 1",
            [[APP, OWNER, SEARCH]],
        ).fetchall()
    assert rows == [(APP, False, False, True), (OWNER, False, False, True), (SEARCH, False, False, False)]
    assert ask(postgresql, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'town'") == OWNER


def test_a_start_that_was_interrupted_while_making_leaves_nothing_in_the_way(place: Place) -> None:
    server = PostgreSQL(place, lossy=True)
    place.prepare()
    draft = server.data.with_name("postgresql.draft")
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18")
    assert not server.is_made
    server.make()
    assert server.is_made
    assert not draft.exists()


def test_data_of_another_version_is_refused_with_what_to_do(place: Place) -> None:
    server = PostgreSQL(place, lossy=True)
    place.prepare()
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(NotRunnable, match=r"made by PostgreSQL 14, and the programs here are \d+: carry it over"):
        server.start()


def write_program(folder: Path, version: str) -> Path:
    program = folder / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize(("version", "major"), [("15.18 (Debian 15.18-0)", 15), ("18.6", 18), ("19beta1", 19)])
def test_the_version_of_the_programs_is_read(place: Place, tmp_path: Path, version: str, major: int) -> None:
    server = PostgreSQL(place, programs=write_program(tmp_path, version))
    server.lower = None
    assert server.version() == major


def test_programs_older_than_15_are_refused(place: Place, tmp_path: Path) -> None:
    server = PostgreSQL(place, programs=write_program(tmp_path, "14.9"))
    server.lower = None
    with pytest.raises(NotRunnable, match="PostgreSQL 15 or newer only"):
        server.make()


def test_a_folder_without_programs_is_named(place: Place, tmp_path: Path) -> None:
    with pytest.raises(NotRunnable, match=f"There is no postgres in {tmp_path}"):
        PostgreSQL(place, programs=tmp_path).start()


def test_without_the_embedded_wheel_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIJUN_POSTGRESQL_BIN", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotRunnable, match="set DATABASE_URL and DATABASE_OWNER_URL"):
        module.programs()


def test_named_programs_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIJUN_POSTGRESQL_BIN", "/somewhere/bin")
    assert module.programs() == Path("/somewhere/bin")


@pytest.mark.skipif(os.getuid() != 0, reason="only root has to become somebody else")
def test_where_namespaces_are_forbidden_root_runs_a_copy_as_nobody(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(namespaces, "namespaces_work", lambda: False)
    server = PostgreSQL(place, lossy=True)
    try:
        assert server.start() is True
        assert Path(f"/proc/{process_of(server)}").stat().st_uid == NOBODY
        assert ask(server, "SELECT 1") == 1
        server.stop()
        assert PostgreSQL(place, lossy=True).start() is True
    finally:
        server.stop()
        subprocess.run(["rm", "-rf", str(place.nobodys)], check=True)


@pytest.mark.skipif(os.getuid() == 0, reason="an ordinary user is meant")
def test_an_ordinary_user_stays_who_he_is() -> None:
    assert namespaces.lowering() is None
