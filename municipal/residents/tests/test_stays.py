"""A history stops at the stay (在住の区切りの試験)."""

from datetime import datetime
from typing import Any

import pytest

from municipal.core import clock
from municipal.residents import inquiry
from municipal.residents.stays import stays

from .acting import ACTS_ON, ELSEWHERE, PLACE, act, day, member, newcomer_said, newest, people_of


def on(month: int, of_month: int) -> Any:
    return clock.stopped_at(datetime(2026, month, of_month, 10, tzinfo=clock.TOKYO))


def reasons(person: Any) -> list[list[str]]:
    return [[row.reason for row in part] for part in stays(inquiry.history(person))]


@pytest.mark.clause("resident-record/1.0#2.2.1/n1", "resident-record/1.0#2.2.1/m2")
def test_who_came_back_has_two_histories_and_never_one(town: int) -> None:
    with clock.stopped_at(ACTS_ON):
        row = people_of(act("move_in", people=(newcomer_said(),)))[0]
    with on(6, 15):
        act("move_out", people=(member(row),), event_on=day(2026, 6, 10), place=ELSEWHERE)
    with on(9, 10):
        said = newcomer_said(resident_code=newest(row).resident_code)
        back = type(said)(row.addressee.number, dict(said.items))
        act("move_in", people=(back,), event_on=day(2026, 9, 8))
    with on(10, 10):
        act("move_within", people=(member(row),), event_on=day(2026, 10, 5), place=PLACE | {"lot": "９番地"})
    first, second = reasons(row.addressee)
    assert first[0] == "move_in"
    assert "move_out" in first[-1]
    assert second == ["move_in", "move_within"]
    assert sum(map(len, (first, second))) == inquiry.history(row.addressee).count()


@pytest.mark.clause("resident-record/1.0#2.2.1/n1")
def test_a_cancelled_departure_goes_on_with_the_same_stay(town: int) -> None:
    with clock.stopped_at(ACTS_ON):
        row = people_of(act("move_in", people=(newcomer_said(),)))[0]
    with on(6, 15):
        left = act("move_out", people=(member(row),), event_on=day(2026, 6, 10), place=ELSEWHERE)
    with on(6, 20):
        act("cancellation", cancels=left.pk)
    assert newest(row).status == "1"
    assert len(reasons(row.addressee)) == 1
