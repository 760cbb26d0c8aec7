"""The monthly counts balance, whatever is entered late, corrected or cancelled (人口の月報の試験)."""

import io
import json
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents import counts
from municipal.residents.models import Period, ResidentRecord
from municipal.residents.operations import enter_record, remove_announced
from municipal.residents.tests.acting import (
    CHIEF,
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    family,
    member,
    newcomer_said,
    newest,
    people_of,
)
from municipal.residents.times import end_of

pytestmark = pytest.mark.django_db
MAN, WOMAN = ("1", "1"), ("1", "2")


def at(year: int, month: int, of_month: int) -> Any:
    return clock.stopped_at(datetime(year, month, of_month, 10, tzinfo=clock.TOKYO))


@pytest.fixture
def home(town: int) -> list[Any]:
    """Four people who came on 11 March and were entered on the 12th."""
    with at(2026, 3, 12):
        return people_of(act("move_in", people=family(), event_on=day(2026, 3, 11)))


def said(movements: tuple[counts.Movement, ...]) -> dict[str, dict[Any, int]]:
    return {movement.reason: dict(movement.by_cell) for movement in movements}


def balanced(*months: int) -> list[counts.Month]:
    """These months of 2026, each of which follows from the one before."""
    with at(2026, 12, 31):
        found = [counts.month(2026, number) for number in months]
    assert all(month.is_balanced for month in found)
    return found


def test_a_year_is_counted_in_three_statements_and_is_its_months_one_by_one(home: list[Any]) -> None:
    with at(2026, 4, 10):
        act("death", people=(member(home[1]),), event_on=day(2026, 3, 31))
    with at(2026, 6, 20):
        firsts = [date(2026, number, 1) for number in range(1, 7)]
        with CaptureQueriesContext(connection) as asked:
            found = counts.months(firsts)
        singly = tuple(counts.month(2026, number) for number in range(1, 7))
    assert len(asked) == 3
    assert found == singly
    # By another way: the day's periods, asked for one day at a time.
    for one in found:
        held = Period.objects.filter(is_registered=True, valid__contains=one.as_of)
        held = held.filter(recorded__contains=end_of(one.as_of))
        assert (one.stock.total(), one.households) == (held.count(), held.values("household").distinct().count())
    assert [one.stock.total() for one in found] == [0, 0, 4, 3, 3, 3]
    assert found[-1].as_of == date(2026, 6, 20)


def test_who_came_is_counted_by_reason_kind_and_sex(home: list[Any]) -> None:
    (march,) = balanced(3)
    assert said(march.additions) == {"move_in": {MAN: 2, WOMAN: 2}}
    assert (march.removals, march.before, march.stock) == ((), Counter(), Counter({MAN: 2, WOMAN: 2}))
    assert march.households == 1


def test_a_death_that_is_told_late_counts_in_the_month_of_processing(home: list[Any]) -> None:
    with at(2026, 5, 7):
        act("death", people=(member(home[0]),), event_on=day(2026, 4, 20))
    april, may = balanced(4, 5)
    assert april.stock.total() == 4
    assert said(may.removals) == {"death": {MAN: 1}}
    assert may.stock.total() == 3


def test_an_announced_move_out_counts_on_its_day_and_not_when_it_is_told(home: list[Any]) -> None:
    with at(2026, 4, 28):
        act("move_out", people=(member(home[2]),), event_on=day(2026, 5, 10), place=ELSEWHERE)
    with at(2026, 5, 11):
        remove_announced(actor=CHIEF)
    april, may = balanced(4, 5)
    assert april.removals == ()
    assert said(may.removals) == {"move_out": {MAN: 1}}


def test_a_cancelled_act_counts_both_ways_each_in_its_month(home: list[Any]) -> None:
    with at(2026, 4, 10):
        death = act("death", people=(member(home[1]),), event_on=day(2026, 4, 9))
    with at(2026, 6, 1):
        act("cancellation", cancels=death.pk, event_on=day(2026, 6, 1), basis="application")
    april, may, june = balanced(4, 5, 6)
    assert said(april.removals) == {"death": {WOMAN: 1}}
    assert may.stock.total() == 3
    assert said(june.additions) == {"cancellation_adding": {WOMAN: 1}}


def test_a_cancelled_entry_takes_the_newcomers_out_again(home: list[Any]) -> None:
    with at(2026, 4, 2):
        came = act("move_in", people=(newcomer_said("乙川　次郎", serial=9),), event_on=day(2026, 4, 1))
        act("cancellation", cancels=came.pk, event_on=day(2026, 4, 2), basis="application")
    (april,) = balanced(4)
    assert said(april.additions) == {"move_in": {MAN: 1}}
    assert said(april.removals) == {"cancellation_removing": {MAN: 1}}
    assert april.households == 1


def test_a_correction_of_the_past_moves_nobody(home: list[Any]) -> None:
    with at(2026, 4, 10):
        act("move_within", people=tuple(member(one) for one in home), event_on=day(2026, 4, 5),
            place=PLACE | {"lot": "９番地"})  # fmt: skip
    with at(2026, 4, 20):
        act("move_out", people=(member(home[0]),), event_on=day(2026, 4, 19), place=ELSEWHERE)
    with at(2026, 5, 8):
        act("correction_of_error", people=(member(home[0], name="甲野　太朗"),), corrects=1, event_on=day(2026, 5, 8))
    april, may = balanced(4, 5)
    # The rows before the leaving were written anew in May; that is no coming and no going.
    assert ResidentRecord.objects.filter(processed_on=date(2026, 5, 8), addressee=home[0].addressee).count() > 1
    assert said(april.removals) == {"move_out": {MAN: 1}}
    assert (may.additions, may.removals) == ((), ())


def test_a_corrected_sex_leaves_one_column_for_the_other(home: list[Any]) -> None:
    with at(2026, 5, 8):
        act("correction_of_error", people=(member(home[3], sex="1"),), event_on=day(2026, 5, 8))
    (may,) = balanced(5)
    assert said(may.additions) == {"correction_of_error": {MAN: 1}}
    assert said(may.removals) == {"correction_of_error": {WOMAN: 1}}


def test_who_leaves_and_comes_back_in_one_month_counts_twice(home: list[Any]) -> None:
    with at(2026, 5, 8):
        act("move_out", people=(member(home[2]),), event_on=day(2026, 5, 7), place=ELSEWHERE)
    with at(2026, 5, 20):
        act("move_in", people=(member(home[2], relationship="世帯主"),), event_on=day(2026, 5, 19))
    (may,) = balanced(5)
    assert said(may.additions) == {"move_in": {MAN: 1}}
    assert said(may.removals) == {"move_out": {MAN: 1}}
    assert may.households == 2


def test_births_and_foreign_residents_stand_in_their_columns(home: list[Any]) -> None:
    with at(2026, 4, 8):
        born = child("甲野　三郎", serial=20, born_on=day(2026, 4, 3), sex="1")
        act("birth", people=(born,), joins=home[0].household.number, event_on=day(2026, 4, 3))
        foreigner = newcomer_said(
            "KIM MINJUN", serial=21, kind="2", domicile="", register_head="", article30_45_class="mid_long_term",
            residence_card_number="AB12345678CD", became_foreign_resident_on=day(2026, 4, 2), nationality="韓国",
        )  # fmt: skip
        act("move_in", people=(foreigner,), event_on=day(2026, 4, 2))
    (april,) = balanced(4)
    assert said(april.additions) == {"move_in": {("2", "1"): 1}, "birth": {MAN: 1}}


def test_rows_without_an_act_count_too(home: list[Any]) -> None:
    with at(2026, 4, 8):
        row = newest(home[3])
        row.pk, row.event, row.status, row.reason = None, None, "2", "deletion_ex_officio"
        row._state.adding = True
        enter_record(actor=CHIEF, entry=row, valid_from=date(2026, 4, 8))
    (april,) = balanced(4)
    assert said(april.removals) == {"deletion_ex_officio": {WOMAN: 1}}


@pytest.mark.parametrize(("year", "number"), [(2026, 13), (2026, 0), (2027, 1), (99999, 1), (0, 1)])
def test_a_month_that_is_none_or_lies_ahead_is_refused(town: int, year: int, number: int) -> None:
    with at(2026, 12, 31), pytest.raises(Refused) as refused:
        counts.month(year, number)
    assert refused.value.code == "no_such_month"


def test_the_running_month_is_as_of_today(home: list[Any]) -> None:
    with at(2026, 3, 12):
        march = counts.month(2026, 3)
    assert (march.as_of, march.stock.total()) == (date(2026, 3, 12), 4)
    with at(2026, 3, 11):
        assert counts.month(2026, 3).stock.total() == 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_prints_the_month(home: list[Any], form: str) -> None:
    out = io.StringIO()
    with at(2026, 12, 31):
        call_command("monthly_counts", month="2026-03", format=form, town=990019, stdout=out)
    if form == "json":
        (found,) = json.loads(out.getvalue())
        assert found["additions"] == [{"reason": "move_in", "by": {"1:1": 2, "1:2": 2}, "total": 4}]
        assert (found["before"], found["stock"], found["households"]) == (0, 4, 1)
    else:
        assert "国内転入" in out.getvalue()
        assert "令和8年3月" in out.getvalue()
