"""A town that is known to its bank, and a bank that answers (試験用の銀行)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from municipal.addressees.models import Addressee
from municipal.banking.models import BankSettings, DebitRequest, Mandate, RefundAccount
from municipal.banking.operations import (
    change_bank_settings,
    register_mandate,
    register_refund_account,
    request_debits,
    take_debit_results,
)
from municipal.banking.operations.results import TakenResults
from municipal.banking.rules import Account
from municipal.banking.zengin.files import read, written
from municipal.banking.zengin.layouts import DEBIT
from municipal.core import clock
from municipal.payments.balances import Standing, of_charges
from municipal.payments.models import Charge
from municipal.payments.tests.booking import CLERK, charged, payer

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
DUE, DEBIT_ON = date(2026, 11, 30), date(2026, 11, 30)
SINCE = date(2026, 4, 1)


def account(**said: Any) -> Account:
    usual = {
        "bank_code": "9990", "bank_name": "みほん", "branch_code": "001", "branch_name": "ホンテン", "kind": "1",
        "number": "1234567", "holder": "コウノ　タロウ",
    }  # fmt: skip
    return Account(**usual | said)


def town_known_to_its_bank() -> BankSettings:
    own = account(number="7654321", holder="ミホンシ")
    return change_bank_settings(actor=CLERK, account=own, debit_client="4001", transfer_client="4002")


def mandate(payer: Addressee, fee: str = "905", **said: Any) -> Mandate:
    return register_mandate(actor=CLERK, payer=payer, fee=fee, account=account(**said), starts_on=SINCE)


def refund_account(payer: Addressee, **said: Any) -> RefundAccount:
    return register_refund_account(actor=CLERK, payer=payer, account=account(**said), starts_on=SINCE)


def requested(fee: str = "905", due_on: date = DUE, debit_on: date = DEBIT_ON) -> DebitRequest:
    return request_debits(actor=CLERK, fee=fee, due_on=due_on, debit_on=debit_on)


def answered(request: DebitRequest, results: Sequence[str], **changed: str) -> bytes:
    """What the bank sends back: the same lines, each with its result; a result "" leaves its line out."""
    asked = read(DEBIT, bytes(request.content))
    rows = [
        dict(row.said) | {"result": result} for row, result in zip(asked.rows, results, strict=True) if result != ""
    ]
    return composed(dict(asked.header) | changed, rows)


def composed(header: dict[str, str], rows: Sequence[dict[str, str]]) -> bytes:
    """A file of results whose sums are right, whatever its lines are."""
    paid = [int(row["yen"]) for row in rows if row["result"] == "0"]
    unpaid = [int(row["yen"]) for row in rows if row["result"] != "0"]
    totals = {
        "count": len(rows), "yen": sum(paid + unpaid), "paid_count": len(paid), "paid_yen": sum(paid),
        "unpaid_count": len(unpaid), "unpaid_yen": sum(unpaid),
    }  # fmt: skip
    return written(DEBIT, header, rows, totals)


def debited(count: int = 2) -> list[Charge]:
    """So many payers, each with a mandate and one charge of 30,000 yen due on the last of November."""
    town_known_to_its_bank()
    charges = []
    for number in range(1, count + 1):
        who = payer(str(number))
        mandate(who, number=who.number)
        charges += charged(owner=who, reference=who.number, total_yen=30_000, due_on=[DUE])
    return charges


def standing(charge: Charge) -> Standing:
    return of_charges([charge.pk])[charge.pk]


def take(request: DebitRequest, results: Sequence[str], name: str = "kekka.dat") -> TakenResults:
    return take_debit_results(actor=CLERK, request=request, name=name, data=answered(request, results))
