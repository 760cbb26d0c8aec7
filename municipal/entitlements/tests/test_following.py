"""Moving out and death end entitlements by themselves, and their cancellation brings them back (異動への追随の試験)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from conftest import TOWN
from municipal.core import clock
from municipal.entitlements.models import Cause, Entitlement, State
from municipal.entitlements.operations import REGISTER, end, follow_register
from municipal.municipalities import wall
from municipal.office.models import Delivery
from municipal.office.outbox import deliver_next
from municipal.residents.models import ResidentEvent
from municipal.residents.tests.acting import ACTS_ON, ELSEWHERE, act, day, family, member, people_of

from .acting import ALLOWANCE, CLERK, allowance, granted, now

LEFT = day(2026, 5, 15)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


@pytest.fixture
def home(committed_db: str) -> list[Any]:
    """A couple and two children; the mother holds the allowance of both, the father a certification."""
    with wall.within(TOWN):
        rows = people_of(act("move_in", people=family()))
        for child in rows[2:]:
            allowance(rows[1].addressee, child.addressee, "2026-01-01")
        granted(rows[0].addressee, first=date(2026, 1, 10))
    _delivered()
    return rows


def _delivered() -> None:
    with wall.within(TOWN):
        while deliver_next():
            pass
        assert not Delivery.objects.exclude(state=Delivery.State.DONE).exists()


def _left(rows: list[Any], what: str, **said: Any) -> ResidentEvent:
    with wall.within(TOWN):
        event = act(what, people=tuple(member(row) for row in rows), event_on=LEFT, **said)
    _delivered()
    return event


def _held(kind: str) -> list[tuple[str, str, str]]:
    """State, last day and cause of what holds now."""
    with wall.within(TOWN):
        rows = Entitlement.objects.filter(kind=kind, recorded__endswith__isnull=True).order_by("number")
        return [(row.state, str(row.ends_on or ""), row.cause) for row in rows]


def test_death_ends_what_the_dead_held_and_its_cancellation_brings_it_back(home: list[Any]) -> None:
    event = _left(home[1:2], "death", basis="family_register")
    assert _held(ALLOWANCE) == [("ended", "2026-05-31", "died")] * 2
    assert _held("care-certification") == [("granted", "", "decided")]
    with wall.within(TOWN):
        again = follow_register(actor=REGISTER, people=[home[1].addressee_id])
        assert again == 0
        act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20), basis="application")
    _delivered()
    assert _held(ALLOWANCE) == [("granted", "", "reopened")] * 2


def test_a_child_that_leaves_ends_its_own_allowance_only(home: list[Any]) -> None:
    _left(home[2:3], "death", basis="family_register")
    assert [row[0] for row in _held(ALLOWANCE)] == [State.ENDED, State.GRANTED]


def test_what_a_clerk_ended_stays_ended_whatever_the_register_says(home: list[Any]) -> None:
    with wall.within(TOWN):
        one = Entitlement.objects.get(kind="care-certification")
        end(actor=CLERK, number=one.number, last=date(2026, 3, 31), reason="非該当")
        assert follow_register(actor=REGISTER, people=[one.person_id]) == 0
        assert (now(one).state, now(one).cause) == (State.ENDED, Cause.CLERK)


def test_who_moves_out_keeps_the_allowance_until_the_end_of_the_month(home: list[Any]) -> None:
    _left(home, "move_out", place=ELSEWHERE)
    allowances, care = _held(ALLOWANCE), _held("care-certification")
    assert allowances == [("ended", "2026-05-31", "moved_out")] * 2
    assert care == [("ended", "2026-05-15", "moved_out")]
