"""Instalments, due days, the order of allocation (期割・納期限・充当の試験)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from municipal.core.codes import STANDARDS, rows
from municipal.core.refusals import Refused
from municipal.payments.rules.allocation import COSTS_FIRST, PRINCIPAL_FIRST, Owed, allocate
from municipal.payments.rules.instalments import due_days, instalments


@pytest.mark.parametrize(
    ("total", "count", "unit", "parts"),
    [
        (100_900, 4, 1_000, [25_900, 25_000, 25_000, 25_000]),
        (100_000, 4, 1_000, [25_000] * 4),
        (3_999, 4, 1_000, [3_999, 0, 0, 0]),
        (4_000, 4, 1_000, [1_000] * 4),
        (123_456, 10, 100, [12_756, *[12_300] * 9]),
        (0, 3, 1, [0, 0, 0]),
        (7, 1, 1_000, [7]),
    ],
)
def test_what_is_over_goes_into_the_first_part(total: int, count: int, unit: int, parts: list[int]) -> None:
    assert instalments(total, count, unit=unit) == parts


@given(some.integers(0, 10**10), some.integers(1, 12), some.sampled_from([1, 100, 1_000]))
def test_no_yen_is_lost_in_the_parts(total: int, count: int, unit: int) -> None:
    parts = instalments(total, count, unit=unit)
    assert sum(parts) == total
    assert len(parts) == count
    assert min(parts) >= 0


@pytest.mark.parametrize("said", [(-1, 4, 1_000), (1_000, 0, 1_000), (1_000, 1, 0)])
def test_what_cannot_be_divided_is_refused(said: tuple[int, int, int]) -> None:
    with pytest.raises(Refused):
        instalments(said[0], said[1], unit=said[2])


def test_a_due_day_on_a_closed_day_moves_to_the_next_open_one() -> None:
    assert due_days([date(2026, 10, 31), date(2026, 12, 31)]) == [date(2026, 11, 2), date(2027, 1, 4)]
    assert due_days([date(2026, 10, 31)], closed=[date(2026, 11, 2)]) == [date(2026, 11, 4)]


def test_due_days_out_of_order_are_refused() -> None:
    with pytest.raises(Refused):
        due_days([date(2026, 8, 31), date(2026, 8, 31)])


def test_a_part_payment_of_tax_pays_the_principal_first_and_of_a_private_claim_the_costs() -> None:
    owed = Owed(principal=10_000, interest=500, costs=100)
    tax, private = allocate(10_050, owed, PRINCIPAL_FIRST), allocate(10_050, owed, COSTS_FIRST)
    assert (tax.principal, tax.costs, tax.interest, tax.excess) == (10_000, 50, 0, 0)
    assert (private.costs, private.interest, private.principal, private.excess) == (100, 500, 9_450, 0)


@given(
    some.integers(1, 10**9), some.integers(0, 10**8), some.integers(0, 10**6), some.integers(0, 10**4),
    some.sampled_from([PRINCIPAL_FIRST, COSTS_FIRST]),
)  # fmt: skip
def test_every_yen_that_is_paid_goes_somewhere(paid: int, principal: int, interest: int, costs: int, way: str) -> None:
    found = allocate(paid, Owed(principal, interest, costs), way)
    assert found.principal + found.interest + found.costs + found.excess == paid
    assert found.excess == max(paid - principal - interest - costs, 0)


@pytest.mark.parametrize("paid", [0, -1])
def test_nothing_is_no_payment(paid: int) -> None:
    with pytest.raises(Refused):
        allocate(paid, Owed(100), PRINCIPAL_FIRST)


def test_every_fee_has_a_class_that_exists_and_every_class_an_order() -> None:
    folder = STANDARDS / "fees" / "1"
    classes = {row["code"]: row for row in rows(folder / "claim_classes.csv")}
    fees = list(rows(folder / "fees.csv"))
    assert {row["claim_class"] for row in fees} == set(classes)
    assert {row["allocation"] for row in classes.values()} == {PRINCIPAL_FIRST, COSTS_FIRST}
    assert len({row["code"] for row in fees}) == len(fees)
    assert all(len(row["code"]) == 3 and row["code"].startswith("9") for row in fees)
