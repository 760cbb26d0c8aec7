"""Charges and money in one line each (試験用の調定と入金)."""

from datetime import date, timedelta
from typing import Any

from municipal.addressees.models import Addressee, AddresseeKind
from municipal.core import clock
from municipal.core.actors import System
from municipal.payments.files import written
from municipal.payments.intake import COLUMNS
from municipal.payments.models import Account, Assessment, Charge, Posting, PostingKind, Slip
from municipal.payments.moves import Move
from municipal.payments.operations import Assessed, TakenIn, assess, issue_slips, take_in
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


def slip_of(charge: Charge) -> Slip:
    """A slip for what is owed of the charge."""
    return issue_slips(actor=CLERK, charges=[charge], pay_until=clock.today() + timedelta(days=40))[0]


def report(number: str, yen: int, **said: Any) -> dict[str, str]:
    """One line of a file of reports."""
    usual = {"channel": "store", "stage": "confirmed", "number": number, "yen": str(yen), "paid_on": "2026-11-19",
             "place": "0001", "reference": "A1"}  # fmt: skip
    return usual | {name: str(value) for name, value in said.items()}


def file_of(*lines: dict[str, str]) -> bytes:
    """The file of these lines, as a channel sends it."""
    return written(COLUMNS, [[line.get(name, "") for name in COLUMNS] for line in lines])


def taken(*lines: dict[str, str]) -> TakenIn:
    return take_in(actor=CLERK, name="reports.csv", data=file_of(*lines))
