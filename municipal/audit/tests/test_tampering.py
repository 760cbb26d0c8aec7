"""Whoever changes the audit is found, at the right entry, even the administrator of the database (改ざん検知の試験)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connections, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.audit.anchors import anchor
from municipal.audit.models import Chain, Entry, Subject
from municipal.audit.rules import COLUMNS, START, link
from municipal.audit.verification import verify
from municipal.municipalities import wall

from .filling import fill

ROWS = 9
TABLES = (Entry, Chain, Subject)
Administrator = Callable[..., list[Any]]

# Another value for each type of column.
OTHERWISE = {
    "integer": str(OTHER_TOWN),
    "bigint": "{0} + 1000",
    "timestamp with time zone": "coalesce({0}, '2026-01-01') + interval '1 microsecond'",
    "character varying": "'x' || substr({0}, 2)",
    "ARRAY": "{0}[2:2] || {0}[1:1] || {0}[3:]",
    "uuid": "gen_random_uuid()",
}


@pytest.fixture
def administrator(cluster: Any, committed_db: str) -> Iterator[Administrator]:
    """Runs SQL as the cluster's superuser, for whom no wall, no right and no trigger stands."""
    with cluster.postgresql.superuser(committed_db) as connection:
        connection.execute("SET session_replication_role = replica")
        fill(ROWS)

        def run(statement: str, *values: Any) -> list[Any]:
            done = connection.execute(statement, values or None)
            assert done.description or done.rowcount > 0, "the tampering itself must have hit something"
            return list(done.fetchall()) if done.description else []

        yield run


def columns() -> list[tuple[type[Any], str]]:
    return [(model, field.column) for model in TABLES for field in model._meta.local_concrete_fields if field.column]


@pytest.mark.parametrize(("model", "column"), columns(), ids=lambda one: getattr(one, "__name__", one))
@pytest.mark.clause("resident-record/1.0#10.2/m3")
def test_a_change_of_any_column_is_found(administrator: Administrator, model: type[Any], column: str) -> None:
    table = model._meta.db_table
    type_ = administrator(
        "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s", table, column
    )[0][0]
    which = "" if model is Chain else "WHERE seq = 5" + (" AND addressee = 104" if model is Subject else "")
    assert verify(TOWN).is_sound
    administrator(f"UPDATE {table} SET {column} = {OTHERWISE[type_].format(column)} {which}")
    verdict = verify(TOWN)
    # Of the head only its own entry, or what it lets stand beyond it, can be told.
    expected = {("audit_chain", "municipality_id"): 1, ("audit_chain", "hash"): ROWS, ("audit_chain", "seq"): ROWS + 1}
    assert verdict.first_bad_seq == expected.get((table, column), 5)
    if column == "municipality_id" and model is not Chain:
        assert verify(OTHER_TOWN).first_bad_seq is not None


# Through a number nobody has: the primary key looks at each row as it changes.
SWAP = """
    UPDATE audit_entry SET seq = 77 WHERE seq = 7;
    UPDATE audit_entry SET seq = 7 WHERE seq = 8;
    UPDATE audit_entry SET seq = 8 WHERE seq = 77
"""


@pytest.mark.parametrize(
    ("tampering", "first", "reason"),
    [
        ("DELETE FROM audit_entry WHERE seq = 4", 4, "gap"),
        ("DELETE FROM audit_entry WHERE seq = 1", 1, "gap"),
        ("DELETE FROM audit_entry WHERE seq > 6", 7, "gap"),
        ("DELETE FROM audit_entry", 1, "gap"),
        ("DELETE FROM audit_chain", 1, "beyond"),
        ("DELETE FROM audit_subject WHERE seq = 3 AND addressee = 500", 3, "index"),
        ("INSERT INTO audit_subject (municipality_id, addressee, seq) VALUES (990019, 777, 6)", 6, "index"),
        (SWAP, 7, "altered"),
        ("UPDATE audit_entry SET seq = -seq WHERE seq = 9", -9, "index"),
    ],
)
def test_deleting_inserting_and_swapping_are_found(
    administrator: Administrator, tampering: str, first: int, reason: str
) -> None:
    administrator(tampering)
    verdict = verify(TOWN)
    assert (verdict.first_bad_seq, verdict.reason) == (first, reason)


def forge_from(administrator: Administrator, seq: int) -> None:
    """Compute the chain anew from entry ``seq`` on, as somebody would who knows the code."""
    with connections["owner"].cursor() as cursor, transaction.atomic(using="owner"):
        cursor.execute("SELECT set_config('kijun.municipality', %s, true)", [str(TOWN)])
        with cursor.copy(f"COPY (SELECT {COLUMNS} FROM audit_entry ORDER BY seq) TO STDOUT") as copy:
            printed = [bytes(row).rstrip(b"\n") for row in copy]
    found = administrator("SELECT hash FROM audit_entry WHERE seq = %s", seq - 1)
    previous = found[0][0] if found else START
    for number, said in enumerate(printed[seq - 1 :], seq):
        previous = link(previous, said)
        administrator("UPDATE audit_entry SET hash = %s WHERE seq = %s", previous, number)
    administrator("UPDATE audit_chain SET seq = %s, hash = %s", len(printed), previous)


def cut_after(administrator: Administrator, seq: int) -> None:
    administrator("DELETE FROM audit_entry WHERE seq > %s", seq)
    administrator("DELETE FROM audit_subject WHERE seq > %s", seq)
    administrator("UPDATE audit_chain SET seq = %s, hash = (SELECT hash FROM audit_entry WHERE seq = %s)", seq, seq)


def test_an_entry_put_behind_the_head_is_found(administrator: Administrator) -> None:
    head = administrator("SELECT seq, hash FROM audit_chain")[0]
    fill(1)
    administrator("UPDATE audit_chain SET seq = %s, hash = %s", *head)
    verdict = verify(TOWN)
    assert (verdict.first_bad_seq, verdict.reason) == (ROWS + 1, "beyond")


def test_a_cut_tail_with_a_rewritten_head_is_found_by_its_anchor_alone(administrator: Administrator) -> None:
    with wall.within(TOWN):
        anchor(TOWN)
    cut_after(administrator, 6)
    verdict = verify(TOWN)
    assert (verdict.first_bad_seq, verdict.reason) == (7, "anchor")


def test_without_an_anchor_a_rewritten_chain_looks_sound(administrator: Administrator) -> None:
    """Why anchors exist: the database alone cannot prove itself."""
    cut_after(administrator, 6)
    assert verify(TOWN).is_sound


def test_a_chain_computed_anew_is_found_by_its_anchor(administrator: Administrator) -> None:
    with wall.within(TOWN):
        anchor(TOWN)
    administrator("UPDATE audit_entry SET actor_id = 8 WHERE seq = 3")
    forge_from(administrator, 3)
    verdict = verify(TOWN)
    assert (verdict.first_bad_seq, verdict.reason) == (ROWS, "anchor")


def test_a_replayed_old_backup_is_found(administrator: Administrator) -> None:
    backup = administrator("SELECT seq, hash FROM audit_chain")[0]
    fill(3)
    with wall.within(TOWN):
        anchor(TOWN)
    cut_after(administrator, backup[0])
    fill(5)
    verdict = verify(TOWN)
    assert (verdict.first_bad_seq, verdict.reason) == (ROWS + 3, "anchor")


@pytest.mark.parametrize("table", ["audit_entry", "audit_subject"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET seq = 1", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.clause("resident-record/1.0#10.2/m3")
def test_the_application_may_not_and_the_owner_cannot(committed_db: str, table: str, statement: str) -> None:
    fill(1)
    with pytest.raises(ProgrammingError, match="permission denied"), wall.within(TOWN):
        connections["default"].cursor().execute(statement.format(table))
    with pytest.raises(DatabaseError, match="never changed or removed"), wall.within(TOWN, using="owner"):
        connections["owner"].cursor().execute(statement.format(table))
    assert verify(TOWN).is_sound


@pytest.mark.parametrize("statement", ["DELETE FROM audit_chain", "TRUNCATE audit_chain"])
def test_the_application_may_not_remove_the_head(committed_db: str, statement: str) -> None:
    fill(1)
    with pytest.raises(DatabaseError, match="permission denied"), wall.within(TOWN):
        connections["default"].cursor().execute(statement)
