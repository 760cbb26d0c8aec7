"""Many clerks at once: one entry, one decision, one lease, and nobody waits for ever (同時入力の試験)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from conftest import TOWN
from municipal.audit.verification import verify
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.models import Claim, Draft, Household, Lease, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.operations import amend, decide, enter, open_entry, withdraw

from .acting import ACTS_ON, act, day, entered, family, home_of, member, newcomer_said, newest, notice, people_of

ONE_ONLY = {"one_open_entry_for_a_person", "one_open_entry_for_a_household"}
Deed = Callable[[System], Any]


def clerk(number: int) -> System:
    return System(actor_kind="staff", actor_id=100 + number)


def entering(wanted: Notice) -> Deed:
    return lambda actor: enter(actor=actor, notice=wanted)


def deciding(draft: int) -> Deed:
    return lambda actor: decide(actor=actor, draft=draft, version=1)


def opening(people: list[int]) -> Deed:
    return lambda actor: open_entry(actor=actor, people=people)


def at_once(*deeds: Deed) -> Counter[str]:
    """Everybody starts at the same moment, each on an own connection: how often "done" and each refusal's code came."""
    gate = Barrier(len(deeds))

    def one(number: int) -> str:
        try:
            with clock.stopped_at(ACTS_ON), wall.within(TOWN):
                gate.wait(timeout=30)
                deeds[number](clerk(number))
            return "done"
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(one, range(len(deeds)), timeout=60))


@pytest.fixture
def household(committed_db: str) -> list[ResidentRecord]:
    """Four people whose household nobody else touches yet."""
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        return people_of(act("move_in", people=family(), event_on=day(2026, 4, 1)))


def counted() -> dict[str, int]:
    with wall.within(TOWN):
        models = (Draft, Claim, Lease, ResidentEvent, ResidentRecord, Household)
        return {model.__name__: model._default_manager.count() for model in models}


def different_acts(household: list[ResidentRecord]) -> list[Deed]:
    """Three acts on one household that share no person, and one that takes them all."""
    wanted = [
        notice("death", people=(member(household[3]),), basis="family_register"),
        notice("move_out", people=(member(household[2]),)),
        notice("household_split", people=(member(household[1], relationship="世帯主"),)),
        notice("move_out", people=tuple(map(member, household))),
    ]
    return list(map(entering, wanted))


@pytest.mark.clause("resident-record/1.0#10.3/m9")
@pytest.mark.parametrize("clients", [2, 8, 32])
def test_of_all_who_enter_on_one_household_one_succeeds(household: list[ResidentRecord], clients: int) -> None:
    with clock.stopped_at(ACTS_ON):
        deeds = different_acts(household)
    ended = at_once(*(deeds[number % 4] for number in range(clients)))
    assert ended.pop("done") == 1
    assert set(ended) <= ONE_ONLY
    assert ended.total() == clients - 1
    found = counted()
    assert (found["Draft"] - 1, found["ResidentEvent"], found["ResidentRecord"]) == (1, 1, 4)
    assert verify(TOWN).is_sound


@pytest.mark.clause("resident-record/1.0#4.0.8/m2")
def test_one_entry_decided_by_eight_is_one_event(household: list[ResidentRecord]) -> None:
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        draft = entered("move_in", people=(newcomer_said("乙川　次郎", serial=9),)).pk
    ended = at_once(*[deciding(draft)] * 8)
    assert ended == {"done": 1, "already_ended": 7}
    found = counted()
    assert (found["ResidentEvent"], found["ResidentRecord"], found["Household"], found["Claim"]) == (2, 5, 2, 0)


def test_a_decision_and_a_withdrawal_at_once_leave_one_of_the_two(household: list[ResidentRecord]) -> None:
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        draft = entered("move_out", people=(member(household[2]),)).pk
    ended = at_once(
        deciding(draft),
        lambda actor: withdraw(actor=actor, draft=draft, version=1),
    )
    assert ended == {"done": 1, "already_ended": 1}
    with wall.within(TOWN):
        state = Draft.objects.get(pk=draft).state
        assert ResidentEvent.objects.count() == (2 if state == "decided" else 1)


@pytest.mark.clause("resident-record/1.0#10.3/m9")
def test_of_eight_who_open_one_household_one_gets_it(household: list[ResidentRecord]) -> None:
    people = [one.addressee_id for one in household]
    ended = at_once(*[opening(people)] * 8)
    assert ended == {"done": 1, "leased": 7}
    with wall.within(TOWN):
        leases = list(Lease.objects.values_list("addressee", "held_by_id"))
    assert sorted(one for one, _ in leases) == sorted(people)
    assert len({holder for _, holder in leases}) == 1


def test_opening_in_opposite_orders_never_locks_up(household: list[ResidentRecord]) -> None:
    people = [one.addressee_id for one in household]
    ended = at_once(*map(opening, (people, people[::-1]) * 4))
    assert ended == {"done": 1, "leased": 7}


@pytest.fixture
def two_homes(household: list[ResidentRecord]) -> list[ResidentRecord]:
    """The heads of two households at one address, each with a lodger."""
    heads = [household[0]]
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        others = [
            newcomer_said("乙川　次郎", serial=11, born_on=day(1970, 1, 1)),
            newcomer_said("乙川　三郎", serial=12, born_on=day(1971, 1, 1), relationship="同居人"),
        ]
        return heads + people_of(act("move_in", people=tuple(others), event_on=day(2026, 4, 1)))


def crossing(two_homes: list[ResidentRecord], household: list[ResidentRecord]) -> list[Notice]:
    """One of either household moves to the other: both acts take both households, each from its own side."""
    with wall.within(TOWN):
        here, there = home_of(newest(household[0])).number, home_of(newest(two_homes[1])).number
    lodger = {"relationship": "同居人"}
    return [
        notice("household_transfer", people=(member(household[3], **lodger),), joins=there),
        notice("household_transfer", people=(member(two_homes[2], **lodger),), joins=here),
    ]


def test_entries_that_cross_between_two_households_never_lock_up(
    household: list[ResidentRecord], two_homes: list[ResidentRecord]
) -> None:
    with clock.stopped_at(ACTS_ON):
        wanted = crossing(two_homes, household)
    for _ in range(3):
        ended = at_once(*map(entering, wanted * 4))
        assert ended.pop("done") == 1
        assert set(ended) <= ONE_ONLY
        with clock.stopped_at(ACTS_ON), wall.within(TOWN):
            withdraw(actor=clerk(0), draft=Draft.objects.get(state="waiting").pk)


def test_decisions_on_two_households_at_once_both_stand(
    household: list[ResidentRecord], two_homes: list[ResidentRecord]
) -> None:
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        drafts = [
            entered("move_out", people=(member(household[2]), member(household[3]))).pk,
            entered("move_out", people=(member(two_homes[2]),)).pk,
            *(entered("move_in", people=(newcomer_said(f"丙山　{n}", serial=n, born_on=day(1980, 1, n)),)).pk
              for n in range(20, 26)),
        ]  # fmt: skip
    ended = at_once(*map(deciding, drafts))
    assert ended == {"done": 8}
    with wall.within(TOWN):
        numbers = list(Household.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 8
    assert verify(TOWN).is_sound


def test_two_entries_amended_into_each_others_people_never_lock_up(household: list[ResidentRecord]) -> None:
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        letters = [notice("minor_correction", people=(member(one, remarks="確認"),)) for one in household[1:3]]
        drafts = [enter(actor=clerk(0), notice=one).pk for one in letters]
    for _ in range(3):
        ended = at_once(
            lambda actor: amend(actor=actor, draft=drafts[0], notice=letters[1], version=1),
            lambda actor: amend(actor=actor, draft=drafts[1], notice=letters[0], version=1),
        )
        assert ended == {"one_open_entry_for_a_person": 2}
