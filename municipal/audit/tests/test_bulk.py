"""A bulk load is recorded entry by entry, with one change of the head (一括記録の試験)."""

from datetime import UTC, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TOWN
from municipal.audit.models import Chain, Entry, Subject
from municipal.audit.operations import record, record_many
from municipal.audit.rules import Draft
from municipal.audit.verification import verify
from municipal.municipalities import wall

from .filling import CLERK, fill

AT = datetime(2026, 4, 1, tzinfo=UTC)


def drafts(number: int) -> list[Draft]:
    return [
        Draft(AT, "operation", "residents.load", "system", 0, (row,), ("name", "address"), purpose="初期\t移行\\N")
        for row in range(1, number + 1)
    ]


def test_a_bulk_load_goes_on_where_the_chain_stood(committed_db: str) -> None:
    fill(2)
    with wall.within(TOWN):
        record(actor=CLERK, act="jobs.order")
        record_many(drafts(3000))
        record(actor=CLERK, act="jobs.finish")
    fill(1)
    verdict = verify(TOWN)
    assert (verdict.is_sound, verdict.rows, verdict.head) == (True, 3005, 3005)
    with wall.within(TOWN):
        assert Entry.objects.get(seq=3).act == "jobs.order"
        assert Entry.objects.get(seq=1003).subjects == [1000]
        assert Entry.objects.get(seq=1003).purpose == "初期\t移行\\N"
        assert Subject.objects.filter(addressee=1000).get().seq == 1003
        assert Chain.objects.get().seq == 3005


def test_the_head_is_changed_once_however_many_entries(committed_db: str) -> None:
    fill(1)
    with CaptureQueriesContext(connection) as captured, wall.within(TOWN):
        record_many(drafts(500))
    assert sum(query["sql"].startswith("UPDATE audit_chain") for query in captured) == 1
    assert len(captured) < 15


def test_two_loads_fit_into_one_transaction(committed_db: str) -> None:
    with wall.within(TOWN):
        record_many(drafts(60))
        wall.before_commit(lambda: record_many(drafts(70)))
    assert verify(TOWN).rows == 130


def test_an_empty_load_writes_nothing(committed_db: str) -> None:
    with wall.within(TOWN):
        record_many([])
    verdict = verify(TOWN)
    assert (verdict.is_sound, verdict.rows, verdict.head) == (True, 0, 0)
