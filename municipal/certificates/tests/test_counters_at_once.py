"""Several counters issue at the same moment: every copy has a number of its own (同時発行の試験)."""

from collections import Counter
from typing import Any

import pytest

from conftest import TOWN
from municipal.certificates.models import CertificateCopy
from municipal.certificates.operations import dispose, hand_out, issue
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.tests.acting import ACTS_ON, ELSEWHERE, act, day, family, member, people_of
from municipal.residents.tests.test_clerks_at_once import at_once

from .issuing import asked, issued, ready


@pytest.fixture
def home(committed_db: str) -> list[Any]:
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        ready()
        return people_of(act("move_in", people=family(), event_on=day(2026, 4, 1)))


@pytest.mark.clause("resident-record/1.0#5.5/m5")
def test_numbers_are_given_once_over_all_counters(home: list[Any]) -> None:
    wanted = asked("household_copy", *home, copies=3)
    assert at_once(*[lambda actor: issue(actor=actor, asked=wanted)] * 5) == Counter({"done": 5})
    with wall.within(TOWN):
        assert sorted(CertificateCopy.objects.values_list("serial", flat=True)) == list(range(1, 16))


def test_a_copy_is_disposed_of_once_and_a_document_handed_out_once(home: list[Any]) -> None:
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        copy = issued("household_copy", *home).copies.get()
        event = act("move_out", people=(member(home[1]),), event_on=day(2026, 6, 30), place=ELSEWHERE)
    spoilt = at_once(*[lambda actor: dispose(actor=actor, copy=copy, reason="印刷の失敗")] * 3)
    assert spoilt == Counter({"done": 1, "copy_is_disposed_of_once": 2})
    assert at_once(*[lambda actor: hand_out(actor=actor, event=event)] * 3) == Counter({"done": 3})
    with wall.within(TOWN):
        assert CertificateCopy.objects.filter(issue__event=event.pk).count() == 1
