"""Money that came in, in a real browser: files, cases, reconciliation, closing (収納のブラウザでの試験)."""

from datetime import timedelta
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.models import Act, Channel, CollectionFile, ReceivedFile, Report, Slip
from municipal.payments.operations import (
    assess,
    close_through,
    decide,
    issue_slips,
    receive_collections,
    settle,
    take_in,
)
from municipal.payments.tests.booking import CLERK, assessed, charges_of, file_of, report

from .browsing import Town, sign_in, visit

pytestmark = pytest.mark.browser


@pytest.fixture
def paths(two_towns: str) -> list[str]:
    """Every page of what came in, with a case of every kind; one payer is protected."""
    today = clock.today()
    with wall.within(TOWN):
        people = list(Addressee.objects.order_by("number")[:4])
        protect(actor=CLERK, addressee=people[0], starts_on=today, ends_on=None, is_own=True)
        charges = []
        for at, owner in enumerate(people):
            for fee in ("901", "904"):
                due = [today - timedelta(days=60), today + timedelta(days=30)]
                said = assessed(owner, fee=fee, reference=f"{at:04d}", total_yen=64_200, due_on=due)
                charges += charges_of(assess(actor=CLERK, assessed=said))
        issue_slips(actor=CLERK, charges=charges, pay_until=today + timedelta(days=40))
        slips = list(Slip.objects.order_by("pk"))
        early, late = f"{today - timedelta(days=20)}", f"{today - timedelta(days=3)}"
        misread = slips[5].number[:-1] + str((int(slips[5].number[-1]) + 5) % 10)
        take_in(
            actor=CLERK, name="コンビニ確報.csv",
            data=file_of(
                report(slips[0].number, slips[0].yen, paid_on=early, reference="R1"),
                report(slips[0].number, slips[0].yen, paid_on=late, reference="R2", channel="app"),
                report(slips[1].number, slips[1].yen, paid_on=late, reference="R3"),
                report(slips[1].number, slips[1].yen, paid_on=late, reference="R4", channel="bank"),
                report(slips[2].number, 1_000, paid_on=late, reference="R5"),
                report(misread, slips[5].yen, paid_on=early, reference="R6", channel="bank"),
                report(slips[6].number, slips[6].yen, stage="provisional", paid_on=early, reference="R7"),
            ),
        )  # fmt: skip
        settle(actor=CLERK, channel=Channel.STORE, reference="S-1", yen=slips[0].yen, credited_on=today)
        settle(actor=CLERK, channel=Channel.BANK, reference="B-1", yen=5, credited_on=today)
        decide(actor=CLERK, report=Report.objects.get(reference="R2"), act=Act.REFUNDED, yen=1_000, reason="一部を還付")
        close_through(actor=CLERK, day=today - timedelta(days=1))
        lines = [report(slips[7].number, slips[7].yen, reference="N1"), report("9" * 20, 0, reference="N2"),
                 report("8" * 20, 700, reference="N3")]  # fmt: skip
        receive_collections(actor=CLERK, name="アプリ確報.csv", data=file_of(*lines))
        waiting = list(Job.objects.filter(state="waiting").values_list("pk", flat=True))
    for job in waiting:
        jobs.run(TOWN, job)
    with wall.within(TOWN):
        cases = Report.objects.filter(reference__in=["R2", "R4", "R5", "R6", "R7"]).order_by("reference")
        file, kept = CollectionFile.objects.get().pk, ReceivedFile.objects.get().pk
        return [
            "/money/collections", f"/money/collections?number={slips[0].number}", f"/money/collections/{file}",
            f"/money/collections/received/{kept}", "/money/queues", "/money/queues?match=unknown",
            *(f"/money/queues/{one.pk}" for one in cases), "/money/reconciliation",
            "/money/reconciliation/settlements", "/money/reconciliation/settlements/new", "/money/closing",
        ]  # fmt: skip


def test_the_pages_of_what_came_in_are_accessible(paths: list[str], page: Any, served: Town) -> None:
    sign_in(page, served, "treasurer")
    assert visit(page, served, paths) == []
