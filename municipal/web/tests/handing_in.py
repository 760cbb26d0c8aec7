"""A payer with two debts, files that are handed in, cases that are looked up (収納の画面の試験の道具)."""

from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.models import Charge, Report, Slip
from municipal.payments.operations import assess, issue_slips, take_in
from municipal.payments.tests.booking import CLERK, assessed, file_of

from .entering import text

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


def charge_two_fees() -> None:
    """One payer with an address owes two fees, each with a slip."""
    with wall.within(TOWN):
        owner = Addressee.objects.create(
            number="1", kind="non_resident", name="甲野　太郎", mailing_city="架空市", mailing_block="秘密町",
            mailing_lot="9番地",
        )  # fmt: skip
        for fee, yen in (("905", 30_000), ("904", 10_800)):
            assess(actor=CLERK, assessed=assessed(owner, fee=fee, total_yen=yen, due_on=[date(2026, 6, 30)]))
        charges = list(Charge.objects.select_related("assessment").order_by("pk"))
        issue_slips(actor=CLERK, charges=charges, pay_until=date(2027, 1, 8))


def number(at: int = 0) -> str:
    with wall.within(TOWN):
        return Slip.objects.order_by("pk")[at].number


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def handed_in(client: Client, data: bytes) -> str:
    """The page of a file that was handed in and tried."""
    answer = client.post("/money/collections", {"file": upload("store.csv", data)})
    assert answer.status_code == 302, text(answer)
    worked()
    return str(answer["Location"])


def worked() -> None:
    with wall.within(TOWN):
        waiting = list(Job.objects.filter(state="waiting").values_list("pk", flat=True))
    for job in waiting:
        jobs.run(TOWN, job)


def taken(*lines: dict[str, str]) -> None:
    with wall.within(TOWN):
        take_in(actor=CLERK, name="store.csv", data=file_of(*lines))


def report_of(reference: str) -> int:
    with wall.within(TOWN):
        return Report.objects.get(reference=reference).pk
