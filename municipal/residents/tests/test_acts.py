"""The acts of a life, from entry to decision (異動の試験)."""

from datetime import date, datetime

import pytest

from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import ACTS_ON, act, child, family, member, newcomer_said, people_of

pytestmark = pytest.mark.django_db


def test_four_people_move_in_by_one_notice(town: int) -> None:
    with clock.stopped_at(ACTS_ON):
        event = act("move_in", people=family())
    rows = list(ResidentRecord.objects.filter(event=event).order_by("member_order"))
    assert [row.name for row in rows] == ["甲野　太郎", "甲野　花子", "甲野　一郎", "甲野　二子"]
    assert len({row.household_id for row in rows}) == 1
    assert [row.head_name for row in rows] == ["甲野　太郎"] * 4
    assert {row.reason for row in rows} == {"move_in"}
    assert [row.serial for row in rows] == [1] * 4
