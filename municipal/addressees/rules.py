"""What protection and suppression mean, and what an address may be, as plain rules (支援措置・抑止・住所の規則)."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from municipal.core.clauses import implements
from municipal.core.refusals import Refused

NOT_ACCEPTED = "不受理"
"""The word of requests to refuse changes: no suppression may rest on one (#3.5)."""


class Due(StrEnum):
    """How near the end of a measure's period is (支援措置の期限)."""

    NONE = ""
    ENDING = "ending"
    PASSED = "passed"


def _same_day(day: date, months: int) -> date:
    """The same day so many months later or earlier; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@implements("resident-record/1.0#3.4/m4")
def last_day_of_support(starts_on: date) -> date:
    """The last day of one year from ``starts_on``: 1 April 2020 gives 31 March 2021 (支援措置の終了日)."""
    if (starts_on.month, starts_on.day) == (2, 29):
        # No such day next year: the year is full with the last day of its February (Civil Code, article 143).
        return date(starts_on.year + 1, 2, 28)
    return date(starts_on.year + 1, starts_on.month, starts_on.day) - timedelta(days=1)


@implements("resident-record/1.0#3.4/m5")
def extension_opens_on(ends_on: date) -> date:
    """The first day on which a measure that ends on ``ends_on`` may be extended, a month before (延長の受付開始日)."""
    return _same_day(ends_on, -1)


@implements("resident-record/1.0#3.4/m7", "resident-record/1.0#3.4/m8")
def due(ends_on: date | None, today: date) -> Due:
    """Whether the period ends within a month or has passed; passing ends nothing (期限の状態)."""
    if ends_on is None or today < extension_opens_on(ends_on):
        return Due.NONE
    return Due.ENDING if today <= ends_on else Due.PASSED


def last_day_open_to_extension(today: date) -> date:
    """The latest end of a period that may be extended ``today``: its month before has just begun (延長できる終了日)."""
    day = today
    while extension_opens_on(day + timedelta(days=1)) <= today:
        day += timedelta(days=1)
    return day


@implements("resident-record/1.0#3.5/n1")
def rests_on_a_request_to_refuse_changes(reason: str) -> bool:
    """Whether a suppression would rest on a request to refuse resident changes, which is forbidden (住民異動不受理)."""
    return NOT_ACCEPTED in reason.replace(" ", "").replace("\u3000", "")


def refuse_bad_postal_code(text: str, *, field: str = "postal_code") -> None:
    """Refuse a postal code that is not seven digits; none at all is right (郵便番号の確認)."""
    if text and not (len(text) == 7 and text.isascii() and text.isdigit()):
        raise Refused("郵便番号は7桁の数字で入力してください。", field=field, code="invalid")
