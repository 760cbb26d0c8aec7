"""The bytes of an entry are those that PostgreSQL prints (正規形の試験)."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from municipal.audit.models import Entry
from municipal.audit.rules import COLUMNS, NAMES, START, Draft, chained, line, link

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def draft(**changes: Any) -> Draft:
    usual: dict[str, Any] = {"at": AT, "kind": "operation", "act": "a.b", "actor_kind": "staff", "actor_id": 1}
    return Draft(**usual | changes)


def test_every_column_except_the_hash_is_in_the_line() -> None:
    columns = {field.column for field in Entry._meta.local_concrete_fields if field.column}
    assert columns == {*NAMES, "hash"}


def test_a_hash_covers_the_entry_before() -> None:
    said = line(990019, 1, draft())
    assert link(START, said) == sha256(b"0" * 64 + said).hexdigest()
    assert link("1" * 64, said) != link(START, said)


def test_a_chain_numbers_its_entries_and_links_each_to_the_one_before() -> None:
    first, second = chained(990019, 4, "f" * 64, [draft(), draft(code="x")])
    assert first == (line(990019, 5, draft()), link("f" * 64, line(990019, 5, draft())))
    assert second == (line(990019, 6, draft(code="x")), link(first[1], line(990019, 6, draft(code="x"))))


@pytest.mark.parametrize("name", ["", "null", "NULL", "a b", "1a", "山田", "a,b", 'a"', "a" * 64, "a\n"])
def test_what_is_no_name_is_not_recorded_as_one(name: str) -> None:
    with pytest.raises(ValueError, match="by its name"):
        draft(act=name)
    with pytest.raises(ValueError, match="by its name"):
        draft(fields=("name", name))


def test_a_nul_and_a_time_without_zone_are_not_recorded() -> None:
    with pytest.raises(ValueError, match="NUL"):
        draft(purpose="a\0b")
    with pytest.raises(ValueError, match="zone"):
        draft(at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        draft(source_at=datetime(2026, 1, 1))  # noqa: DTZ001


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NAME = st.from_regex(r"[a-z][a-zA-Z0-9_.]{0,20}", fullmatch=True).filter(lambda name: name != "null")
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=9))])
TIME = st.datetimes(AT.replace(year=1900, tzinfo=None), AT.replace(year=2200, tzinfo=None), timezones=ZONES)
# Not the lowest: written as a literal it is the negation of a number that is too large.
NUMBER = st.integers(-(2**63) + 1, 2**63 - 1)
DRAFTS = st.builds(
    Draft,
    at=TIME,
    kind=TEXT,
    act=NAME,
    actor_kind=TEXT,
    actor_id=NUMBER,
    subjects=st.lists(NUMBER, max_size=4).map(tuple),
    fields=st.lists(NAME, max_size=4).map(tuple),
    screen=TEXT,
    purpose=TEXT,
    source_at=st.none() | TIME,
    request_id=st.none() | st.uuids(),
    code=TEXT,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DRAFTS)
def test_postgresql_prints_the_bytes_that_python_wrote(town: int, one: Draft) -> None:
    values = [
        town, 3, one.at, one.source_at, one.kind, one.act, one.actor_kind, one.actor_id, list(one.subjects),
        list(one.fields), one.screen, one.purpose, one.request_id, one.code,
    ]  # fmt: skip
    types = [
        "int", "bigint", "timestamptz", "timestamptz", "text", "text", "text", "bigint", "bigint[]", "text[]",
        "text", "text", "uuid", "text",
    ]  # fmt: skip
    row = ", ".join(f"%s::{type_} AS {name}" for name, type_ in zip(NAMES, types, strict=True))
    copying = f"COPY (SELECT {COLUMNS} FROM (SELECT {row}) AS entry) TO STDOUT"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(copying, values) as copy:
        printed = b"".join(map(bytes, copy))
    assert printed == line(town, 3, one) + b"\n"


def test_two_different_entries_never_have_the_same_line() -> None:
    alike = [
        draft(screen="a\tb"), draft(screen="a", purpose="b"), draft(screen="a\\tb"), draft(code="\\N"),
        draft(fields=("a", "b")), draft(fields=("a.b",)), draft(subjects=(1, 2)), draft(subjects=(12,)),
        draft(request_id=UUID(int=0)), draft(),
    ]  # fmt: skip
    assert len({line(1, 1, one) for one in alike}) == len(alike)
