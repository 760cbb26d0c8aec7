"""Files of changed addresses, taken in and run (試験用の住所一括変更)."""

from datetime import date, datetime

from conftest import TOWN
from municipal.batches.models import AddressChange
from municipal.batches.operations import take_changes
from municipal.batches.rules import headings
from municipal.core import clock
from municipal.office import jobs
from municipal.office.models import Job
from municipal.residents.tests.acting import CLERK

NOVEMBER = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)
DAY = date(2026, 11, 16)
OLD, NEW = ("松町", "１番地", "", "9990001", ""), ("青葉一丁目", "2番3号", "", "0000101", "0010001")


def file_of(*rows: tuple[str, ...], kind: str = "address") -> bytes:
    return "\n".join(",".join(cells) for cells in (tuple(headings(kind)), *rows)).encode("utf-8-sig")


def taken(*rows: tuple[str, ...], kind: str = "address", day: date = DAY) -> AddressChange:
    return take_changes(actor=CLERK, kind=kind, content=file_of(*rows, kind=kind), effective_on=day, basis="告示第1号")


def run(job: Job) -> Job:
    jobs.run(TOWN, job.pk)
    job.refresh_from_db()
    return job
