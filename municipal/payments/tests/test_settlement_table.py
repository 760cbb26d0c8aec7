"""The table of a year, by hand and against the shape of a real city's (決算の表の試験)."""

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from municipal.core import clock
from municipal.payments.balances import of_charges
from municipal.payments.models import Charge, YearClosing
from municipal.payments.operations import apply, refund, revise, write_off
from municipal.payments.settlement_table import (
    COLUMNS,
    Line,
    compared,
    settlement,
    tenths_of_percent,
    total,
    written,
)

from .booking import CLERK, charged, payer, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


def of_2025(yen: int, **said: Any) -> Charge:
    return charged(**{"total_yen": yen, "levy_year": 2025, "fiscal_year": 2025, "due_on": [date(2025, 6, 30)]} | said)[
        0
    ]


def pay(charge: Charge, yen: int, on: str, reference: str) -> None:
    taken(report((charge.slips.first() or slip_of(charge)).number, yen, paid_on=on, reference=reference))


def close_2025() -> None:
    YearClosing.objects.create(fiscal_year=2025, figures={}, closed_at=clock.now())


def test_a_year_has_its_own_line_and_the_next_has_what_was_carried_over(town: int) -> None:
    charge = of_2025(100_000)
    pay(charge, 60_000, "2026-05-31", "A1")
    assert settlement(2025) == [Line("905", False, adjusted=100_000, income=60_000, unpaid=40_000)]
    close_2025()
    pay(charge, 15_000, "2026-06-01", "A2")
    write_off(actor=CLERK, charge=charge, reason="stay_at_once")
    own = charged(owner=charge.assessment.payer, total_yen=30_000, due_on=[date(2026, 6, 30)])[0]
    pay(own, 30_000, "2026-06-30", "B1")
    assert settlement(2025) == [Line("905", False, adjusted=100_000, income=60_000, unpaid=40_000)]
    assert settlement(2026) == [
        Line("905", False, adjusted=30_000, income=30_000),
        Line("905", True, adjusted=40_000, income=15_000, written_off=25_000),
    ]
    assert settlement(2024) == []


def test_what_is_paid_too_much_is_income_until_it_is_refunded(town: int) -> None:
    charge = of_2025(10_000)
    pay(charge, 10_000, "2025-06-30", "A1")
    pay(charge, 10_000, "2025-07-01", "A2")
    line = Line("905", False, adjusted=10_000, income=20_000, refundable=10_000)
    assert settlement(2025) == [line]
    refund(actor=CLERK, charge=charge, yen=4_000)
    assert settlement(2025) == [Line("905", False, adjusted=10_000, income=16_000, refundable=6_000)]
    close_2025()
    refund(actor=CLERK, charge=charge, yen=6_000)
    # Of the closed year nothing changes; what goes out now is expenditure of this one.
    assert settlement(2025) == [Line("905", False, adjusted=10_000, income=16_000, refundable=6_000)]
    assert settlement(2026) == [Line("905", True, expenditure=6_000)]


def test_a_reduction_after_the_closing_leaves_the_income_of_the_closed_year(town: int) -> None:
    charge = of_2025(100_000)
    pay(charge, 60_000, "2025-06-30", "A1")
    close_2025()
    pay(charge, 20_000, "2026-08-03", "A2")
    revise(actor=CLERK, assessment=charge.assessment, total_yen=50_000, reason="減額")
    assert settlement(2026) == [Line("905", True, income=20_000, refundable=20_000)]
    other = charged(owner=charge.assessment.payer, fee="904", total_yen=12_000, due_on=[date(2026, 6, 1)])[0]
    apply(actor=CLERK, of=charge, to=other, yen=12_000)
    refund(actor=CLERK, charge=charge, yen=18_000)
    assert settlement(2026) == [
        Line("904", False, adjusted=12_000, income=12_000),
        Line("905", True, expenditure=10_000),
    ]
    assert settlement(2025) == [Line("905", False, adjusted=100_000, income=60_000, unpaid=40_000)]


def test_the_lines_add_up_and_agree_with_the_charges(town: int) -> None:
    owner, charges = payer(), []
    for at, (fee, paid) in enumerate((("905", 30_000), ("905", 45_000), ("902", 0), ("913", 12_345))):
        charges.append(of_2025(30_000, owner=owner, fee=fee, reference=str(at)))
        if paid:
            pay(charges[-1], paid, "2026-11-19", f"A{at}")
    lines = settlement(2025) + settlement(2026)
    assert all(line.is_consistent for line in lines)
    found = settlement(2026)
    standing = of_charges([one.pk for one in charges]).values()
    assert total(found).unpaid == sum(one.outstanding for one in standing)
    assert total(found, is_carried_over=True).income == sum(one.applied + one.overpaid for one in standing)
    assert total(found, is_carried_over=False) == Line("", False)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (23_100_243_740, 23_279_743_112, "99.2"),
        (3_498_011_800, 3_499_590_000, "100.0"),
        (155_810_010, 532_403_372, "29.3"),
        (0, 0, "-"),
        (1, 2_000, "0.1"),
        (-65, 1_000, "-6.5"),
    ],
)
def test_a_rate_is_rounded_half_up_to_a_tenth(part: int, whole: int, said: str) -> None:
    assert written(tenths_of_percent(part, whole)) == said


def test_a_line_is_compared_with_the_same_of_the_year_before() -> None:
    now = [Line("905", False, income=943), Line("905", True, income=10)]
    assert compared(now, [Line("905", False, income=1_000)]) == {("905", False): 943, ("905", True): None}


def real_rows() -> list[dict[str, Any]]:
    folder = os.environ.get("KIJUN_REFERENCE")
    if not folder:
        pytest.skip("reference material not at hand")
    sheet = openpyxl.load_workbook(Path(folder) / "data" / "takamatsu" / "tax" / "0097.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_a_real_citys_table_has_our_columns_and_adds_up_with_what_is_not_yet_refunded() -> None:
    rows = real_rows()
    assert set(COLUMNS) - set(rows[0]) == {"refundable", "refundExpenditure"}
    refundable = []
    for row in rows:
        adjusted, income, lost, unpaid = (
            int(row[name]) for name in ("adjustedAmount", "incomeAmount", "nonPaymentDeficit", "unpaidIncome")
        )
        # The table leaves the refundable out; it is what its lines lack, and never less than nothing.
        line = Line("", False, adjusted, income, lost, unpaid, income + lost + unpaid - adjusted)
        assert line.refundable >= 0
        assert line.is_consistent
        rate = row["incomeRate"]
        assert written(line.rate) == (rate if rate == "-" else f"{float(rate):.1f}")
        refundable.append(line.refundable)
    # Lines of taxes, then the sums of the current, of the carried over, of all.
    assert refundable[-1] == refundable[-2] + refundable[-3] == sum(refundable[:-3])
    assert refundable[0] == 21_833_735
