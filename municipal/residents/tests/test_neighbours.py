"""Certificate data travel between made-up towns, and the notice of arrival comes back (研修用の住基ネットの試験)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.residents.acts import unconfirmed
from municipal.residents.models import Received
from municipal.residents.neighbours import TAKEN_BACK, tell_neighbours
from municipal.residents.operations import decide, enter, preview
from municipal.residents.received import notice_of, waiting

from .acting import CHIEF, CLERK, act, day, family, member, people_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
THERE = {"prefecture": "架空県", "city": "模擬町", "block": "本通"}


def left(place: dict[str, str] = THERE) -> tuple[list[Any], Any]:
    with wall.within(TOWN):
        rows = people_of(act("move_in", people=family()))
        return rows, act("move_out", people=tuple(map(member, rows)), place=place, event_on=day(2026, 5, 25))


def arrived(kind: str = "", town: int = OTHER_TOWN) -> list[Received]:
    with wall.within(town):
        return list(waiting(kind))


def test_who_leaves_for_a_neighbour_is_known_there_once() -> None:
    left()
    assert tell_neighbours(TOWN) == 4
    assert tell_neighbours(TOWN) == 0
    rows = arrived("move_out")
    assert {row.sender for row in rows} == {"架空市"}
    notices = [notice_of(row) for row in rows]
    heads = [one for notice in notices for one in notice.people if one.items["relationship"] == "世帯主"]
    assert [one.items["name"] for one in heads] == ["甲野　太郎"]
    assert {notice.planned_on.isoformat() for notice in notices if notice.planned_on} == {"2026-05-25"}
    assert notices[0].came_from["block"] == "松町"


def test_who_leaves_for_anywhere_else_or_from_a_real_town_is_not_told_of() -> None:
    left({"prefecture": "見本県", "city": "見本市"})
    assert tell_neighbours(TOWN) == 0
    assert tell_neighbours(TOWN + 1) == 0
    assert arrived() == []


def test_nothing_is_told_of_a_household_with_a_protected_member() -> None:
    rows, _event = left()
    with wall.within(TOWN):
        person = Addressee.objects.get(pk=rows[2].addressee_id)
        protect(actor=System(), addressee=person, starts_on=date(2026, 5, 1), ends_on=None, is_own=True)
    assert tell_neighbours(TOWN) == 0
    assert arrived() == []


def test_a_cancelled_move_out_is_taken_back_there() -> None:
    _rows, event = left()
    tell_neighbours(TOWN)
    with wall.within(TOWN):
        act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20), basis="application")
    assert tell_neighbours(TOWN) == 0
    assert arrived() == []
    with wall.within(OTHER_TOWN):
        assert set(Received.objects.values_list("closed_because", flat=True)) == {TAKEN_BACK}


def test_who_arrived_is_told_back_and_leaves_nobody_counted_twice() -> None:
    with wall.within(TOWN):
        rows = people_of(act("move_in", people=family()))
        act("move_out", people=tuple(map(member, rows)), place=THERE, event_on=day(2026, 5, 18))
    tell_neighbours(TOWN)
    with wall.within(OTHER_TOWN):
        head = next(row for row in waiting() if row.said["relationship"] == "世帯主")
        notice = replace(notice_of(head), event_on=day(2026, 5, 19), place=THERE | {"lot": "１番地"})
        notice = notice.confirming(*(alert.code for alert in unconfirmed(preview(notice), notice)))
        decide(actor=CHIEF, draft=enter(actor=CLERK, notice=notice).pk)
        assert len(arrived()) == 3
    assert tell_neighbours(OTHER_TOWN) == 1
    assert tell_neighbours(OTHER_TOWN) == 0
    (back,) = arrived("arrival", TOWN)
    assert (back.said["city"], back.addressee_id) == ("模擬町", rows[0].addressee_id)
