"""What an application costs, and what is paid back (手数料の規則の試験; issue 7, sections 3 and 6)."""

from typing import Any

import pytest

from municipal.applications.rules.fees import Line, is_paid_back, item_of, lines_of, read, total
from municipal.payments.fees import fees
from municipal.procedures.catalogue import Entry, by_id, shipped


def entry(code: str) -> Entry:
    return by_id(shipped())[code]


@pytest.mark.parametrize(
    ("copies", "yen"),
    [(1, 300), (2, 600), (0, 300), (-3, 300), (None, 300), (True, 300), ("2", 300), (100, 30_000), (101, 30_000)],
)
def test_copies_are_counted_and_what_is_no_count_is_one(copies: Any, yen: int) -> None:
    assert total(lines_of(entry("resident-record-copy"), {"copies": copies})) == yen
    assert total(lines_of(entry("resident-record-copy"), {})) == 300


def test_bulky_waste_costs_by_the_piece_as_the_table_says() -> None:
    said = {"items": [{"item": "ソファ", "count": 2}, {"item": "自 転 車", "count": 1}, {"item": "ﾍﾞｯﾄﾞ", "count": 1}]}
    assert lines_of(entry("bulky-waste"), said) == (
        Line("ソファ", 2, 1000), Line("自 転 車", 1, 500), Line("ﾍﾞｯﾄﾞ", 1, 1500),
    )  # fmt: skip
    assert total(lines_of(entry("bulky-waste"), said)) == 4000


def test_an_unknown_item_has_no_price_and_nor_has_the_whole() -> None:
    lines = lines_of(entry("bulky-waste"), {"items": [{"item": "自転車", "count": 1}, {"item": "大砲", "count": 1}]})
    assert [one.yen for one in lines] == [500, None]
    assert total(lines) is None
    assert lines_of(entry("bulky-waste"), {}) == ()


def test_what_is_free_costs_nothing() -> None:
    assert lines_of(entry("child-allowance"), {}) == ()
    assert total(()) == 0


def test_every_fee_of_the_catalogue_is_an_item_that_is_known() -> None:
    costing = [one for one in shipped() if one.is_online and lines_of(one, {"items": [{"item": "机", "count": 1}]})]
    assert len(costing) > 8
    assert {item_of(one) for one in costing} <= fees().keys()


def test_lines_come_back_as_they_were_kept() -> None:
    lines = (Line("机", 2, 1000), Line("大砲", 1, None))
    assert read([one.stored() for one in lines]) == lines


@pytest.mark.parametrize(
    ("state", "is_made", "is_back"),
    [
        ("withdrawn", False, True), ("withdrawn", True, False), ("rejected", False, True), ("rejected", True, True),
        ("expired", False, True), ("error", False, True), ("done", True, False), ("approved", False, False),
        ("payable", False, False),
    ],
)  # fmt: skip
def test_what_was_paid_goes_back_unless_something_was_made_of_it(state: str, is_made: bool, is_back: bool) -> None:
    assert is_paid_back(state, is_made=is_made) is is_back
