"""From which day somebody is insured by the town, and until which (国民健康保険の資格の期間).

National Health Insurance Act, articles 7 and 8; Health Insurance Act, article 36 (all unverified).
"""

from datetime import date, timedelta

_DAY = timedelta(days=1)
JOINING = {
    "left_employer": _DAY, "left_dependants": timedelta(), "moved_in": timedelta(), "born": timedelta(),
    "welfare_ended": timedelta(),
}  # fmt: skip
"""How long after what happened somebody is insured: an employer's insurance lasts through the last day of work."""
LOSING = {"joined_employer": _DAY, "became_dependant": _DAY, "moves_out": _DAY, "died": _DAY, "welfare": timedelta()}
"""How long after what happened the insurance is lost; welfare takes its place on the day itself (article 8)."""


def qualified_on(cause: str, happened_on: date) -> date:
    """The day on which the ground to be insured arose; ``cause`` as the form asks it (資格取得日; article 7).

    Raises KeyError for another cause.
    """
    return happened_on + JOINING[cause]


def lost_on(cause: str, happened_on: date) -> date:
    """The first day without insurance; ``cause`` as the form asks it (資格喪失日; article 8). Raises KeyError."""
    return happened_on + LOSING[cause]


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
