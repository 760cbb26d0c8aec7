"""When a removed record leaves the register, and how long it is kept (除票の移行と保存; #1.1.5, #9.3)."""

from datetime import date

from municipal.core.clauses import implements

YEARS_IN_THE_REGISTER, YEARS_KEPT = 5, 150


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@implements("resident-record/1.0#1.1.5/m6")
def may_be_stored(removed_on: date, today: date) -> bool:
    """Whether five years have gone by since the removal; until then the record stays in the register (移行の時期)."""
    return years_after(removed_on, YEARS_IN_THE_REGISTER) <= today


@implements("resident-record/1.0#1.1.5/m7")
def keep_until(removed_on: date) -> date:
    """The first day on which a removed record need not be kept any more (保存の期限)."""
    return years_after(removed_on, YEARS_KEPT)
