"""From which day somebody is insured by the town, and until which (国民健康保険の資格の期間).

National Health Insurance Act, articles 7 and 8 (unverified).
"""

from datetime import date, timedelta


def joins_on(qualified_on: date, notified_on: date) -> date:
    """The day on which insurance begins: that of qualification, however late it is notified (資格取得日; article 7).

    Raises ValueError for a notice before there was anything to notify.
    """
    if notified_on < qualified_on:
        raise ValueError("notified before the day of qualification")
    return qualified_on


def last_insured_on(ceased_on: date, *, is_insured_elsewhere_that_day: bool) -> date:
    """The last day of insurance (資格喪失; article 8).

    It is lost on the day after the ground ceased; on the day itself where another municipality insures from then.
    """
    return ceased_on - timedelta(days=1) if is_insured_elsewhere_that_day else ceased_on


def first_month_charged(qualified_on: date) -> date:
    """The first day of the first month of which a premium is due: that of the qualification (賦課の開始月)."""
    return qualified_on.replace(day=1)
