"""Runs of slips in one line each (試験用の一括発行)."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.office import jobs as office
from municipal.office.models import Job
from municipal.payments.models import Assessment, RunSlip, SlipRun
from municipal.payments.operations import order_slip_run

from .booking import CLERK, charged

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
PEOPLE = (("31", "コウノ", "9990003"), ("5", "オツノ", "9990001"), ("12", "ヘイノ", "9990002"))


def resident(number: str, kana: str = "コウノ", postal: str = "9990001") -> Addressee:
    return Addressee.objects.create(
        number=number, kind="non_resident", name=f"甲野　{number}", kana=kana, mailing_postal_code=postal,
        mailing_prefecture="架空県", mailing_city="架空市", mailing_block="松町", mailing_lot=f"{number}番地",
    )  # fmt: skip


def owing(*people: tuple[str, str, str]) -> None:
    """Each of ``people`` owes two instalments of 2026."""
    for at, (number, kana, postal) in enumerate(people, start=Assessment.objects.count()):
        charged(
            owner=resident(number, kana, postal), fee="901", reference=f"{at:04d}", total_yen=20_000,
            due_on=[date(2026, 12, 1), date(2027, 2, 1)],
        )  # fmt: skip


def ordered(**said: Any) -> SlipRun:
    asked: dict[str, Any] = {"fee": "901", "levy_year": 2026} | said
    return order_slip_run(actor=CLERK, **asked)


def carried_out(run: SlipRun, job: Job | None = None) -> Job:
    """The run's job to its end, in steps as a worker takes them."""
    office.run(TOWN, (job or run.job).pk)
    found: Job = Job.objects.get(pk=(job or run.job).pk)
    return found


def order_of(run: SlipRun) -> list[tuple[int, str, int]]:
    lines = RunSlip.objects.filter(run=run).order_by("position")
    return list(lines.values_list("position", "slip__charge__assessment__payer__number", "slip__charge__period"))


def words(path: Path) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
