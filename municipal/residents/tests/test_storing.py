"""Removed records leave the register after five years, are kept 150 and are still found (除票の移行の試験)."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.residents import inquiry
from municipal.residents.jobs import STORE
from municipal.residents.models import Household, StoredRecord
from municipal.residents.operations import store_removed
from municipal.residents.rules.storing import keep_until, may_be_stored, years_after
from municipal.residents.search import Hits, find
from municipal.residents.stored import (
    PERMISSION,
    by_processing_day,
    no_longer_kept,
    viewed,
    within_reach,
)
from municipal.residents.tests.acting import CLERK, PLACE, act, day, member, newest
from municipal.residents.tests.people import enter, newcomer

V1 = "resident-record/1.0"


@pytest.mark.clause(f"{V1}#1.1.5/m6", f"{V1}#1.1.5/m7")
@pytest.mark.parametrize(("removed", "today", "stored", "kept"), [
    (date(2021, 5, 20), date(2026, 5, 19), False, date(2171, 5, 20)),
    (date(2021, 5, 20), date(2026, 5, 20), True, date(2171, 5, 20)),
    (date(2020, 2, 29), date(2025, 2, 28), False, date(2170, 3, 1)),
    (date(2020, 2, 29), date(2025, 3, 1), True, date(2170, 3, 1)),
    (date(1950, 1, 1), date(2026, 5, 20), True, date(2100, 1, 1)),
])  # fmt: skip
def test_five_years_in_the_register_and_a_hundred_and_fifty_in_all(
    removed: date, today: date, stored: bool, kept: date
) -> None:
    assert may_be_stored(removed, today) == stored
    assert keep_until(removed) == kept
    assert years_after(years_after(removed, 5), 0) == years_after(removed, 5)


def gone(when: date, **items: Any) -> Any:
    """Somebody who moved in and was removed on a day."""
    row = newcomer(valid_from=date(2010, 4, 1), **items)
    return enter(row, when, status="2", reason="move_out", removed_on=str(day(when.year, when.month, when.day)))


@pytest.fixture
def people(town: int, may: None) -> list[Any]:
    """Removed six, five, four years ago, and somebody who lives here."""
    return [
        gone(date(2020, 5, 1), name="除票　一郎", resident_code="99900000011"),
        gone(date(2021, 5, 20), name="除票　二郎", resident_code="99900000028"),
        gone(date(2022, 5, 21), name="除票　三郎", resident_code="99900000035"),
        newcomer(valid_from=date(2010, 4, 1), name="現在　四郎", resident_code="99900000042"),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.clause(f"{V1}#1.1.5/m6", f"{V1}#1.1.5/m9", f"{V1}#9.3/m2")
def test_whoever_was_removed_five_years_ago_is_in_the_store_and_out_of_the_register(people: list[Any]) -> None:
    assert store_removed(actor=CLERK) == [people[0].addressee_id, people[1].addressee_id]
    assert store_removed(actor=CLERK) == []
    found = Hits(tuple(one.addressee_id for one in people))
    assert within_reach(found, frozenset())[0].addressees == (people[2].addressee_id, people[3].addressee_id)
    listed = [row["name"] for row in inquiry.page(after="", size=10)]
    assert listed == ["除票　三郎", "現在　四郎"]
    kept = StoredRecord.objects.get(addressee=people[0].addressee_id)
    assert (kept.removed_on, kept.keep_until, kept.last_serial) == (date(2020, 5, 1), date(2170, 5, 1), 2)


@pytest.mark.django_db
@pytest.mark.clause(f"{V1}#1.1.5/m8")
def test_one_search_asks_the_register_and_then_the_store(people: list[Any]) -> None:
    store_removed(actor=CLERK)
    hits = find("除票　一郎")
    assert within_reach(hits, frozenset()) == (Hits(()), False)
    found, is_stored = within_reach(hits, {PERMISSION})
    assert (found.addressees, is_stored) == ((people[0].addressee_id,), True)
    everybody = within_reach(find("除票"), {PERMISSION})
    assert everybody == (Hits((people[2].addressee_id,)), False)
    with pytest.raises(Refused) as caught:
        viewed(people[0].addressee.number, {"residents.view"})
    assert caught.value.code == "forbidden"
    for one, permissions in ((people[0], {PERMISSION}), (people[2], set())):
        seen = viewed(one.addressee.number, permissions)
        assert seen is not None
        assert seen.addressee == one.addressee
    assert viewed("999999999999999", {PERMISSION}) is None


@pytest.mark.django_db
@pytest.mark.clause(f"{V1}#1.1.5/m7", f"{V1}#1.1.5/m10")
def test_the_store_only_grows_and_lists_by_the_day_of_processing(people: list[Any]) -> None:
    store_removed(actor=CLERK)
    listed = list(by_processing_day())
    assert [one.processed_on for one in listed] == sorted(one.processed_on for one in listed)
    assert {one.pk for one in listed} == set(StoredRecord.objects.values_list("pk", flat=True))
    assert list(no_longer_kept(date(2170, 4, 30))) == []
    assert [one.addressee_id for one in no_longer_kept(date(2170, 5, 1))] == [people[0].addressee_id]
    with pytest.raises(DatabaseError), transaction.atomic():
        StoredRecord.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        StoredRecord.objects.update(keep_until="2030-01-01")


@pytest.mark.django_db
@pytest.mark.clause(f"{V1}#4.6.0.1/m5", f"{V1}#1.1.5/m7")
def test_whoever_comes_back_out_of_the_store_is_in_the_register_again(people: list[Any]) -> None:
    """Nothing is fetched from the store: what was is entered again, under the old number."""
    store_removed(actor=CLERK)
    again = member(people[0], relationship="世帯主", name="除票　一郎")
    act("entry_ex_officio", people=(again,), place=PLACE, basis="ex_officio", came_from={})
    row = newest(people[0])
    assert (row.status, row.serial, row.addressee.number) == ("1", 3, people[0].addressee.number)
    assert within_reach(find("除票　一郎"), frozenset())[0].addressees == (people[0].addressee_id,)
    assert store_removed(actor=CLERK) == []


@pytest.mark.clause(f"{V1}#9.3/m2", f"{V1}#1.1.5/m9")
def test_the_job_goes_on_where_it_died(two_towns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.residents.jobs.BATCH", 2)
    with clock.stopped_at(datetime(2026, 5, 20, 10, tzinfo=clock.TOKYO)):
        with wall.within(TOWN):
            home = Household.objects.create(number="77000001")
            for place in range(5):
                gone(date(2015, 1, 1), household=home, is_head=False, resident_code=f"9990000{place:04}")
            due = StoredRecord.objects.count() + 5
            job = order_job(actor=CLERK, kind=STORE)
            steps = jobs.kinds[STORE](Job.objects.get(pk=job.pk))
            next(steps)
        assert stored() == 2
        with wall.within(TOWN):
            # The first worker died after its step had been committed, but before it noted how far it was.
            assert Job.objects.get(pk=job.pk).position == {}
        jobs.run(TOWN, job.pk)
    assert stored() >= due
    with wall.within(TOWN):
        done = Job.objects.get(pk=job.pk)
        assert (done.state, done.errors) == ("done", 0)
        assert StoredRecord.objects.values("addressee", "last_serial").distinct().count() == stored_here()


def stored_here() -> int:
    return StoredRecord.objects.count()


def stored() -> int:
    with wall.within(TOWN):
        return StoredRecord.objects.count()
