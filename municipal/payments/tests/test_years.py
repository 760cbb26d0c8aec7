"""To which fiscal year money belongs, and that a closed year stays as it was (会計年度と出納閉鎖の試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.constraints import refusal_of
from municipal.payments.balances import books, of_charges
from municipal.payments.checklist import may_close, next_year, still_open
from municipal.payments.models import Charge, Posting, PostingKind, Report, YearClosing
from municipal.payments.operations import (
    apply,
    change_settings,
    close_through,
    close_year,
    identify,
    refund,
    reverse,
    settle,
)
from municipal.payments.rules.instalments import closing_day, fiscal_year, year_of_money
from municipal.payments.years import figures_of

from .booking import CLERK, charged, report, slip_of, taken


@contextmanager
def on(year: int, month: int, day: int) -> Iterator[None]:
    with clock.stopped_at(datetime(year, month, day, 12, tzinfo=clock.TOKYO)):
        yield


@pytest.mark.parametrize(
    ("levied", "day", "closed", "year"),
    [
        (2026, "2026-04-01", None, 2026),  # the first day
        (2026, "2026-03-25", None, 2026),  # in advance
        (2026, "2027-03-31", None, 2026),  # the last day
        (2026, "2027-04-01", None, 2026),  # money may still be received ...
        (2026, "2027-05-31", None, 2026),  # ... to this day
        (2026, "2027-06-01", None, 2027),  # carried over
        (2026, "2028-03-31", None, 2027),
        (2026, "2028-04-01", None, 2028),  # carried over again: no two months for arrears
        (2026, "2028-05-31", None, 2028),
        (2026, "2027-05-31", 2025, 2026),
        (2026, "2027-05-31", 2026, 2027),  # reported after the closing
        (2026, "2027-08-01", 2026, 2027),
        (2020, "2021-02-01", 2026, 2027),  # comes to light years later
        (2027, "2027-05-01", 2026, 2027),
    ],
)
def test_the_year_of_money_follows_the_claim_the_day_and_what_is_closed(
    levied: int, day: str, closed: int | None, year: int
) -> None:
    assert year_of_money(levied, date.fromisoformat(day), closed=closed) == year


def test_a_year_ends_on_31_march_and_its_money_on_31_may() -> None:
    assert [fiscal_year(date(2027, 3, 31)), fiscal_year(date(2027, 4, 1))] == [2026, 2027]
    assert closing_day(2026) == date(2027, 5, 31)


@pytest.fixture
def charge(town: int) -> Charge:
    with on(2026, 6, 1):
        return charged(total_yen=30_000, due_on=[date(2027, 3, 31)])[0]


def year_of(kind: str) -> int:
    return Posting.objects.filter(kind=kind).latest("pk").fiscal_year


@pytest.mark.parametrize(
    ("year_by", "credited_on", "year"),
    [
        ("paid", "", 2026), ("paid", "2027-06-08", 2026), ("credited", "2027-06-08", 2027),
        ("credited", "2027-05-31", 2026), ("credited", "", 2027),
    ],
)  # fmt: skip
def test_paid_at_a_store_on_31_may_with_money_on_8_june_the_towns_setting_decides(
    charge: Charge, year_by: str, credited_on: str, year: int
) -> None:
    with on(2027, 5, 20):
        change_settings(actor=CLERK, said={"year_by": year_by})
        slip = slip_of(charge)
    with on(2027, 6, 8):
        taken(report(slip.number, 30_000, paid_on="2027-05-31", credited_on=credited_on))
        settle(actor=CLERK, channel="store", reference="S1", yen=30_000, credited_on=date(2027, 6, 8))  # type: ignore[arg-type]
    assert year_of("collect") == year
    assert Report.objects.get().paid_on == date(2027, 5, 31)
    assert of_charges([charge.pk])[charge.pk].outstanding == 0
    assert books().broken() == []


def test_a_year_is_closed_from_1_june_in_order_and_once(charge: Charge) -> None:
    with on(2027, 5, 31):
        assert (next_year(), may_close(2026)) == (2026, False)
        with pytest.raises(Refused, match="6月1日"), transaction.atomic():
            close_year(actor=CLERK, year=2026)
    with on(2027, 6, 1):
        made = close_year(actor=CLERK, year=2026)
        assert next_year() == 2027
        for year in (2026, 2025):
            with pytest.raises(Refused), transaction.atomic():
                close_year(actor=CLERK, year=year)
    charge_line = {"fee": "905", "claim_year": 2026, "debit": "receivable", "credit": "revenue", "yen": 30_000}
    assert made.figures == [charge_line]


def test_what_is_undone_after_the_closing_is_of_the_open_year_and_the_fixed_figures_stay(charge: Charge) -> None:
    with on(2027, 3, 1):
        slip = slip_of(charge)
        taken(report(slip.number, 40_000, paid_on="2027-02-28"))
        closing = close_through(actor=CLERK, day=date(2027, 2, 28))
    with on(2027, 6, 10):
        made = close_year(actor=CLERK, year=2026)
        month = close_through(actor=CLERK, day=date(2027, 5, 31))
        before = dict(month.balances)
        reverse(
            actor=CLERK, posting=Posting.objects.get(kind="collect"), booked_on=clock.today(), reason="不渡り"
        )  # fmt: skip
        taken(report("9" * 20, 500, paid_on="2027-05-30"))
        identify(actor=CLERK, report=Report.objects.get(number="9" * 20), charge=charge)
        debt = charged(
            owner=charge.assessment.payer, fee="904", fiscal_year=2027, total_yen=100, due_on=[date(2027, 6, 30)]
        )
        taken(report(slip.number, 29_600, paid_on="2027-05-31", reference="Z"))
        apply(actor=CLERK, of=charge, to=debt[0], yen=50)
        refund(actor=CLERK, charge=charge, yen=50)
    late = Posting.objects.filter(recorded_at__date=date(2027, 6, 10))
    assert {one.fiscal_year for one in late} == {2027}
    assert late.count() == 7
    assert figures_of(2026) == YearClosing.objects.get().figures == made.figures
    for kept, balances in ((closing, closing.balances), (month, before)):
        kept.refresh_from_db()
        assert kept.balances == balances
    assert books().broken() == []


def test_the_database_takes_no_posting_of_a_closed_year(charge: Charge) -> None:
    with on(2027, 6, 1):
        close_year(actor=CLERK, year=2026)
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            Posting.objects.create(
                kind=PostingKind.COLLECT, booked_on=clock.today(), fiscal_year=2026, source="x",
                recorded_at=clock.now(),
            )  # fmt: skip
        assert "閉鎖" in str(refusal_of(error.value))
        with pytest.raises(Refused, match="閉鎖"), transaction.atomic():
            charged(owner=charge.assessment.payer, reference="2")
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            YearClosing.objects.create(fiscal_year=2025, figures=[], closed_at=clock.now())
        assert "後の会計年度" in str(refusal_of(error.value))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_yearclosing")


def test_what_stands_open_is_told_before_closing(charge: Charge) -> None:
    with on(2026, 11, 20):
        assert still_open().is_clear
        slip = slip_of(charge)
        taken(report(slip.number, 30_000, paid_on="2026-11-01"), report("9" * 20, 700, channel="app"))
        found = still_open()
    assert (found.in_transit, found.late, found.suspense, found.broken) == (30_700, 30_000, 700, ())
    assert [(one.queue, one.count) for one in found.waiting] == [("unknown", 1)]
    assert not found.is_clear


def test_a_year_is_closed_while_clerks_book_and_nothing_of_it_is_booked_afterwards(committed_db: None) -> None:
    with wall.within(TOWN), on(2026, 6, 1):
        slips = [slip_of(one) for one in charged()]

    def pay(at: int) -> bool:
        try:
            with on(2027, 6, 1), wall.within(TOWN):
                taken(report(slips[at].number, 100, paid_on="2027-05-31", reference=f"R{at}"))
        finally:
            connections.close_all()
        return True

    def close(at: int) -> bool:
        try:
            with on(2027, 6, 1), wall.within(TOWN):
                close_year(actor=CLERK, year=2026)
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(5) as pool:
        done = [
            pool.submit(pay, 0),
            pool.submit(pay, 1),
            pool.submit(close, 0),
            pool.submit(pay, 2),
            pool.submit(pay, 3),
        ]
        settled = [one.exception() for one in done]
    assert all(error is None or isinstance(error, Refused) for error in settled)
    with wall.within(TOWN):
        assert figures_of(2026) == YearClosing.objects.get().figures
        assert books().broken() == []
