"""What the treasurer sees adds up from the books, in few statements (公金の集計の試験)."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.payments import dashboard, exports
from municipal.payments.balances import FIGURES, Standing, books, by_account, flows, net, standing_of
from municipal.payments.models import Account, Channel, Transfer
from municipal.payments.operations import close_through, refund, reverse, settle

from .booking import CLERK, charged, collected, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
DAY, FIRST, LAST = date(2026, 11, 20), date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def lines_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def a_busy_day() -> Any:
    """Paid right, paid twice, paid short, paid by nobody known, refunded."""
    found = charged(due_on=[date(2026, 6, 30), date(2026, 8, 31), date(2026, 12, 1), date(2027, 2, 1)])
    first, second = slip_of(found[0]), slip_of(found[1])
    taken(
        report(first.number, 25_900), report(first.number, 25_900, channel="app", reference="A2"),
        report(second.number, 20_000, channel="bank", reference="A3"),
        report("9" * 20, 700, reference="A4"),
    )  # fmt: skip
    refund(actor=CLERK, charge=found[0], yen=900)
    return found


def test_the_figures_of_one_look_are_those_of_each_figure_by_itself(town: int) -> None:
    a_busy_day()
    assert standing_of(flows()) == Standing(**Transfer.objects.aggregate(**FIGURES))
    assert books().broken() == []
    assert sum(by_account().values()) == 0


def test_yen_that_went_back_are_taken_off(town: int) -> None:
    found = {("in_transit", "receivable"): 10, ("receivable", "in_transit"): 4, ("in_transit", "suspense"): 5}
    assert net(found, [Account.IN_TRANSIT], [Account.RECEIVABLE]) == 6
    assert net({}, [Account.IN_TRANSIT], [Account.RECEIVABLE]) == 0


def test_the_desk_says_what_waits_and_since_when(town: int) -> None:
    a_busy_day()
    with clock.stopped_at(NOON + timedelta(days=3)):
        found = dashboard.desk()
    assert [(one.queue, one.count, one.yen, one.days) for one in found.queues] == [
        ("twice", 1, 25_000, 1), ("differs", 1, 20_000, 1), ("unknown", 1, 700, 1),
    ]  # fmt: skip
    assert found.files == {"count": 0, "lines": None}
    assert found.collected == 25_900 * 2 + 20_000 + 700
    assert (found.year, found.of_year.charged, found.books.broken()) == (2026, 100_900, [])
    assert [(one.fee, one.due_on, one.count, one.yen) for one in found.due] == [("905", date(2026, 12, 1), 1, 25_000)]


def test_the_desk_of_a_town_without_money_is_empty_and_even(town: int) -> None:
    found = dashboard.desk()
    assert (found.queues, found.jobs, found.due, found.collected, found.closed_through) == ([], [], [], 0, None)
    assert found.books.broken() == []


def test_the_desk_asks_few_questions(town: int, django_assert_max_num_queries: Any) -> None:
    a_busy_day()
    with django_assert_max_num_queries(12):
        dashboard.desk()


def test_collected_money_is_counted_on_the_day_it_was_booked(town: int) -> None:
    charge = charged()[0]
    collected(charge, 900, "notice:1")
    with clock.stopped_at(NOON + timedelta(days=1)):
        posting = collected(charge, 500, "notice:2", over=20)
        reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="誤り")
        collected(charge, 50, "notice:3")
    assert dashboard.by_day(FIRST, LAST) == {DAY: 900, DAY + timedelta(days=1): 50}
    assert dashboard.by_day(FIRST, DAY) == {DAY: 900}
    assert dashboard.by_day(LAST, FIRST) == {}


def test_money_is_counted_by_channel_and_a_reversal_by_hand_against_it(town: int) -> None:
    found = charged()
    slip, other = slip_of(found[0]), slip_of(found[1])
    file = taken(report(slip.number, 25_900), report(other.number, 25_000, channel="app", reference="A2")).file
    assert file is not None
    assert dashboard.by_channel(FIRST, LAST) == {"app": (1, 25_000), "store": (1, 25_900)}
    posting = file.reports.get(channel="app").posting
    assert posting is not None
    reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="誤り")
    assert dashboard.by_channel(FIRST, LAST) == {"app": (1, 0), "store": (1, 25_900)}


def test_what_a_channel_took_back_counts_against_it_once(town: int) -> None:
    slip = slip_of(charged()[0])
    taken(report(slip.number, 25_900))
    taken(report(slip.number, 25_900, stage="cancelled"))
    assert dashboard.by_channel(FIRST, LAST)["store"][1] == 0
    assert sum(dashboard.by_day(FIRST, LAST).values()) == 0


def test_balances_of_a_day_are_the_same_with_a_closing_in_between_and_without(town: int) -> None:
    charge = charged()[0]
    collected(charge, 900, "notice:1")
    with clock.stopped_at(NOON + timedelta(days=10)):
        collected(charge, 500, "notice:2")
        before = {day: dashboard.balances_on(day) for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=10))}
        close_through(actor=CLERK, day=DAY)
        for day, said in before.items():
            assert dashboard.balances_on(day) == said == by_account(through=day)
    assert before[DAY][Account.IN_TRANSIT] == 900
    assert not any(before[DAY - timedelta(days=1)].values())


def test_a_journal_holds_every_transfer_between_the_two_balances(town: int) -> None:
    charge = charged()[0]
    with clock.stopped_at(NOON + timedelta(days=1)):
        collected(charge, 900, "notice:1", over=5)
    found = lines_of(exports.journal(DAY + timedelta(days=1), LAST))
    at = found.index(list(exports.JOURNAL))
    assert found[0] == ["期首残高", "2026-11-20"]
    assert ["収入未済額", "100900"] in found[:at]
    moved = found[at + 1 : found.index(["期末残高", "2026-11-30"])]
    assert [(row[4], row[5], row[6], row[8]) for row in moved] == [
        ("収納未決済", "収入未済額", "900", "1"), ("収納未決済", "過誤納金", "5", "1"),
    ]  # fmt: skip
    assert ["収納未決済", "905"] in found[at + 3 :]


@pytest.mark.parametrize(("most", "field"), [(1, "last")])
def test_a_journal_of_too_many_lines_is_refused(
    town: int, monkeypatch: pytest.MonkeyPatch, most: int, field: str
) -> None:
    monkeypatch.setattr(exports, "MOST_LINES", most)
    charged()
    with pytest.raises(Refused, match="1行を超えます") as refused:
        exports.journal(FIRST, LAST)
    assert refused.value.field == field


def test_a_journal_that_ends_before_it_begins_is_refused(town: int) -> None:
    with pytest.raises(Refused, match="終わりが始まりより前"):
        exports.journal(LAST, FIRST)


def test_nothing_in_a_table_is_a_formula_and_no_name_stands_in_it(town: int) -> None:
    charge = charged()[0]
    charge.assessment.payer.name = "=1+1"
    collected(charge, 900, "notice:1")
    settle(actor=CLERK, channel=Channel.STORE, reference="=x", yen=5, credited_on=DAY)
    written = [exports.journal(FIRST, LAST), exports.days(FIRST, LAST), exports.channels(FIRST, LAST)]
    written += [exports.by_item(FIRST, LAST), exports.balances(DAY)]
    for data in written:
        assert "甲野".encode() not in data
        assert b"=" not in data
    assert lines_of(exports.by_item(FIRST, LAST))[1][:4] == ["905", "固定資産税・都市計画税", "2026", "100900"]
