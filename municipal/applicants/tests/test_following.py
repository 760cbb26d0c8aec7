"""What the counter does reaches the cards by itself: whole acts, through the outbox (異動への追随の試験)."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from conftest import TOWN
from municipal.applicants.models import Card, Delegation
from municipal.applicants.operations import delegate
from municipal.applicants.operations.cards import in_force_of
from municipal.applicants.rules import Kind
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office.models import Delivery
from municipal.office.outbox import deliver_next
from municipal.residents.tests.acting import ACTS_ON, PLACE, act, day, family, member, people_of

from .holding import CLERK, card_of

MOVED = day(2026, 5, 15)
THERE = {**PLACE, "block": "竹町", "lot": "８番地"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(ACTS_ON):
        yield


@pytest.fixture
def cards(committed_db: str) -> list[Card]:
    """A couple with a card each, and their two children without."""
    with wall.within(TOWN):
        home = people_of(act("move_in", people=family()))
        made = [card_of(row.addressee) for row in home[:2]]
    _delivered()
    return made


def _delivered() -> None:
    with wall.within(TOWN):
        while deliver_next():
            pass
        assert not Delivery.objects.exclude(state=Delivery.State.DONE).exists()


def _acted(name: str, card: Card, items: Mapping[str, Any] | None = None, **said: Any) -> None:
    """One person's act, and the news of it brought to everybody."""
    with wall.within(TOWN):
        act(name, people=(member(card.holder.records.latest("serial"), **items or {}),), **said)
    _delivered()


def _in_force(cards: list[Card]) -> list[list[str]]:
    with wall.within(TOWN):
        return [sorted(one.use for one in in_force_of([card.holder_id])) for card in cards]


def test_a_move_within_the_town_ends_the_mover_s_signature_and_nobody_else_s(cards: list[Card]) -> None:
    assert _in_force(cards) == [["signature", "user"]] * 2
    _acted("move_within", cards[1], {"relationship": "世帯主"}, place=THERE, event_on=MOVED)
    assert _in_force(cards) == [["signature", "user"], ["user"]]


def test_a_death_entered_at_the_counter_ends_the_card_and_what_was_delegated(cards: list[Card]) -> None:
    with wall.within(TOWN):
        made = delegate(actor=CLERK, principal=cards[1].holder, kind=Kind.FAMILY, until=clock.today())
    _acted("death", cards[1], event_on=MOVED, basis="family_register")
    assert _in_force(cards) == [["signature", "user"], []]
    with wall.within(TOWN):
        assert Delegation.objects.get(pk=made.delegation.pk).ended_because == "dead"
