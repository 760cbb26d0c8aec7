"""The monthly counts and the lists of deadlines in a real browser (月報と届出期限のブラウザでの試験)."""

from datetime import datetime
from typing import Any

import pytest

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.tests.acting import ELSEWHERE, PLACE, act, child, day, member, newcomer_said, people_of

from .browsing import Town, sign_in, visit

pytestmark = pytest.mark.browser
PATHS = ["/statistics/months?month=2026-11", "/deadlines?month=2026-11", "/deadlines/arrivals?month=2026-11"]


@pytest.fixture
def told_late(two_towns: str) -> None:
    """A family that came on 1 November and said so on the 24th; one left on the 20th. Made before the browser runs."""
    with wall.within(TOWN), clock.stopped_at(datetime(2026, 11, 24, 10, tzinfo=clock.TOKYO)):
        came = (newcomer_said(serial=9_000_001), child(serial=9_000_002), child("甲野　四郎", serial=9_000_003))
        people = people_of(act("move_in", people=came, event_on=day(2026, 11, 1)))
        act("move_out", people=(member(people[2]),), event_on=day(2026, 11, 20), place=ELSEWHERE)
        rest = tuple(member(person) for person in people[:2])
        act("move_within", people=rest, event_on=day(2026, 11, 2), place=PLACE | {"lot": "９番地"})


def test_counts_and_deadlines_are_accessible(told_late: None, page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    # The choice of months ends with today's: whatever the day on which this runs, November 2026 may lie ahead.
    without_choice = [path.partition("?")[0] for path in PATHS]
    assert visit(page, served, [*PATHS, *without_choice]) == []
