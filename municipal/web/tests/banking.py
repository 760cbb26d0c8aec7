"""A clerk at the bank's desk (口座振替・還付の画面の試験の道具)."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.banking.models import DebitRequest
from municipal.banking.tests.bank import DUE, answered, town_known_to_its_bank
from municipal.municipalities import wall
from municipal.payments.balances import of_charges
from municipal.payments.models import Charge
from municipal.payments.operations import revise
from municipal.payments.tests.booking import CLERK, charged, payer, report, slip_of, taken
from municipal.web.tests.entering import text
from municipal.web.tests.keeping import staff

ACCOUNT = {
    "bank_code": "9990", "bank_name": "みほん", "branch_code": "001", "branch_name": "ホンテン", "kind": "1",
    "number": "1234567", "holder": "コウノ　タロウ",
}  # fmt: skip
LONG_NUMBER = "900000000000001"


def somebody_new() -> Addressee:
    with wall.within(TOWN):
        return payer(LONG_NUMBER)


def clerk(*more: str) -> Client:
    return staff("payments.view", "payments.collect", "payments.refund", *more)


def charge_of(owner: Addressee, reference: str = "1", yen: int = 30_000) -> Charge:
    with wall.within(TOWN):
        return charged(owner=owner, reference=reference, total_yen=yen, due_on=[DUE])[0]


def outstanding(charge: Charge) -> int:
    with wall.within(TOWN):
        return of_charges([charge.pk])[charge.pk].outstanding


def known_to_its_bank() -> None:
    with wall.within(TOWN):
        town_known_to_its_bank()


def requested(client: Client) -> str:
    answer = client.post(
        "/money/banking/debits/new", {"fee": "905", "due_on": "R8.11.30", "debit_on": "R8.11.30", "key": "ask"}
    )
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def sent_back(*results: str, name: str = "kekka.dat") -> SimpleUploadedFile:
    with wall.within(TOWN):
        return SimpleUploadedFile(name, answered(DebitRequest.objects.latest("pk"), results))


def over_paid(owner: Addressee, reference: str = "R-1") -> Charge:
    charge = charge_of(owner, reference)
    with wall.within(TOWN):
        taken(report(slip_of(charge).number, 30_000, reference=reference))
        revise(actor=CLERK, assessment=charge.assessment, total_yen=12_000, reason="更正")
    return charge
