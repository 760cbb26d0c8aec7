"""Money that came in, in a real browser: files, cases, reconciliation, closing (収納のブラウザでの試験)."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.models import Act, Channel, CollectionFile, Report, Slip
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
def slips(two_towns: str) -> list[Slip]:
    """Slips of four people for two fees; the first of them is protected."""
    today = clock.today()
    with wall.within(TOWN):
        people = list(Addressee.objects.order_by("number")[:4])
        protect(actor=CLERK, addressee=people[0], starts_on=today, ends_on=None, is_own=True)
        charges = []
        for at, (owner, fee) in enumerate(product(people, ("901", "904"))):
            due = [today - timedelta(days=60), today + timedelta(days=30)]
            said = assessed(owner, fee=fee, reference=f"{at:04d}", total_yen=64_200, due_on=due)
            charges += charges_of(assess(actor=CLERK, assessed=said))
        issue_slips(actor=CLERK, charges=charges, pay_until=today + timedelta(days=40))
        return list(Slip.objects.order_by("pk"))


@pytest.fixture
def came(slips: list[Slip]) -> None:
    """A case of every kind, one partly decided; transfers that add up and one that does not; a closed day."""
    today = clock.today()
    early, late = f"{today - timedelta(days=20)}", f"{today - timedelta(days=3)}"
    first, second, third, *_, sixth, seventh = slips[:7]
    misread = sixth.number[:-1] + str((int(sixth.number[-1]) + 5) % 10)
    lines = [
        report(first.number, first.yen, paid_on=early, reference="R1"),
        report(first.number, first.yen, paid_on=late, reference="R2", channel="app"),
        report(second.number, second.yen, paid_on=late, reference="R3"),
        report(second.number, second.yen, paid_on=late, reference="R4", channel="bank"),
        report(third.number, 1_000, paid_on=late, reference="R5"),
        report(misread, sixth.yen, paid_on=early, reference="R6", channel="bank"),
        report(seventh.number, seventh.yen, stage="provisional", paid_on=early, reference="R7"),
    ]
    with wall.within(TOWN):
        take_in(actor=CLERK, name="コンビニ確報.csv", data=file_of(*lines))
        settle(actor=CLERK, channel=Channel.STORE, reference="S-1", yen=first.yen, credited_on=today)
        settle(actor=CLERK, channel=Channel.BANK, reference="B-1", yen=5, credited_on=today)
        decide(actor=CLERK, report=Report.objects.get(reference="R2"), act=Act.REFUNDED, yen=1_000, reason="一部を還付")
        close_through(actor=CLERK, day=today - timedelta(days=1))


@pytest.fixture
def tried(slips: list[Slip]) -> int:
    """A file that was tried and not booked, with a line that is none."""
    lines = [
        report(slips[7].number, slips[7].yen, reference="N1"), report("9" * 20, 0, reference="N2"),
        report("8" * 20, 700, reference="N3"),
    ]  # fmt: skip
    with wall.within(TOWN):
        kept = receive_collections(actor=CLERK, name="アプリ確報.csv", data=file_of(*lines)).pk
        job = Job.objects.latest("pk").pk
    jobs.run(TOWN, job)
    return kept


@pytest.fixture
def paths(came: None, tried: int, slips: list[Slip]) -> list[str]:
    """Every page of what came in."""
    with wall.within(TOWN):
        cases = Report.objects.filter(reference__in=["R2", "R4", "R5", "R6", "R7"]).order_by("reference")
        file = CollectionFile.objects.get().pk
        return [
            "/money/collections", f"/money/collections?number={slips[0].number}", f"/money/collections/{file}",
            f"/money/collections/received/{tried}", "/money/queues", "/money/queues?match=unknown",
            *(f"/money/queues/{one.pk}" for one in cases), "/money/reconciliation",
            "/money/reconciliation/settlements", "/money/reconciliation/settlements/new", "/money/closing",
        ]  # fmt: skip


def test_the_pages_of_what_came_in_are_accessible(paths: list[str], page: Any, served: Town) -> None:
    sign_in(page, served, "treasurer")
    assert visit(page, served, paths) == []
