"""Until when a notice is due, and what a late one means (届出の期限; Act articles 22 to 25, 24-2)."""

from dataclasses import dataclass
from datetime import date

from municipal.core.business_days import deadline
from municipal.core.clauses import implements

NOTICE_DAYS = 14
"""Within how many days of the event articles 22, 23 and 25 want the notice."""
CARD_DAYS = 30
"""After how many days from the planned day the card no longer stands for the certificate."""
BEFORE_LEAVING = frozenset({"move_out", "move_out_by_card"})
"""The acts by which people leave; all of them are told beforehand."""
WITH_A_DEADLINE = frozenset(
    {
        "move_in", "move_in_by_card", "move_in_unreported", "article30_46", "article30_47", "move_within",
        "household_split", "household_merger", "household_transfer", "householder_change",
    }
)  # fmt: skip

CERTIFICATE, EQUIVALENT = "move_out_certificate", "equivalent_certificate"


@dataclass(frozen=True)
class Due:
    """The last day of a notice, and by how many days it came late; 0 for in time (期限)."""

    last_day: date
    days_late: int


def due(act: str, event_on: date, notified_on: date) -> Due | None:
    """When the notice of ``act`` was due; None where the law sets no day (届出期限).

    14 days, the event's day not counted; a closed office moves the day on (地方自治法 article 4-2). A move-out is to be
    told beforehand (article 24).
    """
    if act in BEFORE_LEAVING:
        last = event_on
    elif act in WITH_A_DEADLINE:
        last = deadline(event_on, NOTICE_DAYS)
    else:
        return None
    return Due(last, max(0, (notified_on - last).days))


@implements("resident-record/1.0#4.1.3.0.1/m2", "resident-record/1.0#4.1.3.0.3/m2")
def move_out_document(event_on: date, notified_on: date) -> str:
    """CERTIFICATE until the 14th day after leaving, inclusive; then EQUIVALENT, and the entry is ex officio.

    (転出証明書又はこれに準ずる証明書)
    """
    return CERTIFICATE if (notified_on - event_on).days <= NOTICE_DAYS else EQUIVALENT


def card_move_in_is_void(*, moved_on: date, planned_on: date, notified_on: date) -> bool:
    """Whether a move-in by card comes too late to spare the certificate (特例転入の期限; 令第24条の2).

    From the earlier of thirty days after the planned day and fourteen days after moving in.
    """
    return (notified_on - planned_on).days >= CARD_DAYS or (notified_on - moved_on).days >= NOTICE_DAYS
