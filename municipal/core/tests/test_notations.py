"""The fourteen notations of an unknown date, and texts that only look like one (不詳日の表記)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipal.core.dates import RegisterDate
from municipal.core.eras import Era, eras
from municipal.core.notations import FORMS, read_notation
from municipal.core.refusals import Refused

# One of each form in the order of 1.1.8: text, (year, month, day) known, earliest, latest.
FOURTEEN = [
    ("令和5年頃", (2023, 0, 0), "2023-01-01", "2023-12-31"),
    ("令和5年2月頃", (2023, 2, 0), "2023-02-01", "2023-02-28"),
    ("令和5年3月2日頃", (2023, 3, 2), "2023-03-02", "2023-03-02"),
    ("推定令和5年3月2日", (2023, 3, 2), "2023-03-02", "2023-03-02"),
    ("推定令和5年3月", (2023, 3, 0), "2023-03-01", "2023-03-31"),
    ("令和5年春", (2023, 0, 0), "2023-02-01", "2023-05-31"),
    ("令和5年3月上旬", (2023, 3, 0), "2023-03-01", "2023-03-10"),
    ("令和5年3月中旬頃", (2023, 3, 0), "2023-03-11", "2023-03-20"),
    ("年月日不詳", (0, 0, 0), "1868-01-25", "9999-12-31"),
    ("令和5年 月日不詳", (2023, 0, 0), "2023-01-01", "2023-12-31"),
    ("令和5年3月 日不詳", (2023, 3, 0), "2023-03-01", "2023-03-31"),
    ("令和5年3月2日から4月10日頃までの間", (2023, 0, 0), "2023-03-02", "2023-04-10"),
    ("令和5年3月推定2日から10日までの間", (2023, 3, 0), "2023-03-02", "2023-03-10"),
    ("令和5年3月2日頃から10日頃までの間", (2023, 3, 0), "2023-03-02", "2023-03-10"),
]


@pytest.mark.clause("resident-record/1.0#1.1.8/m2")
@pytest.mark.parametrize(("text", "known", "earliest", "latest"), FOURTEEN)
def test_each_notation_is_read_with_what_it_says(
    text: str, known: tuple[int, int, int], earliest: str, latest: str
) -> None:
    value = RegisterDate.entered(text)
    assert (value.year, value.month, value.day) == known
    assert (value.earliest().isoformat(), value.latest().isoformat()) == (earliest, latest)
    assert value.notation == value.shown() == text
    assert RegisterDate.parse(str(value)) == value


def test_there_are_fourteen_forms_and_each_has_its_example() -> None:
    assert len(FORMS) == len(FOURTEEN) == 14
    assert all(read_notation(example[0]) is not None for example in FOURTEEN)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("昭和25年夏", "1950-05-01", "1950-08-31"),
        ("昭和25年秋", "1950-08-01", "1950-11-30"),
        ("昭和25年冬", "1950-01-01", "1950-12-31"),
        ("平成5年2月下旬", "1993-02-21", "1993-02-28"),
        ("平成4年2月下旬頃", "1992-02-21", "1992-02-29"),
        ("令和5年3月中旬", "2023-03-11", "2023-03-20"),
        ("令和5年3月上旬頃", "2023-03-01", "2023-03-10"),
        ("令和5年3月2日から3月10日頃までの間", "2023-03-02", "2023-03-10"),
        ("昭和58年2月29日頃", "1983-02-28", "1983-02-28"),
        ("1985年4月頃", "1985-04-01", "1985-04-30"),
    ],
)
def test_seasons_thirds_of_a_month_and_gregorian_years_are_read(text: str, earliest: str, latest: str) -> None:
    value = RegisterDate.entered(text)
    assert (value.earliest().isoformat(), value.latest().isoformat()) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("明治元年頃", "1868-01-25", "1868-12-31"),
        ("明治45年 月日不詳", "1912-01-01", "1912-07-30"),
        ("大正元年 月日不詳", "1912-07-30", "1912-12-31"),
        ("大正15年12月 日不詳", "1926-12-01", "1926-12-25"),
        ("昭和元年 月日不詳", "1926-12-25", "1926-12-31"),
        ("昭和64年 月日不詳", "1989-01-01", "1989-01-07"),
        ("平成元年1月上旬", "1989-01-08", "1989-01-10"),
        ("平成31年春", "2019-02-01", "2019-04-30"),
        ("令和元年春", "2019-05-01", "2019-05-31"),
        ("明治45年7月30日頃", "1912-07-30", "1912-07-30"),
        ("推定大正15年12月25日", "1926-12-25", "1926-12-25"),
    ],
)
def test_an_era_cuts_what_a_notation_can_mean(text: str, earliest: str, latest: str) -> None:
    value = RegisterDate.entered(text)
    assert (value.earliest().isoformat(), value.latest().isoformat()) == (earliest, latest)
    assert value.shown() == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("令和０５年０３月頃", "令和5年3月頃"),
        ("令和1年頃", "令和元年頃"),
        ("昭和25年月日不詳", "昭和25年 月日不詳"),
        ("昭和25年　月日不詳", "昭和25年 月日不詳"),
        (" 昭和25年3月日不詳 ", "昭和25年3月 日不詳"),
        ("㍼25年頃", "昭和25年頃"),
    ],
)
def test_a_notation_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert RegisterDate.entered(typed).notation == kept


@pytest.mark.parametrize(
    "text",
    [
        "令和5年ころ",
        "5年頃",
        "令和年頃",
        "令和5年3頃",
        "推定令和5年",
        "推定令和5年3月2日頃",
        "令和5年春頃",
        "令和5年3月春",
        "令和5年梅雨",
        "令和5年上旬",
        "令和5年3月初旬",
        "年月不詳",
        "令和 年月日不詳",
        "令和5年 日不詳",
        "令和5年3月 月日不詳",
        "令和5年3月2日から4月10日までの間",
        "令和5年3月2日頃から4月10日頃までの間",
        "令和5年3月2日から4月10日頃まで",
        "令和5年3月2日から令和5年4月10日頃までの間",
        "令和5年3月推定2日から推定10日までの間",
        "令和5年3月推定2日から10日頃までの間",
        "令和5年3月2日から10日頃までの間",
        "慶応3年頃",
        "令和5年頃<script>",
        "令和5年頃\n令和6年頃",
        "S25年頃",
    ],
)
def test_a_text_that_only_looks_like_a_notation_is_refused(text: str) -> None:
    assert read_notation(text) is None
    with pytest.raises(Refused, match="決められた不詳の書き方"):
        RegisterDate.entered(text)


@pytest.mark.parametrize(
    "text",
    [
        "平成40年頃",
        "昭和64年2月頃",
        "昭和64年春",
        "昭和64年1月中旬",
        "推定昭和64年1月8日",
        "令和元年4月 日不詳",
        "平成元年1月7日頃",
        "平成元年1月5日頃から10日頃までの間",
        "昭和64年1月5日から1月10日頃までの間",
        "令和0年頃",
    ],
)
def test_a_notation_outside_its_era_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="元号の期間に入りません"):
        RegisterDate.entered(text)


@pytest.mark.parametrize(
    "text",
    [
        "令和5年4月2日から3月10日頃までの間",
        "令和5年3月2日から3月2日頃までの間",
        "令和5年3月推定10日から2日までの間",
        "令和5年3月10日頃から10日頃までの間",
    ],
)
def test_a_range_that_ends_before_it_begins_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="始まりの日より後"):
        RegisterDate.entered(text)


@pytest.mark.parametrize("text", ["令和5年0月頃", "令和5年13月上旬", "令和5年3月推定2日から32日までの間"])
def test_a_notation_has_real_numbers_of_months_and_days(text: str) -> None:
    with pytest.raises(Refused, match="月は1から12まで"):
        RegisterDate.entered(text)


@pytest.mark.parametrize(
    ("text", "in_era", "in_gregorian"),
    [
        ("1985年4月1日頃", "昭和60年4月1日頃", "1985年4月1日頃"),
        ("2019年4月頃", "平成31年4月頃", "2019年4月頃"),
        ("2019年春", "2019年春", "2019年春"),
        ("昭和64年頃", "昭和64年頃", "1989年頃"),
        (
            "令和5年3月2日から4月10日頃までの間",
            "令和5年3月2日から4月10日頃までの間",
            "2023年3月2日から4月10日頃までの間",
        ),
    ],
)
def test_a_notation_is_shown_in_either_calendar(text: str, in_era: str, in_gregorian: str) -> None:
    value = RegisterDate.entered(text)
    assert (value.shown(), value.shown_gregorian()) == (in_era, in_gregorian)


@given(
    form=st.sampled_from([form for form in FORMS if "{year}" in form]),
    era=st.sampled_from(["昭和", "平成", "令和"]),
    year=st.integers(3, 30),
    month=st.integers(1, 11),
    days=st.tuples(st.integers(1, 15), st.integers(16, 31)),
    season=st.sampled_from("春夏秋冬"),
    third=st.sampled_from("上中下"),
)
def test_every_notation_in_every_era_goes_round(
    form: str, era: str, year: int, month: int, days: tuple[int, int], season: str, third: str
) -> None:
    first, last = days
    later = {"until_month": month + 1, "until_day": last}
    text = form.format(year=f"{era}{year}", month=month, day=first, season=season, third=third, **later)
    value = RegisterDate.entered(text)
    assert RegisterDate.parse(str(value)) == value
    assert value.shown() == text
    assert value.earliest() <= value.latest()
    assert value.earliest().year == value.latest().year == value.year
    assert RegisterDate.entered(value.shown_gregorian()).shown() == text


@given(st.sampled_from(eras()), st.integers(1, 99), st.integers(1, 12))
def test_no_bound_ever_leaves_the_written_era(era: Era, year: int, month: int) -> None:
    try:
        value = RegisterDate.entered(f"{era.name_ja}{year}年{month}月頃")
    except Refused:
        outside = (era.starts_on.year + year - 1, month)
        assert not (era.starts_on.year, era.starts_on.month) <= outside <= (era.last_day().year, era.last_day().month)
    else:
        assert era.starts_on <= value.earliest() <= value.latest() <= era.last_day() <= date.max
