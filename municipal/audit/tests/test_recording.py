"""Entries are the last thing a transaction does, and the only thing a refusal leaves (記録の試験)."""

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.audit import operations as audit
from municipal.audit.models import Chain, Entry, Kind, Subject
from municipal.audit.operations import NotRecorded, disclose, log_apart, operation, record
from municipal.audit.verification import verify
from municipal.municipalities import wall

from .filling import CLERK, REQUEST, fill


def acts(town: int = TOWN) -> list[str]:
    with wall.within(town):
        return list(Entry.objects.order_by("seq").values_list("act", flat=True))


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations made in a test leave the list again."""
    monkeypatch.setattr(audit, "operations", {})


def test_an_entry_holds_who_what_whom_and_where_from(committed_db: str) -> None:
    fill(1)
    with wall.within(TOWN):
        entry = Entry.objects.get()
    assert (entry.seq, entry.kind, entry.act) == (1, Kind.OPERATION, "residents.view")
    assert (entry.actor_kind, entry.actor_id) == ("staff", 7)
    assert (entry.subjects, entry.fields) == ([100, 500], ["name", "born_on"])
    assert (entry.screen, entry.request_id, entry.code) == ("counter", REQUEST, "")
    assert entry.source_at is not None
    assert entry.source_at < entry.at
    assert verify(TOWN).is_sound


def test_nothing_is_written_before_the_door_closes(committed_db: str) -> None:
    with wall.within(TOWN):
        record(actor=CLERK, act="a.b")
        assert Entry.objects.count() == 0
    assert acts() == ["a.b"]


def test_a_failed_transaction_leaves_no_entry(committed_db: str) -> None:
    with pytest.raises(ZeroDivisionError), wall.within(TOWN):
        record(actor=CLERK, act="a.b")
        raise ZeroDivisionError
    assert acts() == []


def test_what_a_rolled_back_savepoint_queued_vanishes_with_it(committed_db: str) -> None:
    with wall.within(TOWN):
        record(actor=CLERK, act="outer.first")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(actor=CLERK, act="inner.gone")
            raise ZeroDivisionError
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            with wall.within(TOWN):
                record(actor=CLERK, act="released.then.gone")
            raise ZeroDivisionError
        with transaction.atomic():
            record(actor=CLERK, act="inner.kept")
            transaction.set_rollback(False)
        record(actor=CLERK, act="outer.last")
    assert acts() == ["outer.first", "inner.kept", "outer.last"]
    assert verify(TOWN).is_sound


def test_what_is_recorded_while_the_door_closes_is_written_too(committed_db: str) -> None:
    with wall.within(TOWN):
        record(actor=CLERK, act="a.b")
        wall.before_commit(lambda: record(actor=CLERK, act="late.one"))
    assert acts() == ["a.b", "late.one"]


def test_no_log_no_service(cluster: Any, committed_db: str) -> None:
    with cluster.postgresql.superuser(committed_db) as superuser:
        superuser.execute("CREATE TABLE public.scratch (n int); GRANT ALL ON scratch TO kijun_app")
        superuser.execute("REVOKE INSERT ON audit_entry FROM kijun_app")
        with pytest.raises(DatabaseError, match="permission denied"), wall.within(TOWN):
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO scratch VALUES (1)")
            record(actor=CLERK, act="a.b")
        assert superuser.execute("SELECT count(*) FROM scratch").fetchone() == (0,)


def test_recording_outside_the_wall_is_refused() -> None:
    with pytest.raises(wall.NoMunicipality):
        record(actor=CLERK, act="a.b")


def test_a_disclosure_says_whose_which_items_where_and_what_for(committed_db: str) -> None:
    with wall.within(TOWN):
        disclose(actor=CLERK, subjects=[9, 8, 9], fields=["name"], screen="person", purpose="証明書の交付")
    with wall.within(TOWN):
        entry = Entry.objects.get()
        people = set(Subject.objects.values_list("addressee", "seq"))
    assert (entry.kind, entry.subjects, entry.fields) == ("disclosure", [9, 8], ["name"])
    assert (entry.screen, entry.purpose) == ("person", "証明書の交付")
    assert people == {(9, 1), (8, 1)}


def test_a_refusal_survives_in_a_transaction_of_its_own(committed_db: str) -> None:
    with pytest.raises(ZeroDivisionError), wall.within(TOWN):
        record(actor=CLERK, act="a.b")
        raise ZeroDivisionError
    log_apart(municipality=TOWN, actor=CLERK, act="a.b", code="not_permitted", subjects=(5,))
    log_apart(municipality=TOWN, actor=CLERK, act="identity.sign_in", kind=Kind.FAILED_SIGN_IN)
    with wall.within(TOWN):
        found = list(Entry.objects.order_by("seq").values_list("kind", "act", "code", "subjects"))
    assert found == [("refusal", "a.b", "not_permitted", [5]), ("failed_sign_in", "identity.sign_in", "", [])]


def test_a_refusal_is_not_recorded_where_it_would_roll_back(town: int) -> None:
    with pytest.raises(RuntimeError, match="door is still open"):
        log_apart(municipality=town, actor=CLERK, act="a.b")


def test_each_town_has_a_chain_of_its_own(committed_db: str) -> None:
    fill(2)
    fill(3, OTHER_TOWN)
    with wall.within(TOWN):
        assert (Entry.objects.count(), Chain.objects.get().seq) == (2, 2)
    with wall.within(OTHER_TOWN):
        assert (Entry.objects.count(), Chain.objects.get().seq) == (3, 3)


def test_an_operation_records_its_own_act(committed_db: str, named: None) -> None:
    @operation("tests.greet")
    def greet(*, actor: Any, name: str) -> str:
        record(actor=actor, fields=("name",))
        return name

    with wall.within(TOWN):
        assert greet(actor=CLERK, name="花子") == "花子"
    assert acts() == ["tests.greet"]
    assert audit.operations == {"tests.greet": greet}


def test_an_operation_that_records_nothing_does_nothing(committed_db: str, named: None) -> None:
    @operation("tests.silent")
    def silent(*, actor: Any) -> None:
        """Forgets the audit."""

    with wall.within(TOWN), pytest.raises(NotRecorded):
        silent(actor=CLERK)


def test_a_failed_operation_leaves_no_entry_though_its_caller_goes_on(committed_db: str, named: None) -> None:
    @operation("tests.fail")
    def fail(*, actor: Any) -> None:
        record(actor=actor)
        raise IntegrityError("one without a sentence")

    with wall.within(TOWN):
        with pytest.raises(IntegrityError):
            fail(actor=CLERK)
        record(actor=CLERK, act="a.b")
    assert acts() == ["a.b"]


def test_an_operation_takes_keywords_only_and_the_actor_first(named: None) -> None:
    def positional(actor: Any) -> None: ...
    def elsewhere(*, name: str, actor: Any) -> None: ...
    def nobody() -> None: ...
    def fine(*, actor: Any) -> None: ...

    for wrong in (positional, elsewhere, nobody):
        with pytest.raises(TypeError, match="keywords only"):
            operation("tests.wrong")(wrong)
    operation("tests.fine")(fine)
    with pytest.raises(ValueError, match="already the act"):
        operation("tests.fine")(fine)


def test_entries_of_one_request_share_its_id(committed_db: str) -> None:
    request = UUID(int=42)
    with wall.within(TOWN), audit.asked_from(screen="counter", request_id=request):
        record(actor=CLERK, act="a.b")
        record(actor=CLERK, act="a.c", screen="person")
    with wall.within(TOWN):
        found = list(Entry.objects.order_by("seq").values_list("request_id", "screen"))
    assert found == [(request, "counter"), (request, "person")]
