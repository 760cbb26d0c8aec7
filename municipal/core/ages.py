"""Ages by Japanese law (年齢計算).

年齢計算ニ関スル法律 (明治35年法律第50号) counts from the day of birth itself, and Civil Code article 143 ends
each year with the day before the birthday. So a year of age is attained at the END of that day: on the day
``attains_on`` names a person is still a year younger by the clock, and has the new age from the next day, the
birthday. ``age_on`` speaks of the age somebody has during a day. A person born on 29 February attains every
year at the end of 28 February, and in a year without the day has the new age from 1 March on. Rules that ask
on which day an age is attained (school entry, pensions) use ``attains_on``.
"""

from datetime import date, timedelta

from municipal.core.dates import RegisterDate


def attains_on(birth: date, age: int) -> date:
    """The day at whose end the age is attained: the day before the birthday (年齢に達する日).

    29 February counts as attained at the end of 28 February, in leap years too.
    """
    year = birth.year + age
    if (birth.month, birth.day) == (2, 29):
        return date(year, 2, 28)
    return date(year, birth.month, birth.day) - timedelta(days=1)


def age_on(birth: RegisterDate, day: date) -> int | None:
    """The age during a day, as screens show it: on the birthday it is the new one (年齢).

    None before birth, and None when the unknown part of the birth date leaves more than one answer.
    A day that does not exist counts by its written month and day: 1999-02-29 as any 29 February.
    """
    this_day = (day.month, day.day)
    ages = {day.year - year - (this_day < (month, of)) for year, month, of in _written_bounds(birth)}
    age = ages.pop()
    return None if ages or age < 0 else age


def school_year_of(birth: RegisterDate) -> int | None:
    """The Gregorian year whose school year (2 April to 1 April) a birth belongs to (学齢の年度).

    Born on 1 April 2021 is 2020: the age is attained on 31 March, so school begins a year earlier than for
    2 April. Elementary school begins in April of this year + 7 (学校教育法 article 17).
    None when the unknown part of the birth date leaves two answers.
    """
    years = {year - ((month, of) <= (4, 1)) for year, month, of in _written_bounds(birth)}
    return years.pop() if len(years) == 1 else None


def _written_bounds(birth: RegisterDate) -> tuple[tuple[int, int, int], ...]:
    """Year, month and day of the earliest and the latest birth that the register's date can mean."""
    if not birth.is_unknown:
        return ((birth.year, birth.month, birth.day),)
    return tuple((bound.year, bound.month, bound.day) for bound in (birth.earliest(), birth.latest()))
