"""Stocks, years, the first month, what is published and what the checker says to it (統計表の試験)."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.conformance.engine import Asked, check
from municipal.conformance.findings import Outcome
from municipal.conformance.packs import find
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.counts import month, next_month
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import (
    CHIEF,
    CLERK,
    ELSEWHERE,
    PLACE,
    act,
    day,
    family,
    member,
    newcomer_said,
    people_of,
)
from municipal.statistics import charts, foreigners, publishing
from municipal.statistics.operations import begin_counting, refuse_before_the_beginning
from municipal.statistics.small_cells import REST
from municipal.statistics.stocks import FOREIGN, JAPANESE, MIXED, Cell, Home, areas_of, stock
from municipal.statistics.years import CALENDAR, FISCAL, year

LATE = datetime(2026, 12, 31, 10, tzinfo=clock.TOKYO)


def at(number: int, of_month: int) -> Any:
    return clock.stopped_at(datetime(2026, number, of_month, 10, tzinfo=clock.TOKYO))


def foreign(name: str, serial: int, **said: Any) -> Any:
    return newcomer_said(
        name, serial=serial, kind="2", domicile="", register_head="", article30_45_class="mid_long_term",
        residence_card_number=f"AB{serial:08}CD", became_foreign_resident_on=day(2026, 4, 2), nationality="韓国",
        residence_status="permanent_resident", **said,
    )  # fmt: skip


@pytest.fixture
def home(town: int) -> list[Any]:
    """A family in 松町; a couple of two nationalities in 竹町; a man whose birth date is not known whole in 梅町."""
    with at(3, 12):
        people = people_of(act("move_in", people=family(), event_on=day(2026, 3, 11)))
    with at(4, 8):
        pair = (newcomer_said("乙川　次郎", serial=11, born_on=RegisterDate(1990, 5, 1)),
                foreign("KIM", 12, sex="2", relationship="妻", born_on=RegisterDate(1992, 2, 29)))  # fmt: skip
        people += people_of(act("move_in", people=pair, event_on=day(2026, 4, 2), place=PLACE | {"block": "竹町"}))
        unknown = RegisterDate.entered("昭和25年 月日不詳")
        alone = (newcomer_said("丙山　三郎", serial=13, born_on=unknown),)
        people += people_of(act("move_in", people=alone, event_on=day(2026, 4, 3), place=PLACE | {"block": "梅町"}))
    return people


@pytest.mark.clause("resident-record/1.0#6.1/m1")
def test_a_stock_counts_everybody_by_area_kind_sex_and_age(home: list[Any]) -> None:
    with clock.stopped_at(LATE):
        found = stock(date(2026, 4, 30))
    assert found.people == {
        Cell("松町", "1", "1", 41): 1, Cell("松町", "1", "2", 40): 1, Cell("松町", "1", "1", 10): 1,
        Cell("松町", "1", "2", 7): 1, Cell("竹町", "1", "1", 35): 1, Cell("竹町", "2", "2", 34): 1,
        Cell("梅町", "1", "1", None): 1,
    }  # fmt: skip
    assert found.homes == {Home("松町", 4, JAPANESE): 1, Home("竹町", 2, MIXED): 1, Home("梅町", 1, JAPANESE): 1}
    assert areas_of(found.people) == ["松町", "梅町", "竹町"]
    assert (found.total, found.households, found.foreigners.total(), FOREIGN) == (7, 3, 1, "2")


@pytest.mark.clause("resident-record/1.0#6.1/m4")
def test_whoever_announced_to_leave_counts_until_the_day(home: list[Any]) -> None:
    with at(4, 28):
        act("move_out", people=(member(home[2]),), event_on=day(2026, 5, 10), place=ELSEWHERE)
    with at(5, 11):
        assert stock(date(2026, 5, 9)).total == 7
        assert [stock(date(2026, 5, on)).total for on in (10, 11)] == [7, 7]
        from municipal.residents.operations import remove_announced

        remove_announced(actor=CHIEF)
        assert [stock(date(2026, 5, on)).total for on in (9, 11)] == [7, 6]


def test_a_protected_person_counts_in_the_town_and_in_no_area(home: list[Any]) -> None:
    with clock.stopped_at(LATE):
        protect(actor=CHIEF, addressee=home[4].addressee, starts_on=date(2026, 4, 9), ends_on=None, is_own=True)
        found = stock(date(2026, 4, 30))
    assert found.total == 7
    assert areas_of(found.people) == ["松町", "梅町"]
    assert found.by(lambda cell: cell.area)[None] >= 1
    assert found.homes[Home(None, 2, MIXED)] == 1


def test_the_stock_is_what_the_months_add_up_to_whatever_is_told_late(home: list[Any]) -> None:
    with at(6, 2):
        act("death", people=(member(home[6]),), event_on=day(2026, 5, 20))
    with at(7, 3):
        act("move_out", people=(member(home[2]),), event_on=day(2026, 6, 1), place=ELSEWHERE)
    with clock.stopped_at(LATE):
        counted = year(2026)
        assert counted.is_balanced
        assert list(counted.months) == [month(2026, number) for number in range(1, 13)]
        for one in counted.months:
            assert one.stock.total() == stock(one.as_of).total
    table = counted.table["総計"]
    assert (table.additions["転入（国内）"], table.removals["死亡"], table.natural, table.social, table.after) == (
        7, 1, -1, 6, 5,
    )  # fmt: skip
    assert counted.table["外国人住民"].added == 1
    assert counted.is_whole


@pytest.mark.clause("resident-record/1.0#6.1/m1")
def test_a_year_is_a_calendar_or_a_fiscal_one_and_counts_moves_inside(home: list[Any]) -> None:
    with at(5, 6):
        act(
            "move_within",
            people=tuple(member(one) for one in home[:4]),
            event_on=day(2026, 5, 5),
            place=PLACE | {"block": "竹町"},
        )
    with clock.stopped_at(LATE):
        assert year(2026).moves_within == 4
        fiscal = year(2026, begins=FISCAL)
        assert (fiscal.first, len(fiscal.months), fiscal.is_whole) == (date(2026, 4, 1), 9, False)
        assert fiscal.table["総計"].before == 4
        assert len(year(2025, begins=FISCAL).months) == 12
        for number, begins in ((2027, CALENDAR), (0, CALENDAR), (99999, CALENDAR), (2026, 7)):
            with pytest.raises(Refused) as refused:
                year(number, begins=begins)
            assert refused.value.code == "no_such_year"


@pytest.mark.clause("resident-record/1.0#6.1/m3")
def test_months_before_the_system_was_in_use_are_not_counted(home: list[Any]) -> None:
    with clock.stopped_at(LATE):
        refuse_before_the_beginning(date(1990, 1, 1))
        begin_counting(actor=CLERK, first_month=date(2026, 3, 15))
        begin_counting(actor=CLERK, first_month=date(2026, 4, 1))
        with pytest.raises(Refused) as refused:
            refuse_before_the_beginning(date(2026, 3, 1))
        assert refused.value.code == "before_the_beginning"
        refuse_before_the_beginning(date(2026, 4, 1))
        counted = year(2026)
        assert (len(counted.months), counted.table["総計"].before, counted.is_whole) == (9, 4, False)
        with pytest.raises(Refused):
            year(2025)
        with pytest.raises(Refused):
            begin_counting(actor=CLERK, first_month=date(2027, 1, 1))


@pytest.mark.clause("resident-record/1.0#6.1/m2")
def test_notices_of_foreign_residents_are_counted_for_the_agency(home: list[Any]) -> None:
    with at(5, 6):
        act("move_in", people=(foreign("LEE", 21),), event_on=day(2026, 5, 2))
        act(
            "move_within",
            people=(member(home[4]), member(home[5])),
            event_on=day(2026, 5, 5),
            place=PLACE | {"block": "桜町"},
        )
    found = foreigners.notices(date(2026, 1, 1), date(2026, 12, 31))
    assert found == {("mid_long_term", "move_in"): 2, ("mid_long_term", "move_within"): 1}
    assert foreigners.notices(date(2026, 5, 1), date(2026, 5, 31))["mid_long_term", "move_in"] == 1
    # As from another system: rows without an act tell by their reason.
    assert set(dict(found)) <= {(article, line) for article in foreigners.CLASSES for line in foreigners.NOTICES}


@pytest.fixture
def large(two_towns: str) -> Iterator[None]:
    """The made-up town of 120 people, some of them protected."""
    with clock.stopped_at(datetime(2026, 11, 23, 10, tzinfo=clock.TOKYO)), wall.within(TOWN):
        yield


@pytest.mark.clause("resident-record/1.0#6.1/m1")
def test_what_is_published_passes_our_own_checker(large: None, tmp_path: Path) -> None:
    first = date(2026, 1, 1)
    months = []
    while first <= date(2026, 10, 1):
        months.append(month(first.year, first.month))
        first = next_month(first)
    for counted in months:
        file = publishing.population(stock(counted.as_of))
        (tmp_path / file.name).write_bytes(file.content)
    for file in publishing.everything(stock(months[-1].as_of), months):
        if "births" in file.name or "moves" in file.name:
            (tmp_path / file.name).write_bytes(file.content)
    report = check(
        Asked(paths=(tmp_path,), as_of=date(2026, 11, 23), today=date(2026, 11, 23), packs=(find(publishing.PACK),))
    )
    # The prefecture is made up, and in so small a town a month may pass without any change: the checker says so.
    assert {one.code for one in report.results if one.count} <= {"ODS-0027", "STAT-0004"}
    assert report.problems == ()
    passed = {one.code for one in report.results if one.outcome is Outcome.PASSED}
    assert passed >= {"STAT-0001", "STAT-0002", "STAT-0003", "STAT-0006"}


def test_small_areas_and_protected_people_stand_in_one_line(large: None) -> None:
    found = stock(date(2026, 10, 31))
    lines = publishing.lines(found)
    assert lines[0].total == found.total == sum(line.total for line in lines[1:])
    assert lines[0].homes == found.households == sum(line.homes for line in lines[1:])
    assert lines[-1].area == REST
    assert all(line.total >= 20 or line.area == REST for line in lines[1:])
    text = publishing.population(found).content.decode()
    assert "X" in text
    assert ResidentRecord.objects.exists()


def test_charts_are_wellformed_and_say_in_words_what_they_draw() -> None:
    bars = [charts.Bar(f"{age}歳", age * 3, age * 2) for age in range(20)]
    points = [charts.Point(f"{number}月", number, 12 - number, 1000 + number) for number in range(1, 13)]
    for drawn in (
        charts.pyramid(bars, title="題<b>", men="男", women="女"),
        charts.changes(points, title="増減", added="増", removed="減"),
        charts.population(points, title="人口"),
        charts.population([], title="空"),
        charts.pyramid([], title="", men="", women=""),
        charts.changes([], title="空", added="", removed=""),
    ):
        root = ElementTree.fromstring(drawn)
        assert root.get("role") == "img"
        assert "style" not in drawn
        assert "<script" not in drawn
    assert "19歳 男57 女38" in charts.pyramid(bars, title="", men="男", women="女")


@pytest.mark.parametrize(
    ("most", "marks"), [(0, [0, 1]), (1, [0, 1]), (4, [0, 1, 2, 3, 4]), (7, [0, 2, 4, 6, 8]), (95, [0, 50, 100])]
)
def test_an_axis_has_round_marks(most: int, marks: list[int]) -> None:
    assert charts.steps(most) == marks
