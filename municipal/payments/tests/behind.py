"""Charges that are overdue, in one line each (試験用の滞納)."""

from datetime import date, datetime
from typing import Any

from municipal.core import clock
from municipal.payments.balances import Standing, of_charges
from municipal.payments.models import Charge, Posting

from .booking import charged, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
TODAY = NOON.date()
DUE = date(2026, 6, 30)


def late(yen: int = 100_000, **said: Any) -> Charge:
    """A charge that was due on 30 June."""
    return charged(**{"total_yen": yen, "due_on": [DUE]} | said)[0]


def paid(charge: Charge, yen: int, on: str, reference: str) -> Posting:
    """Money that a store took on that day."""
    slip = charge.slips.order_by("-pk").first() or slip_of(charge)
    taken(report(slip.number, yen, paid_on=on, reference=reference))
    return Posting.objects.order_by("-pk")[0]


def standing(charge: Charge) -> Standing:
    return of_charges([charge.pk])[charge.pk]


def interest_of(charge: Charge) -> Charge:
    return Charge.objects.get(assessment__accessory_of=charge, assessment__fee="990")
