"""The books: nothing is lost, nothing is changed, nothing goes below zero (元帳の試験)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.constraints import refusal_of
from municipal.payments.balances import Standing, books, by_account, by_fee, of_charges
from municipal.payments.models import Account, Assessment, Charge, Closing, Posting, PostingKind, Transfer
from municipal.payments.moves import Move
from municipal.payments.operations import assess, close_through, refund, reverse, revise
from municipal.payments.operations.posting import post

from .booking import CLERK, assessed, charged, charges_of, collected

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def test_an_assessment_is_charged_in_instalments_on_open_days(town: int) -> None:
    found = charged()
    assert [(one.period, one.due_on.isoformat(), one.yen) for one in found] == [
        (1, "2026-06-30", 25_900),
        (2, "2026-08-31", 25_000),
        (3, "2026-11-02", 25_000),
        (4, "2027-01-04", 25_000),
    ]
    assert books().broken() == []
    assert by_account()["receivable"] == 100_900


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"fee": "999"}, "fee"),
        ({"total_yen": -1}, "total_yen"),
        ({"total_yen": 100_000_000_000}, "total_yen"),
        ({"due_on": ()}, "due_on"),
        ({"due_on": (date(2026, 8, 31), date(2026, 6, 30))}, "due_on"),
        ({"reference": "  "}, "reference"),
        ({"reference": "0" * 21}, "reference"),
        ({"levy_year": 26}, "levy_year"),
    ],
)
def test_a_bad_assessment_is_refused_and_nothing_is_booked(town: int, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused, transaction.atomic():
        assess(actor=CLERK, assessed=assessed(**said))
    assert refused.value.field == field
    assert not Assessment.objects.exists()
    assert not Posting.objects.exists()


def test_a_reference_is_assessed_once(town: int) -> None:
    first = charged()[0].assessment
    with pytest.raises(Refused, match="通知書番号"), transaction.atomic():
        assess(actor=CLERK, assessed=assessed(first.payer))


def test_more_is_charged_on_the_last_instalment_and_less_is_taken_from_the_last_first(town: int) -> None:
    first = charged()[0].assessment
    more = revise(actor=CLERK, assessment=first, total_yen=110_900, reason="申告")
    ids = [one.pk for one in charges_of(first)]
    assert [one.outstanding for one in of_charges(ids).values()] == [25_900, 25_000, 25_000, 35_000]
    revise(actor=CLERK, assessment=more, total_yen=60_900, reason="減免")
    assert [one.outstanding for one in of_charges(ids).values()] == [25_900, 25_000, 10_000, 0]
    assert books().broken() == []


def test_what_was_paid_and_is_owed_no_longer_becomes_an_over_payment(town: int) -> None:
    found = charged(total_yen=30_000, due_on=[date(2026, 6, 30)])
    collected(found[0], 30_000, "notice:1")
    revise(actor=CLERK, assessment=found[0].assessment, total_yen=12_000, reason="更正")
    assert of_charges([found[0].pk])[found[0].pk] == Standing(
        charged=12_000, applied=12_000, outstanding=0, overpaid=18_000
    )
    assert books().broken() == []


@pytest.mark.parametrize(("total", "reason"), [(100_900, "同じ"), (-1, "負"), (50, " "), (10**12, "大")])
def test_a_revision_that_is_none_is_refused(town: int, total: int, reason: str) -> None:
    with pytest.raises(Refused):
        revise(actor=CLERK, assessment=charged()[0].assessment, total_yen=total, reason=reason)


def test_an_assessment_is_revised_in_a_line(town: int) -> None:
    first = charged()[0].assessment
    revise(actor=CLERK, assessment=first, total_yen=1_000, reason="一度")
    with pytest.raises(Refused, match="更正されています"), transaction.atomic():
        revise(actor=CLERK, assessment=first, total_yen=2_000, reason="二度")


def test_a_reversal_stands_beside_what_it_undoes_and_happens_once(town: int) -> None:
    charge = charged()[0]
    paid = collected(charge, 25_900, "notice:1")
    reverse(actor=CLERK, posting=paid, booked_on=clock.today(), reason="速報取消")
    assert of_charges([charge.pk])[charge.pk].outstanding == 25_900
    assert Transfer.objects.filter(charge=charge).count() == 3
    with pytest.raises(Refused, match="すでに"), transaction.atomic():
        reverse(actor=CLERK, posting=paid, booked_on=clock.today(), reason="もう一度")
    with pytest.raises(Refused):
        reverse(
            actor=CLERK, posting=Posting.objects.get(reverses=paid), booked_on=clock.today(), reason="取消しの取消し"
        )


def test_what_rests_on_a_posting_keeps_it_from_being_reversed(town: int) -> None:
    charge = charged()[0]
    paid = collected(charge, 25_900, "notice:1", over=100)
    refund(actor=CLERK, charge=charge, yen=100)
    with pytest.raises(Refused, match="過誤納額"), transaction.atomic():
        reverse(actor=CLERK, posting=paid, booked_on=clock.today(), reason="誤り")


def test_a_charge_is_changed_by_the_assessment_only(town: int) -> None:
    revise(actor=CLERK, assessment=charged()[0].assessment, total_yen=1_000, reason="更正")
    for posting in Posting.objects.filter(kind__in=[PostingKind.CHARGE, PostingKind.ADJUST]):
        with pytest.raises(Refused, match="更正で"), transaction.atomic():
            reverse(actor=CLERK, posting=posting, booked_on=clock.today(), reason="誤り")
    assert books().total.charged == 1_000


def test_no_charge_is_paid_beyond_what_is_owed(town: int) -> None:
    charge = charged()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        collected(charge, 25_901, "notice:1")
    collected(charge, 25_900, "notice:2", over=1)
    assert of_charges([charge.pk])[charge.pk].overpaid == 1


@pytest.mark.parametrize(
    ("debit", "credit", "yen"),
    [
        (Account.CASH, Account.RECEIVABLE, 1),
        (Account.CASH, Account.REVENUE, 1),
        (Account.RECEIVABLE, Account.RECEIVABLE, 1),
        (Account.IN_TRANSIT, Account.RECEIVABLE, -1),
    ],
)
def test_yen_take_no_other_route_and_never_go_backwards(town: int, debit: Account, credit: Account, yen: int) -> None:
    charge = charged()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        post(
            kind=PostingKind.COLLECT, booked_on=clock.today(), fiscal_year=2026, source="x",
            moves=[Move(debit, credit, yen, charge)],
        )  # fmt: skip


def test_a_debt_without_a_charge_cannot_be_written(town: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        post(
            kind=PostingKind.COLLECT, booked_on=clock.today(), fiscal_year=2026, source="x",
            moves=[Move(Account.IN_TRANSIT, Account.OVERPAID, 5)],
        )  # fmt: skip


def test_one_source_is_booked_once(town: int) -> None:
    charge = charged()[0]
    collected(charge, 100, "notice:1")
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        collected(charge, 100, "notice:1")
    assert "すでに記帳" in str(refusal_of(error.value))


def test_nothing_is_booked_into_a_closed_period_and_periods_close_in_order(town: int) -> None:
    charge = charged()[0]
    made = close_through(actor=CLERK, day=clock.today())
    assert made.balances["receivable"] == 100_900
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        collected(charge, 100, "notice:1")
    assert "締めた期間" in str(refusal_of(error.value))
    with pytest.raises(Refused, match="前回締めた日"), transaction.atomic():
        close_through(actor=CLERK, day=date(2026, 10, 31))
    with pytest.raises(Refused):
        close_through(actor=CLERK, day=date(2026, 11, 21))
    assert Closing.objects.count() == 1


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("model", [Assessment, Charge, Posting, Transfer, Closing])
def test_no_row_of_the_books_is_changed_or_removed(town: int, model: type, statement: str) -> None:
    charged()
    close_through(actor=CLERK, day=date(2026, 10, 31))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table))  # type: ignore[attr-defined]


def test_the_figures_of_a_fee_and_year_add_up(town: int) -> None:
    first = charged()[0]
    charged(owner=first.assessment.payer, fee="904", total_yen=10_800, due_on=[date(2026, 6, 1)])
    collected(first, 900, "notice:1")
    found = {(fee, year): one for fee, year, one in by_fee()}
    assert found["905", 2026] == Standing(charged=100_900, applied=900, outstanding=100_000)
    assert found["904", 2026].outstanding == 10_800
    assert sum(one.outstanding for one in found.values()) == books().total.outstanding


def test_books_that_were_never_opened_are_in_order(town: int) -> None:
    assert books().broken() == []


def test_two_clerks_who_take_the_same_money_at_once_are_told_one_after_the_other(committed_db: None) -> None:
    with wall.within(TOWN):
        charge = charged()[0]

    def pay(number: int) -> bool:
        try:
            with clock.stopped_at(NOON), wall.within(TOWN):
                collected(charge, 20_000, f"notice:{number}")
        except IntegrityError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(pay, range(8)))
    assert taken.count(True) == 1
    with wall.within(TOWN):
        assert of_charges([charge.pk])[charge.pk].outstanding == 5_900
        assert books().broken() == []
