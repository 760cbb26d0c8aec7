"""How a slip stands for whoever wants to pay it, in one word (納付書の状況)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from municipal.core import clock
from municipal.payments.balances import of_charges
from municipal.payments.fees import Fee, fee
from municipal.payments.models import Report, Slip, Stage

from .models import OnlinePayment
from .rules.states import OPEN, State


class Word(StrEnum):
    """What is said of a slip (状況)."""

    PAYABLE = "payable"
    PAID = "paid"
    PROCESSING = "processing"
    WITHDRAWN = "withdrawn"
    TOO_LATE = "too_late"
    CHANGED = "changed"
    NOTHING_OWED = "nothing_owed"


@dataclass(frozen=True)
class Seen:
    """A slip as its holder may see it, without anybody's name (納付書の表示).

    ``paid_on``: the last day of payment that was confirmed. ``open_payment``: an attempt to pay that is still open.
    """

    slip: Slip
    fee: Fee
    word: Word
    paid_on: date | None
    is_overdue: bool
    open_payment: OnlinePayment | None

    @property
    def is_payable(self) -> bool:
        """Whether it can be paid online now."""
        return self.word == Word.PAYABLE


def seen(slip: Slip) -> Seen:
    """How the slip stands now (納付書の状況の照会)."""
    charge = slip.charge
    owed = of_charges([charge.pk])[charge.pk]
    reports = list(Report.objects.filter(slip__charge=charge).order_by("paid_on", "pk"))
    payments = list(OnlinePayment.objects.filter(slip__charge=charge))
    word = _word(slip, owed.outstanding, owed.applied, is_processing=_is_processing(reports, payments))
    certain = [one.paid_on for one in reports if one.stage == Stage.CONFIRMED]
    return Seen(
        slip=slip, fee=fee(charge.assessment.fee), word=word,
        paid_on=certain[-1] if word == Word.PAID and certain else None,
        is_overdue=owed.outstanding > 0 and charge.due_on < clock.today(),
        open_payment=next((one for one in payments if one.slip_id == slip.pk and one.state in OPEN), None),
    )  # fmt: skip


def _word(slip: Slip, outstanding: int, applied: int, *, is_processing: bool) -> Word:
    if outstanding <= 0:
        return Word.PAID if applied > 0 else Word.NOTHING_OWED
    if is_processing:
        return Word.PROCESSING
    if slip.withdrawals.exists():
        return Word.WITHDRAWN
    if slip.pay_until < clock.today():
        return Word.TOO_LATE
    # Part was paid or taken off since it was issued: its amount is not what is owed.
    return Word.CHANGED if slip.yen > outstanding else Word.PAYABLE


def _is_processing(reports: list[Report], payments: list[OnlinePayment]) -> bool:
    """Whether money was taken that is not certain yet: told by a payment of ours, or by a provisional report."""
    if any(one.state == State.SUCCESS and one.captured_on is None for one in payments):
        return True
    known = {(one.channel, one.number, one.reference) for one in reports if one.stage == Stage.PROVISIONAL}
    later = {(one.channel, one.number, one.reference) for one in reports if one.stage != Stage.PROVISIONAL}
    return bool(known - later)
