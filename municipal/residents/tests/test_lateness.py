"""Notices are late from the day after the last one, which a closed office moves on (届出期限の一覧の試験)."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.municipalities import wall
from municipal.residents import lateness
from municipal.residents.lateness import Late, late, not_arrived
from municipal.residents.models import ResidentEvent
from municipal.residents.tasks import remove_announced_everywhere, remove_announced_here
from municipal.residents.tests.acting import ELSEWHERE, act, day, family, member, newcomer_said, newest, people_of
from municipal.residents.tests.test_foreigners import comes

MAY = date(2026, 5, 1)


def at(day: date) -> Any:
    return clock.stopped_at(datetime(day.year, day.month, day.day, 10, tzinfo=clock.TOKYO))


def came(on: date, told: date, serial: int = 1) -> ResidentEvent:
    """Somebody moved in on one day and said so on another."""
    with at(told):
        said = newcomer_said(f"甲野　{serial}", serial=serial)
        return act("move_in", people=(said,), event_on=RegisterDate.exact(on), notified_on=told)


def found(first: date, name: str = "") -> list[tuple[int, date, int]]:
    return [(one.event.pk, one.last_day, one.days_late) for one in late(first, name)]


@pytest.mark.parametrize(
    ("on", "last"),
    [
        (date(2026, 5, 7), date(2026, 5, 21)),  # the 14th day is a Thursday
        (date(2026, 5, 9), date(2026, 5, 25)),  # the 14th day is a Saturday: Monday
        (date(2026, 5, 10), date(2026, 5, 25)),  # a Sunday: Monday
        (date(2026, 4, 20), date(2026, 5, 7)),  # 4 May, in the holidays: Thursday the 7th
        (date(2025, 12, 15), date(2026, 1, 5)),  # 29 December: the first open day of the year is Monday the 5th
        (date(2025, 12, 20), date(2026, 1, 5)),  # 3 January, a Saturday
    ],
)
def test_the_last_day_is_in_time_and_the_day_after_is_late(town: int, on: date, last: date) -> None:
    came(on, last, serial=1)
    too_late = came(on, last + timedelta(days=1), serial=2)
    first = (last + timedelta(days=1)).replace(day=1)
    assert found(first) == [(too_late.pk, last, 1)]


def test_a_move_out_is_late_when_it_is_told_after_leaving(town: int) -> None:
    with at(date(2026, 5, 1)):
        people = people_of(act("move_in", people=family(), event_on=day(2026, 4, 30)))
    with at(date(2026, 5, 20)):
        act("move_out", people=(member(people[2]),), event_on=day(2026, 5, 20), place=ELSEWHERE)
        told_late = act("move_out", people=(member(people[3]),), event_on=day(2026, 5, 17), place=ELSEWHERE)
    assert found(MAY) == [(told_late.pk, date(2026, 5, 17), 3)]


def test_from_the_15th_day_a_move_out_is_ex_officio_and_still_late(town: int) -> None:
    with at(date(2026, 5, 1)):
        people = people_of(act("move_in", people=family(), event_on=day(2026, 4, 30)))
    with at(date(2026, 5, 29)):
        event = act("move_out", people=(member(people[3]),), event_on=day(2026, 5, 10), place=ELSEWHERE)
    assert event.document == "equivalent_certificate"
    assert found(MAY) == [(event.pk, date(2026, 5, 10), 19)]


def test_nobody_has_to_tell_of_a_death_or_of_what_is_done_ex_officio(town: int) -> None:
    with at(date(2026, 4, 1)):
        people = people_of(act("move_in", people=family(), event_on=day(2026, 4, 1)))
    with at(date(2026, 5, 28)):
        act("death", people=(member(people[0]),), event_on=day(2026, 4, 10))
        new_head = (member(people[1]),)
        act("householder_change", people=new_head, event_on=day(2026, 4, 11), notified_on=None, basis="ex_officio")
    assert found(MAY) == []


def test_a_cancelled_act_is_not_late_any_more(town: int) -> None:
    event = came(date(2026, 4, 1), date(2026, 5, 20))
    assert len(found(MAY)) == 1
    with at(date(2026, 5, 21)):
        act("cancellation", cancels=event.pk, event_on=day(2026, 5, 21), basis="application")
    assert found(MAY) == []


def test_the_list_is_of_one_month_and_of_one_act_if_asked(town: int) -> None:
    event = came(date(2026, 4, 1), date(2026, 5, 20))
    assert found(date(2026, 6, 1)) == found(date(2026, 4, 1)) == []
    assert len(found(MAY, "move_in")) == 1
    assert found(MAY, "move_within") == found(MAY, "death") == []
    assert isinstance(late(MAY)[0], Late)
    assert late(MAY)[0].event == event


@pytest.fixture
def leaving(town: int) -> list[Any]:
    """A couple and two children; the elder child announced to leave on 25 May."""
    with at(date(2026, 5, 1)):
        people = people_of(act("move_in", people=family(), event_on=day(2026, 4, 30)))
    with at(date(2026, 5, 18)):
        act("move_out", people=(member(people[2]),), event_on=day(2026, 5, 25), place=ELSEWHERE)
    return people


def missing(on: date) -> list[tuple[str, int, bool]]:
    with at(on):
        return [(one.record.name, one.days, one.is_still_here) for one in not_arrived(MAY)]


def test_who_left_and_has_not_arrived_is_listed_from_the_day_on(leaving: list[Any]) -> None:
    assert missing(date(2026, 5, 24)) == []
    assert missing(date(2026, 5, 25)) == [("甲野　一郎", 0, True)]
    with at(date(2026, 5, 25)):
        remove_announced_here(TOWN)
    assert missing(date(2026, 6, 8)) == [("甲野　一郎", 14, False)]
    with at(date(2026, 6, 9)):
        act("arrival_notice", people=(member(leaving[2]),), event_on=day(2026, 5, 26), notified_on=date(2026, 6, 9),
            basis="municipality", place=ELSEWHERE)  # fmt: skip
    assert missing(date(2026, 6, 9)) == []


def test_who_left_for_abroad_is_reported_by_nobody_and_not_missed(leaving: list[Any]) -> None:
    with at(date(2026, 5, 27)):
        act("move_out", people=(member(leaving[3]),), event_on=day(2026, 5, 26), place={"country": "大韓民国"})
    assert [name for name, _, _ in missing(date(2026, 5, 30))] == ["甲野　一郎"]


def test_the_hourly_removal_runs_in_every_town_and_leaves_no_trace_where_nobody_left(two_towns: str) -> None:
    def removals(town: int) -> int:
        with wall.within(town):
            return Entry.objects.filter(act="residents.remove_announced").count()

    with at(date(2026, 11, 29)):
        remove_announced_everywhere()
        assert removals(TOWN) == removals(OTHER_TOWN) == 0
    # In every made-up town somebody leaves on the 30th, a week after the town's day.
    with at(date(2026, 11, 30)):
        remove_announced_everywhere()
        remove_announced_everywhere()
        assert removals(TOWN) == removals(OTHER_TOWN) == 1
        out = io.StringIO()
        call_command("remove_announced", stdout=out)
        assert out.getvalue().splitlines() == ["架空市: 0", "模擬町: 0"]
    with wall.within(TOWN):
        event = ResidentEvent.objects.get(act="removal_of_announced")
        assert newest(event.records.get()).status == "2"


@pytest.mark.clause("resident-record/1.0#4.1.3.1.4/m1", "resident-record/1.0#4.1.3.1.4/m2")
def test_whoever_was_removed_ex_officio_is_awaited_too_until_the_notice_comes(town: int) -> None:
    with at(date(2026, 5, 20)):
        rows = people_of(act("move_in", people=family(), event_on=day(2026, 4, 30)))
        gone = (member(rows[2]),)
        act("removal_ex_officio", people=gone, event_on=day(2026, 5, 15), basis="ex_officio")
        left = (member(rows[3]),)
        act("move_out", people=left, place=ELSEWHERE, event_on=day(2026, 5, 18))
    with at(date(2026, 5, 25)):
        found = not_arrived(MAY)
        assert [(one.record.addressee, one.gone_on, one.days, one.was_removed) for one in found] == [
            (rows[2].addressee, date(2026, 5, 15), 10, True), (rows[3].addressee, date(2026, 5, 18), 7, False),
        ]  # fmt: skip
        act("arrival_notice", people=gone, place=ELSEWHERE, event_on=day(2026, 5, 3), basis="municipality")
        assert [one.record.addressee for one in not_arrived(MAY)] == [rows[3].addressee]
        act("arrival_notice", people=left, place=ELSEWHERE, event_on=day(2026, 5, 18), basis="municipality")
        assert not_arrived(MAY) == []


def test_nobody_is_awaited_who_lost_the_residence_status(town: int) -> None:
    with at(date(2026, 5, 20)):
        row = comes()
        act("immigration_removal", people=(member(row),), event_on=day(2026, 5, 15), basis="immigration")
        assert not_arrived(MAY) == []


def test_acts_with_a_deadline_are_those_of_the_law() -> None:
    assert len(lateness.ACTS) == 12
