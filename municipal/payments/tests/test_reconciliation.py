"""What was reported against what reached the account (三者照合の試験)."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as some

from municipal.core import clock
from municipal.core.codes import STANDARDS, rows
from municipal.core.refusals import Refused
from municipal.payments.balances import books
from municipal.payments.credits import COLUMNS
from municipal.payments.files import written
from municipal.payments.intake import COLUMNS as REPORT_COLUMNS
from municipal.payments.models import Charge, Report, Settlement
from municipal.payments.operations import reverse, settle_file, take_in, try_settlements
from municipal.payments.reconciliation import Reconciled, by_channel, unexplained
from municipal.payments.rules.reconciling import Credit, Day, pair, short_by_one

from .booking import CLERK, charged, file_of, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def charge(town: int) -> Charge:
    return charged(total_yen=30_000, due_on=[date(2026, 6, 30)])[0]


def days(*yen: int) -> list[Day]:
    """One day after the other from 1 November."""
    return [Day(date(2026, 11, at), 1, one) for at, one in enumerate(yen, start=1)]


def credit(yen: int, day: int, reference: str = "S1") -> Credit:
    return Credit(reference, date(2026, 11, day), yen)


@pytest.mark.parametrize(
    ("reported", "credits", "paired", "left", "unpaired"),
    [
        ([], [], [], [], []),
        ([100], [], [], [100], []),
        ([], [(100, 5)], [], [], [100]),
        ([100], [(100, 1)], [[100]], [], []),
        ([100, 200, 300], [(300, 5)], [[100, 200]], [300], []),  # the earliest run of days, not the single day
        ([100, 200, 300], [(600, 5)], [[100, 200, 300]], [], []),
        ([100, 200, 300], [(500, 5)], [[200, 300]], [100], []),
        ([100, 200, 300], [(400, 5)], [], [100, 200, 300], [400]),  # 100 and 300 have a day between them
        ([100, 200], [(300, 1)], [], [100, 200], [300]),  # a transfer does not pay a later day
        ([100, 200], [(200, 5), (100, 6)], [[200], [100]], [], []),
        ([100, 100], [(100, 5), (100, 6)], [[100], [100]], [], []),
        ([100], [(100, 5), (100, 6)], [[100]], [], [100]),
        ([100, 200], [(299, 5)], [], [100, 200], [299]),
    ],
)
def test_a_transfer_is_paired_with_the_days_that_add_up_to_it(
    reported: list[int], credits: list[tuple[int, int]], paired: list[list[int]], left: list[int], unpaired: list[int]
) -> None:
    found = pair(days(*reported), [credit(yen, day, f"S{at}") for at, (yen, day) in enumerate(credits)])
    assert [[day.yen for day in one.days] for one in found.pairs] == paired
    assert [day.yen for day in found.days] == left
    assert [one.yen for one in found.credits] == unpaired
    assert found.rest == sum(left) - sum(unpaired)


@given(
    some.lists(some.integers(1, 5), max_size=8),
    some.lists(some.tuples(some.integers(1, 12), some.integers(1, 9)), max_size=6),
)
def test_no_yen_is_lost_or_invented_by_pairing(reported: list[int], credits: list[tuple[int, int]]) -> None:
    found = pair(days(*reported), [credit(yen, day, f"S{at}") for at, (yen, day) in enumerate(credits)])
    assert all(sum(day.yen for day in one.days) == one.credit.yen for one in found.pairs)
    assert all(day.on <= one.credit.on for one in found.pairs for day in one.days)
    used = [day for one in found.pairs for day in one.days] + list(found.days)
    assert sorted(used, key=lambda day: day.on) == days(*reported)
    assert found.rest == sum(reported) - sum(yen for yen, _ in credits)


def test_one_missing_report_is_named_as_the_likely_cause() -> None:
    left = pair(days(300, 500), [credit(700, 5)])
    amounts = {date(2026, 11, 1): [100, 200], date(2026, 11, 2): [500]}
    assert short_by_one(left, amounts) == {"S1": (100, date(2026, 11, 1))}
    assert short_by_one(left, {date(2026, 11, 1): [150]}) == {}


def of(channel: str) -> Reconciled:
    return next(one for one in by_channel() if one.channel == channel)


def bank(*lines: tuple[str, str, object, str]) -> bytes:
    return written(COLUMNS, lines)


def test_each_channel_is_compared_with_its_own_money(charge: Charge) -> None:
    number = slip_of(charge).number
    taken(
        report(number, 10_000, paid_on="2026-11-02"),
        report(number, 5_000, paid_on="2026-11-03", reference="A2"),
        report(number, 700, paid_on="2026-11-18", channel="app"),
        report(number, 900, paid_on="2026-11-18", channel="app", stage="provisional", reference="P"),
    )
    settle_file(actor=CLERK, data=bank(("store", "S1", 15_000, "2026-11-10"), ("app", "P1", 650, "2026-11-19")))
    store, app = of("store"), of("app")
    assert (store.reported, store.settled, store.in_transit, store.late) == (15_000, 15_000, 0, ())
    assert [len(one.days) for one in store.pairing.pairs] == [2]
    assert (app.reported, app.settled, app.in_transit) == (700, 650, 50)
    assert (app.pairing.pairs, app.pairing.rest, app.hints) == ((), 50, {})
    assert books().balances["in_transit"] == 50
    assert unexplained(list(by_channel())) == 0


def test_money_that_does_not_come_is_late_after_ten_days(charge: Charge) -> None:
    number = slip_of(charge).number
    taken(report(number, 100, paid_on="2026-11-10"), report(number, 200, paid_on="2026-11-09", reference="A2"))
    assert [day.yen for day in of("store").late] == [200]


def test_what_was_taken_back_is_waited_for_no_more(charge: Charge) -> None:
    number = slip_of(charge).number
    taken(report(number, 100), report(number, 250, reference="A2", paid_on="2026-11-18"))
    taken(report(number, 100, stage="cancelled"))
    assert of("store").reported == 250
    settle_file(actor=CLERK, data=bank(("store", "S1", 250, "2026-11-19")))
    reverse(
        actor=CLERK, posting=Settlement.objects.get().posting, booked_on=clock.today(), reason="別団体への入金"
    )  # fmt: skip
    assert (of("store").settled, of("store").in_transit) == (0, 250)
    assert unexplained(list(by_channel())) == 0


def test_the_hint_names_the_report_that_is_missing_in_the_transfer(charge: Charge) -> None:
    number = slip_of(charge).number
    taken(report(number, 300, paid_on="2026-11-02"), report(number, 40, paid_on="2026-11-02", reference="A2"))
    settle_file(actor=CLERK, data=bank(("store", "S1", 300, "2026-11-10")))
    assert of("store").hints == {"S1": (40, date(2026, 11, 2))}


def test_the_same_settlements_twice_change_nothing_and_another_amount_is_refused(town: int) -> None:
    data = bank(("store", "S1", 500, "2026-11-10"), ("store", "S1", 500, "2026-11-10"))
    tried = try_settlements(data)
    assert not Settlement.objects.exists()
    first = settle_file(actor=CLERK, data=data)
    assert [row.result for row in first.rows] == [row.result for row in tried.rows] == ["settled", "repeated"]
    again = settle_file(actor=CLERK, data=data)
    assert [row.result for row in again.rows] == ["repeated", "repeated"]
    other = settle_file(actor=CLERK, data=bank(("store", "S1", 501, "2026-11-10"), ("app", "S1", 7, "2026-11-10")))
    assert [(row.result, row.yen) for row in other.rows] == [("bad", 501), ("settled", 7)]
    assert books().balances["cash"] == 507


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (("pigeon", "S1", 1, "2026-11-10"), "channel"),
        (("store", " ", 1, "2026-11-10"), "reference"),
        (("store", "x" * 41, 1, "2026-11-10"), "reference"),
        (("store", "S1", 0, "2026-11-10"), "yen"),
        (("store", "S1", "-1", "2026-11-10"), "yen"),
        (("store", "S1", 10**11, "2026-11-10"), "yen"),
        (("store", "S1", 1, "2026-11-31"), "credited_on"),
        (("store", "S1", 1, "2026-11-21"), "credited_on"),
        (("store", "S1", 1), "file"),
    ],
)
def test_a_bad_line_of_a_bank_is_named_and_the_others_are_booked(
    town: int, line: tuple[str, str, object, str], field: str
) -> None:
    text = bank(line).decode().splitlines()
    good = "store,OK,5,2026-11-10"
    total = int(text[-1].split(",")[2]) + 5
    found = settle_file(actor=CLERK, data="\n".join([text[0], text[1], good, f"end,2,{total}", ""]).encode())
    assert [row.result for row in found.rows] == ["bad", "settled"]
    assert books().balances["cash"] == 5


@pytest.mark.parametrize(
    "wrong", ["end,1,500\n", "end,2,499\n", "", "end,2,500\nend,2,500\n", "end,2\n", "end,2,500,\n"]
)
def test_a_file_whose_last_line_does_not_count_it_is_refused_whole(town: int, wrong: str) -> None:
    lines = bank(("store", "S1", 300, "2026-11-10"), ("store", "S2", 200, "2026-11-10")).decode()
    data = lines[: lines.index("end,")] + wrong
    with pytest.raises(Refused) as refused, transaction.atomic():
        settle_file(actor=CLERK, data=data.encode())
    assert refused.value.field == "file"
    assert not Settlement.objects.exists()


def test_a_file_of_reports_that_lost_whole_lines_is_refused(charge: Charge) -> None:
    number = slip_of(charge).number
    lines = file_of(report(number, 100), report(number, 200, reference="A2")).splitlines(keepends=True)
    for kept in ([0, 1, 2], [0, 1], [0], [0, 1, 3], [0, 2, 3]):
        with pytest.raises(Refused), transaction.atomic():
            take_in(actor=CLERK, name="cut.csv", data=b"".join(lines[at] for at in kept))
    assert not Report.objects.exists()


def test_the_profiles_name_the_columns_that_are_read() -> None:
    folder = STANDARDS / "collections" / "1"
    assert [row["column"] for row in rows(folder / "profile.csv")] == list(REPORT_COLUMNS)
    assert [row["column"] for row in rows(folder / "settlements.csv")] == list(COLUMNS)
