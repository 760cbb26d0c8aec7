"""Charges and money in one line each (試験用の調定と入金)."""

from datetime import date
from typing import Any

from municipal.addressees.models import Addressee, AddresseeKind
from municipal.core import clock
from municipal.core.actors import System
from municipal.payments.models import Account, Assessment, Charge, Posting, PostingKind
from municipal.payments.operations import Assessed, Move, assess
from municipal.payments.operations.posting import post

CLERK = System(actor_kind="staff", actor_id=1)
DUE = (date(2026, 6, 30), date(2026, 8, 31), date(2026, 10, 31), date(2026, 12, 31))


def payer(number: str = "1") -> Addressee:
    return Addressee.objects.create(number=number, kind=AddresseeKind.NON_RESIDENT, name="甲野　太郎")


def assessed(owner: Addressee | None = None, **said: Any) -> Assessed:
    usual: dict[str, Any] = {
        "payer": owner or payer(), "fee": "905", "levy_year": 2026, "fiscal_year": 2026, "reference": "0001",
        "total_yen": 100_900, "due_on": DUE,
    }  # fmt: skip
    return Assessed(**usual | said)


def charges_of(assessment: Assessment) -> list[Charge]:
    return list(Charge.objects.filter(assessment=assessment).order_by("period"))


def charged(**said: Any) -> list[Charge]:
    """The instalments of a new assessment."""
    return charges_of(assess(actor=CLERK, assessed=assessed(**said)))


def collected(charge: Charge, yen: int, source: str, over: int = 0) -> Posting:
    """Money came in for a charge: ``yen`` applied, ``over`` paid too much."""
    moves = [
        Move(Account.IN_TRANSIT, Account.RECEIVABLE, yen, charge),
        Move(Account.IN_TRANSIT, Account.OVERPAID, over, charge),
    ]
    return post(
        kind=PostingKind.COLLECT, booked_on=clock.today(), fiscal_year=2026, source=source, moves=moves
    )  # fmt: skip
