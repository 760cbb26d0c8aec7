"""From which month a child allowance is paid, and through which (児童手当の支給月).

Child Allowance Act, articles 7 and 8, and the ordinance of its enforcement; the articles were not read where they
stand, so everything that follows from here is shown as unverified.
"""

from collections.abc import Collection
from datetime import date

from municipal.core.business_days import deadline

from .months import last_of, months_on

LATE_AFTER_DAYS = 15
"""Article 8, paragraph 3: who claims within so many days loses no month (unverified; births by practice)."""
OLDEST = 18


def last_day_in_time(event_on: date, closed: Collection[date] = ()) -> date:
    """The last day of a claim that loses no month: the first day does not count, a closed office moves it (15日特例).

    Civil Code, article 140; Local Autonomy Act, article 4-2, paragraph 4 (unverified).
    """
    return deadline(event_on, LATE_AFTER_DAYS, closed)


def starts_on(claimed_on: date, event_on: date | None, closed: Collection[date] = ()) -> date:
    """The first day of the first month that is paid (支給開始月).

    The month after the claim (article 8, paragraph 2); claimed in time after a birth or a move, the month after the
    event (paragraph 3). ``event_on`` is None where nobody knows it; an event after the claim counts for nothing.
    """
    if event_on is not None and event_on <= claimed_on <= last_day_in_time(event_on, closed):
        return months_on(event_on, 1)
    return months_on(claimed_on, 1)


def ends_on(ceased_on: date) -> date:
    """The last day that is paid: the end of the month in which the ground ceased (支給終了月; article 8)."""
    return last_of(ceased_on)


def ends_by_age(born_on: date) -> date:
    """The 31 March after the day on which a child attains eighteen (年齢による終了; article 3, unverified).

    An age is attained at the end of the day before the birthday (Act on Calculating Ages): who is born on 1 April
    attains it on 31 March, and the allowance ends that day.
    """
    is_early = (born_on.month, born_on.day) <= (4, 1)
    return date(born_on.year + OLDEST + (0 if is_early else 1), 3, 31)
