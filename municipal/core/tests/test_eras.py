"""The eras, day by day at their borders, and every way of writing a day (元号・和暦)."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core import eras
from municipal.core.eras import (
    era_of,
    era_on,
    parse_day,
    wareki,
    wareki_fiscal_year,
    wareki_month,
    wareki_short,
    written_day,
)
from municipal.core.refusals import Refused

DAYS = st.dates(date(1868, 1, 25), date(2117, 12, 31))

BORDERS = [
    ("1868-01-25", "M", "明治元年1月25日", "M1.1.25"),
    ("1868-12-31", "M", "明治元年12月31日", "M1.12.31"),
    ("1869-01-01", "M", "明治2年1月1日", "M2.1.1"),
    ("1912-07-29", "M", "明治45年7月29日", "M45.7.29"),
    ("1912-07-30", "T", "大正元年7月30日", "T1.7.30"),
    ("1926-12-24", "T", "大正15年12月24日", "T15.12.24"),
    ("1926-12-25", "S", "昭和元年12月25日", "S1.12.25"),
    ("1926-12-31", "S", "昭和元年12月31日", "S1.12.31"),
    ("1927-01-01", "S", "昭和2年1月1日", "S2.1.1"),
    ("1989-01-07", "S", "昭和64年1月7日", "S64.1.7"),
    ("1989-01-08", "H", "平成元年1月8日", "H1.1.8"),
    ("2019-04-30", "H", "平成31年4月30日", "H31.4.30"),
    ("2019-05-01", "R", "令和元年5月1日", "R1.5.1"),
    ("2026-11-23", "R", "令和8年11月23日", "R8.11.23"),
]


@pytest.mark.parametrize(("iso", "letter", "long", "short"), BORDERS)
def test_every_border_day_is_in_its_era_and_is_written_so(iso: str, letter: str, long: str, short: str) -> None:
    day = date.fromisoformat(iso)
    assert era_of(day).letter == letter
    assert wareki(day) == long
    assert wareki_short(day) == short


@pytest.mark.parametrize(("iso", "letter", "long", "short"), BORDERS)
def test_every_border_day_is_read_back(iso: str, letter: str, long: str, short: str) -> None:
    day = date.fromisoformat(iso)
    assert parse_day(long) == parse_day(short) == parse_day(iso) == day


def test_the_five_eras_have_their_register_codes() -> None:
    assert [(era.code, era.name_ja, era.name_en) for era in eras.eras()] == [
        (1, "明治", "Meiji"),
        (2, "大正", "Taisho"),
        (3, "昭和", "Showa"),
        (4, "平成", "Heisei"),
        (5, "令和", "Reiwa"),
    ]


def test_each_era_lasts_until_its_last_register_day() -> None:
    last = [era.last_day().isoformat() for era in eras.eras()]
    assert last == ["1912-07-30", "1926-12-25", "1989-01-07", "2019-04-30", "9999-12-31"]


@pytest.mark.clause("resident-record/1.0#1.3.6/m1", "resident-record/1.0#1.3.6/m2")
def test_a_new_era_is_one_more_line_of_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "eras.csv"
    line = "6,X,未来,Mirai,2040-04-01,,provisional,made up\n"
    table.write_text(eras._TABLE.read_text(encoding="utf-8") + line, encoding="utf-8")
    caches = (eras.eras, eras._day_forms, eras._eras_by_sign)
    monkeypatch.setattr(eras, "_TABLE", table)
    try:
        for cached in caches:
            cached.cache_clear()
        assert wareki(date(2040, 3, 31)) == "令和22年3月31日"
        assert wareki(date(2040, 4, 1)) == "未来元年4月1日"
        assert parse_day("x2.1.1") == parse_day("6020101") == date(2041, 1, 1)
        with pytest.raises(Refused):
            parse_day("R22.4.1")
    finally:
        for cached in caches:
            cached.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        "R8.11.23",
        "r8/11/23",
        "R08-11-23",
        "令和8年11月23日",
        "令和 8年 11月 23日",
        "㋿8年11月23日",
        "5081123",
        "20261123",
        "2026-11-23",
        "2026/11/23",
        "2026年11月23日",
        " 2026-11-23\n",
        "Ｒ８．１１．２３",
        "ｒ８／１１／２３",
        "令和８年１１月２３日",
        "５０８１１２３",
        "２０２６－１１－２３",
        "２０２６１１２３",
    ],
)
def test_one_day_is_read_from_every_form(text: str) -> None:
    assert parse_day(text) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4050101", date(1993, 1, 1)),
        ("19930101", date(1993, 1, 1)),
        ("3640107", date(1989, 1, 7)),
        ("4010108", date(1989, 1, 8)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("R6.2.29", date(2024, 2, 29)),
        ("20000229", date(2000, 2, 29)),
    ],
)
def test_digits_and_first_years_are_read(text: str, day: date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "R8",
        "R8.11",
        "R8.11/23",
        "R8.11.23.1",
        "R 8.11.23",
        "Q8.11.23",
        "6010101",
        "0010101",
        "慶応3年1月1日",
        "令和8年11月",
        "令和百年1月1日",
        "令和8年11月23",
        "26-11-23",
        "2026-11-23T00:00",
        "202611",
        "202611233",
        "2026-11/23",
        "٢٠٢٦-١١-٢٣",
        "2026-11-23\x00",
        "\u202e2026-11-23",
        "\ud8002026-11-23",
        "昭和25年頃",
        "年月日不詳",
        pytest.param("9" * 10_000, id="ten thousand digits"),
        pytest.param("令和" * 5_000, id="five thousand eras"),
    ],
)
def test_any_other_text_is_refused_with_the_forms_to_use(text: str) -> None:
    with pytest.raises(Refused, match="いずれかの形で入力してください"):
        parse_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "平成40年1月1日",
        "平成31年5月1日",
        "H31.5.1",
        "昭和64年1月8日",
        "S64.1.8",
        "3640108",
        "令和元年4月30日",
        "5010430",
        "R0.1.1",
        "平成元年1月7日",
        "大正元年7月29日",
        "昭和元年12月24日",
        "明治45年7月30日",
        "大正15年12月25日",
        "T15.12.25",
    ],
)
def test_a_day_outside_its_written_era_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="元号の期間に入りません"):
        parse_day(text)


@pytest.mark.parametrize("text", ["昭和58年2月29日", "R5.2.29", "5050229", "20230229", "2023-04-31", "H31.4.31"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="暦にない日付です"):
        parse_day(text)


@pytest.mark.parametrize(
    "text", ["R8.13.1", "R8.0.1", "R8.1.0", "R8.1.32", "20261301", "5081100", "2026112", "2026-1-0"]
)
def test_a_number_that_is_no_month_or_day_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="月は1から12まで"):
        parse_day(text)


@pytest.mark.parametrize("text", ["1868-01-24", "18680124", "M1.1.24", "0001-01-01", "0000-01-01"])
def test_a_day_before_the_first_era_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="明治より前"):
        parse_day(text)


def test_no_era_is_made_up_before_meiji() -> None:
    with pytest.raises(Refused, match="明治より前"):
        wareki(date(1868, 1, 24))


@pytest.mark.parametrize(("day", "letter"), [((2019, 4, 31), "H"), ((1989, 2, 30), "H"), ((1912, 6, 31), "M")])
def test_even_an_impossible_day_has_an_era(day: tuple[int, int, int], letter: str) -> None:
    assert era_on(*day).letter == letter


def test_a_written_day_keeps_the_era_it_was_written_in() -> None:
    day = written_day("M45.7.30")
    assert day is not None
    assert (day.year, day.month, day.day) == (1912, 7, 30)
    assert day.era is not None
    assert day.era.letter == "M"
    assert not day.is_in_its_era()


@given(DAYS)
def test_what_is_written_is_read_back(day: date) -> None:
    era = era_of(day)
    packed = f"{era.code}{day.year - era.starts_on.year + 1:02}{day:%m%d}"
    for text in (wareki(day), wareki_short(day), wareki_short(day).lower(), packed):
        assert parse_day(text) == day
    for text in (day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}"):
        assert parse_day(text) == day


@given(DAYS)
def test_full_width_reads_as_half_width(day: date) -> None:
    widen = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    assert parse_day(wareki_short(day).translate(widen)) == day
    assert parse_day(day.isoformat().translate(widen)) == day


def test_a_month_is_named_in_the_era_of_its_first_day() -> None:
    assert wareki_month(date(2026, 11, 30)) == "令和8年11月"
    assert wareki_month(date(1989, 1, 31)) == "昭和64年1月"
    assert wareki_month(date(2019, 5, 31)) == "令和元年5月"


@pytest.mark.parametrize(
    ("year", "words"), [(2026, "令和8年度"), (2019, "平成31年度"), (2020, "令和2年度"), (1989, "平成元年度")]
)
def test_a_fiscal_year_is_named_in_the_era_of_its_first_of_april(year: int, words: str) -> None:
    assert wareki_fiscal_year(year) == words
