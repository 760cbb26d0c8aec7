"""Until when a permission lasts by default, and when a session is idle (権限の規則)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from unicodedata import category

IDLE_PRECISION = timedelta(minutes=1)
"""How exactly the time of the last request is kept: one write a minute, not one a request."""


def fiscal_year_end(day: date) -> date:
    """The 31 March on which the fiscal year of ``day`` ends (年度末)."""
    return date(day.year + (day.month > 3), 3, 31)


def is_one_line(text: str) -> bool:
    """Whether the text has no control character, line break, direction mark or half of a character (一行の文字).

    Wider than ``str.isprintable``, which knows neither the full-width space between two names nor characters that a
    municipality made for itself.
    """
    return not any(category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in text)


def is_idle(last_seen_at: datetime, now: datetime, minutes: int) -> bool:
    """Whether a session has been left alone for ``minutes`` or longer (放置)."""
    return now - last_seen_at >= timedelta(minutes=minutes)


def may_be_seen(items: Iterable[str], permissions: Iterable[str]) -> dict[str, bool]:
    """For each item code of #10.4 among ``items``, whether ``permissions`` show it (項目の表示)."""
    held = frozenset(permissions)
    return {item: item in held for item in items}
