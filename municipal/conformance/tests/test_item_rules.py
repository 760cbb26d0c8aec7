"""Which items the general rules concern, and how much their vectorised forms suspect (項目の規則の試験)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from municipal.conformance.packs import Item, load
from municipal.conformance.rules import Context, all_rules

PACK = load(Path(__file__).parent / "packs" / "example" / "1")
DAY = date(2026, 11, 23)
ITEM = PACK.items[0]


def changed(**facts: object) -> Item:
    return replace(ITEM, number="", codes="", condition="", **facts)  # type: ignore[arg-type]


def unsettled(code: str, item: Item) -> bool | None:
    ask = all_rules()[code].is_unsettled
    assert ask is not None
    return ask(item, PACK)


def concerned(code: str, item: Item) -> bool:
    ask = all_rules()[code].concerns
    assert ask is not None
    return ask(item)


def suspected(code: str, item: Item, values: list[str]) -> list[str]:
    fast = all_rules()[code].fast
    assert fast is not None
    cells = pl.DataFrame({"c0": values})
    accepted = cells.select(fast(pl.col("c0"), item, Context(PACK, DAY, DAY)).alias("right"), "c0")
    return accepted.filter(~pl.col("right"))["c0"].to_list()


@pytest.mark.parametrize(("codes", "is_judged", "cannot_tell"), [
    ("", False, False), ("999", False, False), ("kind", True, False), ("never published", True, True),
])  # fmt: skip
def test_a_list_is_judged_unless_it_is_free_and_cannot_be_told_unless_it_is_published(
    codes: str, is_judged: bool, cannot_tell: bool
) -> None:
    item = replace(ITEM, codes=codes)
    assert concerned("ITEM-0007", item) is is_judged
    assert unsettled("ITEM-0007", item) is cannot_tell


def test_of_a_list_that_is_not_published_no_code_is_suspected() -> None:
    assert suspected("ITEM-0007", replace(ITEM, codes="never published"), ["1", "x"]) == []


@pytest.mark.parametrize(("presence", "condition", "is_judged", "cannot_tell"), [
    ("conditional", "種別=3", True, False), ("conditional", "", False, True),
    ("required", "", False, False), ("optional", "種別=3", False, False),
])  # fmt: skip
def test_a_condition_is_judged_where_the_list_states_it(
    presence: str, condition: str, is_judged: bool, cannot_tell: bool
) -> None:
    item = replace(ITEM, presence=presence, condition=condition)
    assert concerned("ITEM-0002", item) is is_judged
    assert unsettled("ITEM-0002", item) is cannot_tell


@pytest.mark.parametrize(("number", "codes", "expected"), [
    ("", "", True), ("", "999", True), ("", "kind", False), ("individual_number", "", False),
])  # fmt: skip
def test_the_width_of_numbers_and_codes_is_left_to_their_own_rules(number: str, codes: str, expected: bool) -> None:
    assert concerned("ITEM-0004", replace(ITEM, type="X", number=number, codes=codes)) is expected


def test_a_length_concerns_items_that_have_one_and_no_decimals() -> None:
    assert concerned("ITEM-0003", changed(max_length=6))
    assert not concerned("ITEM-0003", changed(max_length=None))
    assert not concerned("ITEM-0003", changed(max_length=6, decimals=2))


@pytest.mark.parametrize(("kind", "limit", "values"), [
    ("N", 4, ["甲野一郎", "甲"]), ("XN", 4, ["甲野一郎", "abcd"]), ("X", 4, ["abcd", "1"]), ("9", 4, ["1234"]),
])  # fmt: skip
def test_no_value_of_the_right_length_is_suspected(kind: str, limit: int, values: list[str]) -> None:
    assert suspected("ITEM-0003", changed(type=kind, max_length=limit), [*values, "甲野一郎二"]) == ["甲野一郎二"]


@pytest.mark.parametrize("may_be_unknown", [False, True])
@pytest.mark.parametrize(("kind", "values"), [
    ("DATE", ["0001-01-01", "2024-02-29", "2026-11-23"]), ("MONTH", ["2026-11"]), ("TIME", ["09:30", "09:30:15"]),
    ("MOMENT", ["2026-11-23T09:30:00", "2026-11-23 09:30:00+09:00"]),
])  # fmt: skip
def test_no_usual_day_month_or_time_is_suspected(kind: str, values: list[str], may_be_unknown: bool) -> None:
    item = changed(type=kind, may_be_unknown=may_be_unknown)
    assert suspected("ITEM-0006", item, [*values, "R8.4.1"]) == ["R8.4.1"]
