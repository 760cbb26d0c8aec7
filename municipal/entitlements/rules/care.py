"""Long-term care certification of somebody who moved in, and how long a certification lasts (要介護認定の期間).

Long-Term Care Insurance Act, articles 27 and 36, and article 38 of the ordinance of its enforcement (unverified).
"""

from collections.abc import Collection
from datetime import date, timedelta

from municipal.core.business_days import deadline

from .months import months_on

TRANSFER_WITHIN_DAYS = 14
MONTHS = 6
"""How long a first certification lasts, beside the rest of the month in which it begins."""


def last_day_of_transfer(moved_in_on: date, closed: Collection[date] = ()) -> date:
    """The last day to hand over the certificate of the former municipality (受給資格証明書の提出期限; article 36)."""
    return deadline(moved_in_on, TRANSFER_WITHIN_DAYS, closed)


def is_transferred(moved_in_on: date, notified_on: date, closed: Collection[date] = ()) -> bool:
    """Whether the certification goes on without a new assessment; from the day after, one is needed (認定の引継ぎ)."""
    return moved_in_on <= notified_on <= last_day_of_transfer(moved_in_on, closed)


def lasts_until(starts_on: date, months: int = MONTHS) -> date:
    """The last day of a certification: the rest of its month and ``months`` more; from a first day, just these.

    Ordinance of enforcement, article 38 (認定有効期間). Raises ValueError for no month.
    """
    if months < 1:
        raise ValueError("a certification lasts at least a month")
    whole = months if starts_on.day == 1 else months + 1
    return months_on(starts_on, whole) - timedelta(days=1)
