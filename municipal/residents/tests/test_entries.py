"""Provisional entries, decisions, leases (仮登録・決定・入力中の試験)."""

from datetime import timedelta
from typing import Any

import pytest

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.office.models import OutboxEvent
from municipal.residents import inquiry
from municipal.residents.models import Claim, Draft, Lease, ResidentEvent, ResidentRecord
from municipal.residents.operations import (
    amend,
    change_settings,
    decide,
    enter,
    open_entry,
    release_entry,
    return_draft,
    withdraw,
)
from municipal.residents.search import find
from municipal.residents.tests.acting import (
    CHIEF,
    CLERK,
    ELSEWHERE,
    act,
    day,
    entered,
    family,
    member,
    newest,
    notice,
    people_of,
)

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"


@pytest.fixture
def home(town: int, may: None) -> list[Any]:
    """A couple and two children."""
    return people_of(act("move_in", people=family()))


@pytest.mark.clause(f"{V1}#4.0.8/m1", f"{V1}#4.0.8/m2")
def test_a_provisional_entry_changes_nothing_that_anybody_sees(home: list[Any]) -> None:
    draft = entered("death", people=(member(home[0]),))
    assert [newest(row).serial for row in home] == [1] * 4
    assert not find("コウノ").is_cut
    assert [row["status"] for row in inquiry.members(home[0].household)] == ["1"] * 4
    assert ResidentEvent.objects.count() == 1
    assert decide(actor=CHIEF, draft=draft.pk).act == "death"
    assert newest(home[0]).status == "3"


@pytest.mark.clause(f"{V1}#4.0.8/m2")
def test_a_second_entry_for_a_person_or_a_household_waits_for_the_first(home: list[Any]) -> None:
    entered("minor_correction", people=(member(home[0], alias="タロ"),))
    with pytest.raises(Refused) as refused:
        entered("death", people=(member(home[0]),))
    assert refused.value.code == "one_open_entry_for_a_person"
    entered("death", people=(member(home[3]),))
    with pytest.raises(Refused) as refused:
        entered("move_out", people=(member(home[2]),))
    assert refused.value.code == "one_open_entry_for_a_household"


def test_a_withdrawn_entry_leaves_the_way_free_and_no_trace_in_the_register(home: list[Any]) -> None:
    draft = entered("death", people=(member(home[0]),))
    withdraw(actor=CLERK, draft=draft.pk)
    assert not Claim.objects.exists()
    assert newest(home[0]).status == "1"
    assert act("death", people=(member(home[0]),))


@pytest.mark.clause(f"{V1}#4.0.9/m1")
def test_a_returned_entry_is_mended_and_then_decided(home: list[Any]) -> None:
    draft = entered("death", people=(member(home[2]),))
    with pytest.raises(Refused):
        return_draft(actor=CHIEF, draft=draft.pk, because="　")
    returned = return_draft(actor=CHIEF, draft=draft.pk, because="日付が死亡届と違います。", version=1)
    with pytest.raises(Refused) as refused:
        decide(actor=CHIEF, draft=draft.pk)
    assert refused.value.code == "returned"
    mended = amend(
        actor=CLERK, draft=draft.pk, version=returned.version,
        notice=notice("death", people=(member(home[2]),), event_on=day(2026, 5, 14)),
    )  # fmt: skip
    decide(actor=CHIEF, draft=draft.pk, version=mended.version)
    assert newest(home[2]).removed_on == day(2026, 5, 14)


def test_a_stale_page_decides_nothing(home: list[Any]) -> None:
    draft = entered("death", people=(member(home[2]),))
    amend(actor=CLERK, draft=draft.pk, version=1, notice=notice("death", people=(member(home[3]),)))
    with pytest.raises(Refused) as refused:
        decide(actor=CHIEF, draft=draft.pk, version=1)
    assert refused.value.code == "stale"


def test_an_entry_is_decided_once(home: list[Any]) -> None:
    draft = entered("death", people=(member(home[2]),))
    decide(actor=CHIEF, draft=draft.pk)
    for again in (decide, withdraw):
        with pytest.raises(Refused) as refused:
            again(actor=CHIEF, draft=draft.pk)
        assert refused.value.code == "already_ended"


def test_whether_the_same_clerk_may_decide_is_up_to_the_municipality(home: list[Any]) -> None:
    draft = entered("death", people=(member(home[2]),))
    with pytest.raises(Refused) as refused:
        decide(actor=CLERK, draft=draft.pk)
    assert refused.value.code == "own_entry"
    change_settings(actor=CHIEF, may_decide_own=True, lease_minutes=20)
    assert decide(actor=CLERK, draft=draft.pk)


@pytest.mark.clause(f"{V1}#4.0.8/n1")
def test_no_table_of_the_register_says_who_decided(home: list[Any]) -> None:
    columns = {field.name for model in (ResidentEvent, Draft, ResidentRecord) for field in model._meta.fields}
    assert [name for name in columns if "decid" in name] == []


@pytest.mark.clause(f"{V1}#10.3/m9")
def test_while_one_enters_others_only_view(home: list[Any]) -> None:
    lease = open_entry(actor=CLERK, people=[row.addressee_id for row in home])
    assert lease.expires_at == clock.now() + timedelta(minutes=20)
    with pytest.raises(Refused) as refused:
        open_entry(actor=CHIEF, people=[home[3].addressee_id])
    assert refused.value.code == "leased"
    with pytest.raises(Refused) as refused:
        enter(actor=CHIEF, notice=notice("death", people=(member(home[2]),)))
    assert refused.value.code == "leased"
    assert inquiry.person(home[3].addressee.number)
    enter(actor=CLERK, notice=notice("death", people=(member(home[2]),)), lease=lease.token)
    assert not Lease.objects.exists()


def test_a_lease_that_ran_out_enters_nothing_and_is_free_for_others(home: list[Any]) -> None:
    lease = open_entry(actor=CLERK, people=[row.addressee_id for row in home])
    with clock.stopped_at(clock.now() + timedelta(minutes=20)):
        with pytest.raises(Refused) as refused:
            enter(actor=CLERK, notice=notice("death", people=(member(home[2]),)), lease=lease.token)
        assert refused.value.code == "lease_ran_out"
        taken = open_entry(actor=CHIEF, people=[home[2].addressee_id])
    assert taken.token != lease.token


def test_a_lease_given_back_is_free_at_once(home: list[Any]) -> None:
    lease = open_entry(actor=CLERK, people=[home[0].addressee_id])
    release_entry(actor=CHIEF, token=lease.token)
    assert Lease.objects.exists()
    release_entry(actor=CLERK, token=lease.token)
    assert not Lease.objects.exists()


def test_every_decided_act_is_told_once_with_ids_only(home: list[Any]) -> None:
    event = act("death", people=(member(home[2]),))
    told = OutboxEvent.objects.order_by("-pk")[0]
    assert (told.topic, told.payload) == ("residents.event", {"event": event.pk, "act": "death"})
    assert told.subjects == [home[2].addressee_id]
    assert OutboxEvent.objects.count() == 2


def test_an_act_on_a_register_that_changed_in_the_meantime_goes_back(home: list[Any]) -> None:
    """Nothing but the removal of announced movers gets past the claims; that is what a decision must notice."""
    draft = entered("minor_correction", people=(member(home[2], alias="イチ"),))
    Draft.objects.filter(pk=draft.pk).update(digest="0" * 64)
    with pytest.raises(Refused) as refused:
        decide(actor=CHIEF, draft=draft.pk)
    assert refused.value.code == "register_changed"


@pytest.mark.clause("resident-record/1.0#7.1.1.1/m2")
def test_the_outbox_keeps_the_order_of_the_acts(town: int, may: None) -> None:
    """Whoever sends them on, by whatever way and whenever, reads them in the order in which they were decided."""
    rows = people_of(act("move_in", people=family()))
    events = [
        rows[0].event,
        act("minor_correction", people=(member(rows[0], alias="タロ"),), event_on=day(2026, 5, 18)),
    ]
    events.append(act("move_out", people=(member(rows[0]),), place=ELSEWHERE, event_on=day(2026, 5, 19)))
    told = OutboxEvent.objects.filter(topic="residents.event", subjects__contains=[rows[0].addressee_id]).order_by("pk")
    assert [one.payload["event"] for one in told] == [event.pk for event in events]
