"""A made-up town that is known to its bank: mandates, accounts for refunds (研修用の口座).

No request and no order: asking the bank is what is to be tried. The bank 9990 is in no list of banks.
"""

from collections.abc import Iterable
from datetime import timedelta

from municipal.addressees.models import Addressee, LifeState
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.models import Charge

from .models import BankSettings, Mandate
from .operations import change_bank_settings, register_mandate, register_refund_account
from .refunds import overpaid
from .rules import Account
from .zengin.letters import as_letters

CLERK = System("demo")
MOST, MADE_UP = 30, "ミホン"
AHEAD, BEFORE = timedelta(days=60), timedelta(days=200)


def furnish(town: int) -> int:
    """Give the made-up town what its bank's pages need, once; how many mandates there are (研修用の登録)."""
    with wall.within(town):
        if not BankSettings.objects.exists():
            own = _account(0, "カクウシ")
            change_bank_settings(actor=CLERK, account=own, debit_client="9990000001", transfer_client="9990000002")
            _mandates()
            _refund_accounts()
        return Mandate.objects.count()


def _mandates() -> None:
    """Every third payer of what is due soon, so that something can be asked for."""
    today = clock.today()
    soon = Charge.objects.filter(due_on__range=(today, today + AHEAD)).order_by("assessment__fee", "assessment__payer")
    pairs = dict.fromkeys(soon.values_list("assessment__payer", "assessment__fee"))
    people = Addressee.objects.in_bulk([payer for payer, _fee in pairs])
    living = [(people[payer], fee) for payer, fee in pairs if _is_living(people[payer])]
    for number, (payer, fee) in enumerate(living[::3][:MOST], start=1):
        register_mandate(
            actor=CLERK, payer=payer, fee=fee, account=_account(number, _holder(payer)), starts_on=today - BEFORE
        )


def _refund_accounts() -> None:
    """Every other payer of whom something is over; the rest have to be asked."""
    payers = dict.fromkeys(due.charge.assessment.payer for due in overpaid())
    for number, payer in enumerate(_every_other(payers), start=1):
        register_refund_account(
            actor=CLERK, payer=payer, account=_account(1_000 + number, _holder(payer)),
            starts_on=clock.today() - BEFORE,
        )  # fmt: skip


def _every_other(payers: Iterable[Addressee]) -> list[Addressee]:
    return [payer for payer in payers if _is_living(payer)][::2][:MOST]


def _is_living(payer: Addressee) -> bool:
    return payer.life_state != LifeState.DEAD


def _holder(payer: Addressee) -> str:
    """As in the bank book; a made-up one for whoever has no kana that banks write."""
    try:
        return as_letters(payer.kana, 30, "holder") or MADE_UP
    except Refused:
        return MADE_UP


def _account(number: int, holder: str) -> Account:
    return Account("9990", "ミホン", "001", "ホンテン", "1", f"{9_000_000 + number}", holder)
