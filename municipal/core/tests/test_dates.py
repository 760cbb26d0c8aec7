"""A date of the register: exact, impossible, or unknown in part, and nothing else (台帳の年月日)."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core.dates import MAX_LENGTH, RegisterDate
from municipal.core.eras import parse_day, wareki
from municipal.core.refusals import Refused

DAYS = st.dates(date(1868, 1, 25), date(2117, 12, 31))

STORED = [
    ("昭和25年1月1日", "1950-01-01"),
    ("昭和25年2月30日", "1950-02-30"),
    ("昭和25年 月日不詳", "1950-00-00/昭和25年 月日不詳"),
    ("年月日不詳", "0000-00-00/年月日不詳"),
    ("明治45年7月30日", "1912-07-30@M"),
    ("M45.7.30", "1912-07-30@M"),
    ("1450730", "1912-07-30@M"),
    ("大正15年12月25日", "1926-12-25@T"),
    ("2151225", "1926-12-25@T"),
    ("大正元年7月30日", "1912-07-30"),
    ("1912-07-30", "1912-07-30"),
    ("昭和元年12月25日", "1926-12-25"),
    ("昭和58年2月29日", "1983-02-29"),
    ("R5.2.29", "2023-02-29"),
    ("4050229", "1993-02-29"),
    ("20230229", "2023-02-29"),
    ("R6.2.29", "2024-02-29"),
    ("平成31年4月31日", "2019-04-31"),
    ("Ｒ５．２．３１", "2023-02-31"),
    ("昭和２５年３月　日不詳", "1950-03-00/昭和25年3月 日不詳"),
]


@pytest.mark.clause("resident-record/1.0#1.1.8/m2")
@pytest.mark.parametrize(("typed", "stored"), STORED)
def test_what_a_clerk_types_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert str(RegisterDate.entered(typed)) == stored


@pytest.mark.parametrize("stored", sorted({stored for _, stored in STORED}))
def test_the_stored_form_is_read_back_and_written_alike(stored: str) -> None:
    assert str(RegisterDate.parse(stored)) == stored


@pytest.mark.clause("resident-record/1.0#1.1.9/m3")
@pytest.mark.parametrize(
    ("typed", "shown", "gregorian"),
    [
        ("R8.11.23", "令和8年11月23日", "2026年11月23日"),
        ("1985-04-01", "昭和60年4月1日", "1985年4月1日"),
        ("2019-05-01", "令和元年5月1日", "2019年5月1日"),
        ("20230229", "令和5年2月29日", "2023年2月29日"),
        ("2019-04-31", "平成31年4月31日", "2019年4月31日"),
        ("M45.7.30", "明治45年7月30日", "1912年7月30日"),
        ("T15.12.25", "大正15年12月25日", "1926年12月25日"),
        ("T1.7.30", "大正元年7月30日", "1912年7月30日"),
        ("年月日不詳", "年月日不詳", "年月日不詳"),
        ("昭和60年 月日不詳", "昭和60年 月日不詳", "1985年 月日不詳"),
        ("1985年 月日不詳", "昭和60年 月日不詳", "1985年 月日不詳"),
        ("1989年 月日不詳", "1989年 月日不詳", "1989年 月日不詳"),
    ],
)
def test_a_date_is_shown_in_its_era_and_for_foreigners_in_gregorian(typed: str, shown: str, gregorian: str) -> None:
    value = RegisterDate.entered(typed)
    assert value.shown() == shown
    assert value.shown_gregorian() == gregorian


@pytest.mark.parametrize(
    ("typed", "exact", "impossible", "unknown", "day"),
    [
        ("R6.2.29", True, False, False, date(2024, 2, 29)),
        ("M45.7.30", True, False, False, date(1912, 7, 30)),
        ("R5.2.29", False, True, False, None),
        ("R5.4.31", False, True, False, None),
        ("令和5年3月2日頃", False, False, True, None),
        ("年月日不詳", False, False, True, None),
    ],
)
def test_a_date_is_exactly_one_of_three_things(
    typed: str, exact: bool, impossible: bool, unknown: bool, day: date | None
) -> None:
    value = RegisterDate.entered(typed)
    assert (value.is_exact, value.is_impossible, value.is_unknown) == (exact, impossible, unknown)
    assert value.date == day


@pytest.mark.parametrize(
    ("typed", "earliest", "latest"),
    [
        ("R8.11.23", "2026-11-23", "2026-11-23"),
        ("M45.7.30", "1912-07-30", "1912-07-30"),
        ("R5.2.29", "2023-02-28", "2023-03-01"),
        ("R5.2.31", "2023-02-28", "2023-03-01"),
        ("R6.2.30", "2024-02-29", "2024-03-01"),
        ("H31.4.31", "2019-04-30", "2019-05-01"),
        ("年月日不詳", "1868-01-25", "9999-12-31"),
        ("昭和25年 月日不詳", "1950-01-01", "1950-12-31"),
    ],
)
def test_the_bounds_hold_every_meaning(typed: str, earliest: str, latest: str) -> None:
    value = RegisterDate.entered(typed)
    assert (value.earliest().isoformat(), value.latest().isoformat()) == (earliest, latest)


@pytest.mark.parametrize(
    "typed",
    [
        "平成40年1月1日",
        "昭和64年1月8日",
        "明治45年7月31日",
        "大正15年12月26日",
        "昭和64年2月29日",
        "H31.5.1",
        "R1.4.31",
    ],
)
def test_no_other_day_may_stand_in_the_wrong_era(typed: str) -> None:
    with pytest.raises(Refused, match="元号の期間に入りません"):
        RegisterDate.entered(typed)


@pytest.mark.parametrize("typed", ["", "不詳", "R8", "昭和25年", "昔", "2026-11-23頃", "令和5年頃\x00"])
def test_any_other_text_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(Refused, match="不詳の書き方で入力してください"):
        RegisterDate.entered(typed)


@pytest.mark.parametrize("typed", ["1868-01-24", "1867年頃", "0000年頃", "明治0年頃"])
def test_nothing_before_meiji_is_accepted(typed: str) -> None:
    with pytest.raises(Refused, match="明治より前"):
        RegisterDate.entered(typed)


@pytest.mark.parametrize("typed", ["R5.2.32", "R5.13.1", "20230200", "令和5年13月頃", "令和5年2月32日頃"])
def test_an_impossible_day_is_still_a_month_and_a_day(typed: str) -> None:
    with pytest.raises(Refused, match="月は1から12まで"):
        RegisterDate.entered(typed)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "1950-1-1",
        "19500101",
        " 1950-01-01",
        "1950-01-01\n",
        "1950-01-01@",
        "1950-01-01/",
        "1950-01-01@m",
        "昭和25年1月1日",
    ],
)
def test_a_text_that_is_no_stored_form_is_refused(stored: str) -> None:
    with pytest.raises(Refused, match="保存された日付の形"):
        RegisterDate.parse(stored)


@pytest.mark.parametrize(
    "stored",
    [
        "1951-00-00/昭和25年 月日不詳",
        "1950-01-00/昭和25年 月日不詳",
        "1950-01-01/年月日不詳",
        "1950-00-00/昭和25年　月日不詳",
        "1950-00-00/昭和25年月日不詳",
        "1950-00-00/ 昭和25年 月日不詳",
        "1950-01-01/昭和25年1月1日",
        "1950-00-00/何か",
        "1912-07-30@M/明治45年7月30日頃",
    ],
)
def test_a_stored_notation_must_agree_with_its_numbers_and_spelling(stored: str) -> None:
    with pytest.raises(Refused, match="不詳の書き方が合いません"):
        RegisterDate.parse(stored)


@pytest.mark.parametrize("stored", ["1912-07-30@T", "1912-07-29@M", "1926-12-25@S", "1950-01-01@S", "1989-01-08@S"])
def test_a_stored_era_is_only_that_of_the_two_border_days(stored: str) -> None:
    with pytest.raises(Refused, match="元号の期間に入りません"):
        RegisterDate.parse(stored)


@pytest.mark.parametrize("stored", ["0000-00-00", "1950-00-00", "1950-01-00", "1950-00-01", "1950-13-01", "1950-01-32"])
def test_a_missing_part_needs_a_notation(stored: str) -> None:
    with pytest.raises(Refused, match="年月日がそろっていません"):
        RegisterDate.parse(stored)


def test_the_stored_form_sorts_by_what_is_known() -> None:
    in_order = ["年月日不詳", "昭和25年 月日不詳", "昭和25年2月 日不詳", "S25.2.28", "S25.2.30", "S25.3.1"]
    values = [RegisterDate.entered(typed) for typed in reversed(in_order)]
    assert sorted(values, key=str) == values[::-1]


def test_the_longest_date_fits_its_column() -> None:
    longest = RegisterDate.entered("昭和63年10月30日から12月31日頃までの間")
    assert len(str(longest)) <= MAX_LENGTH
    assert RegisterDate.parse(str(longest)) == longest


def test_a_border_day_in_its_old_era_is_another_value_of_the_same_day() -> None:
    old, new = RegisterDate.entered("T15.12.25"), RegisterDate.entered("S1.12.25")
    assert old != new
    assert old.date == new.date == date(1926, 12, 25)


def test_a_register_date_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        RegisterDate.exact(date(2026, 11, 23)).year = 2025  # type: ignore[misc]


@given(DAYS)
def test_every_exact_day_goes_round(day: date) -> None:
    value = RegisterDate.exact(day)
    assert str(value) == day.isoformat()
    assert RegisterDate.parse(str(value)) == value == RegisterDate.entered(wareki(day))
    assert value.date == value.earliest() == value.latest() == day
    assert parse_day(value.shown()) == parse_day(value.shown_gregorian()) == day


@given(st.integers(1869, 2117), st.integers(1, 12), st.integers(1, 31))
def test_every_written_day_goes_round_whether_it_exists_or_not(year: int, month: int, day: date) -> None:
    value = RegisterDate.entered(f"{year}{month:02}{day:02}")
    assert RegisterDate.parse(str(value)) == value
    assert RegisterDate.entered(value.shown()) == RegisterDate.entered(value.shown_gregorian()) == value
    assert value.is_exact != value.is_impossible
    assert (value.earliest() == value.latest()) == value.is_exact


@given(st.text(max_size=30) | st.text("0123456789年月日頃不詳推定昭和平成元RHS./-@ ", max_size=20))
def test_no_text_does_anything_but_pass_or_be_refused(text: str) -> None:
    for read in (RegisterDate.entered, RegisterDate.parse):
        with suppress(Refused):
            assert RegisterDate.parse(str(read(text))) == read(text)
