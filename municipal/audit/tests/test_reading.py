"""Reading the audit leaves a trace in it (監査記録の閲覧の試験)."""

from datetime import date, datetime

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.audit.operations import asked_from, record
from municipal.audit.reading import chosen, entries_for, read
from municipal.core import clock
from municipal.municipalities import wall

from .filling import CLERK, Clerk, fill


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, 0, tzinfo=clock.TOKYO)


def test_entries_of_a_person_are_found_newest_first(committed_db: str) -> None:
    fill(4)
    fill(2, OTHER_TOWN)
    with wall.within(TOWN):
        assert [entry.seq for entry in entries_for(102)] == [3]
        assert [entry.seq for entry in entries_for(500)] == [4, 3, 2, 1]
        assert not entries_for(999).exists()


def test_entries_are_chosen_by_day_actor_act_and_kind(committed_db: str) -> None:
    with wall.within(TOWN):
        for moment, actor, act in (
            (at(22, 23), CLERK, "a.first"),
            (at(23, 0), CLERK, "a.second"),
            (at(23, 23), Clerk(actor_id=8), "a.second"),
            (at(24, 0), CLERK, "a.third"),
        ):
            with clock.stopped_at(moment):
                record(actor=actor, act=act, kind="sign_in" if act == "a.third" else "operation")
    with wall.within(TOWN):
        assert [entry.seq for entry in chosen(day=date(2026, 11, 23))] == [3, 2]
        assert [entry.seq for entry in chosen(actor=("staff", 7))] == [4, 2, 1]
        assert [entry.seq for entry in chosen(act="a.second")] == [3, 2]
        assert [entry.seq for entry in chosen(kind="sign_in")] == [4]
        assert [entry.seq for entry in chosen(day=date(2026, 11, 23), actor=("staff", 8), act="a.second")] == [3]
        assert len(chosen()) == 4


def test_reading_the_audit_is_a_disclosure_of_those_it_is_about(committed_db: str) -> None:
    fill(3)
    with wall.within(TOWN), asked_from(screen="audit", purpose="監査"):
        shown = read(actor=CLERK, entries=chosen(), limit=2)
    assert [entry.seq for entry in shown] == [3, 2]
    with wall.within(TOWN):
        trace = Entry.objects.get(seq=4)
    assert (trace.kind, trace.act, trace.screen, trace.purpose) == ("disclosure", "audit.view", "audit", "監査")
    assert trace.subjects == [101, 102, 500]


def test_a_person_is_found_by_an_index_behind_the_wall(committed_db: str) -> None:
    """PostgreSQL takes no array index behind row-level security; the table of subjects is there for that."""
    fill(1)
    with wall.within(TOWN):
        plan = entries_for(500).explain()
    assert "audit_subject_pkey" in plan or "Index" in plan
