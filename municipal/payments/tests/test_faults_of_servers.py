"""kill -9 of the web server, the worker, PostgreSQL, the broker, in the midst of money (サーバの強制終了の試験).

``KIJUN_MONEY_KILLS`` says how many kills ``make faults`` makes, ``KIJUN_MONEY_SEED`` when and of what: it is printed,
and the same number plans the same kills. To what statement a kill comes is up to the machine; test_faults.py names it.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections

from conftest import TOWN, Cluster
from municipal.audit.verification import verify
from municipal.machine.tests.conftest import eventually
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.balances import books, by_fee
from municipal.payments.models import Assessment, Charge, CollectionFile, ReceivedFile, Report, RunSlip, Slip, SlipRun
from municipal.payments.operations import issue_slips

from .booking import CLERK, charged, file_of, payer, report
from .chance import chosen_count, chosen_seed
from .served_town import Clerk, ServedTown, serving, soon, while_doing
from .test_assessments import file_of as file_of_assessments
from .test_assessments import line as assessment
from .test_faults import printed

SERVERS = ("web", "worker", "postgresql", "broker")
PEOPLE = 12


def finished(job: int) -> bool:
    """Whether a job is done; another worker takes up what nobody is at, as the beat would have it after a minute."""
    try:
        jobs.run(TOWN, job)
        with wall.within(TOWN):
            return bool(Job.objects.get(pk=job).state == Job.State.DONE)
    except DatabaseError:
        connections.close_all()
        return False


@dataclass
class Deed:
    """Something that a clerk does by the pages, and what must be there afterwards (一つの仕事)."""

    run: int
    form: dict[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """A levy year of its own: none of those for which the made-up town has charges, around 2026."""
        return 1950 + self.run + (20 if self.run >= 60 else 0)

    def prepare(self) -> None:
        """Whatever must be there before."""

    def act(self, clerk: Clerk, *, is_patient: bool) -> None:
        """Press the button; again with the same key where the first time was cut short."""
        raise NotImplementedError

    def judge(self) -> None:
        """It was done once, all of it."""
        raise NotImplementedError


class Slips(Deed):
    """A run of slips over two instalments of each payer."""

    def prepare(self) -> None:
        with wall.within(TOWN):
            for number in range(PEOPLE):
                charged(
                    owner=payer(f"1{self.run:05}{number:03}"), reference=f"S{self.run}-{number}", fee="909",
                    levy_year=self.year, total_yen=20_000, due_on=[date(2026, 6, 30), date(2026, 12, 25)],
                )  # fmt: skip

    def act(self, clerk: Clerk, *, is_patient: bool) -> None:
        self.form = self.form or clerk.form("/money/slips/order")
        said = {"fee": "909", "levy_year": self.year, "periods": "", "order": "number", "pay_until": ""}
        status, where = clerk.press("/money/slips/order", said, self.form, is_patient=is_patient)
        assert status == 302, (status, where[-2_000:])

    def judge(self) -> None:
        with wall.within(TOWN):
            run = SlipRun.objects.get(levy_year=self.year)
        assert soon(lambda: finished(run.job_id))
        with wall.within(TOWN):
            charges = Charge.objects.filter(assessment__levy_year=self.year)
            slips = Slip.objects.filter(charge__in=charges).order_by("charge")
            assert list(slips.values_list("charge", flat=True)) == sorted(charges.values_list("pk", flat=True))
            positions = RunSlip.objects.filter(run=run).order_by("position").values_list("position", flat=True)
            assert list(positions) == list(range(1, 2 * PEOPLE + 1))
            assert printed(run)
            assert all(path.read_bytes().endswith(b"%%EOF\n") for path in printed(run))


class HandedIn(Deed):
    """A file, handed in, tried by the worker, then booked by it when the clerk says so."""

    page = kind = ""

    def __init__(self, run: int) -> None:
        super().__init__(run)
        self.confirmation: dict[str, str] = {}
        self.name = f"{self.kind}{run}.csv"

    def data(self) -> bytes:
        """The bytes of the file."""
        raise NotImplementedError

    def act(self, clerk: Clerk, *, is_patient: bool) -> None:
        self.form = self.form or clerk.form(self.page)
        file = SimpleUploadedFile(self.name, self.data(), "text/csv")
        status, page = clerk.press(self.page, {"file": file}, self.form, is_patient=is_patient)
        assert status == 302, (status, page[-2_000:])
        if is_patient:
            assert all(soon(lambda job=job: finished(job)) for job in self.jobs())  # type: ignore[misc]
        if not self.confirmation:
            # Whoever is cut short does not wait for a trial that nobody is at.
            assert eventually(lambda: "key" in clerk.form(page), 60 if is_patient else 3)
            self.confirmation = clerk.form(page)
        status, page = clerk.press(page, {}, self.confirmation, is_patient=is_patient)
        assert status == 302, (status, page[-2_000:])

    def jobs(self) -> list[int]:
        """Every trial and every booking of the file."""
        with wall.within(TOWN):
            files = set(ReceivedFile.objects.filter(name=self.name).values_list("pk", flat=True))
            return [one.pk for one in Job.objects.order_by("pk") if one.parameters.get("file") in files]

    def judge(self) -> None:
        assert len(self.jobs()) >= 2
        assert all(soon(lambda job=job: finished(job)) for job in self.jobs())  # type: ignore[misc]
        with wall.within(TOWN):
            self.look()

    def look(self) -> None:
        """All of the file is there, once."""
        raise NotImplementedError


class Intake(HandedIn):
    """A file of assessments."""

    page, kind = "/money/assessments/files", "intake"

    def prepare(self) -> None:
        with wall.within(TOWN):
            for number in range(PEOPLE):
                payer(f"2{self.run:05}{number:03}")

    def data(self) -> bytes:
        rows = (
            assessment(payer=f"2{self.run:05}{number:03}", reference=f"I{self.run}-{number}")
            for number in range(PEOPLE)
        )
        return file_of_assessments(*rows)

    def look(self) -> None:
        made = Assessment.objects.filter(reference__startswith=f"I{self.run}-")
        assert made.count() == PEOPLE
        assert Charge.objects.filter(assessment__in=made).count() == 2 * PEOPLE


class Import(HandedIn):
    """A file of reports: most paid, some twice, one for nobody."""

    page, kind = "/money/collections", "import"

    def prepare(self) -> None:
        with wall.within(TOWN):
            charges = [
                charged(
                    owner=payer(f"3{self.run:05}{number:03}"), reference=f"M{self.run}-{number}", fee="909",
                    levy_year=self.year, total_yen=10_000, due_on=[date(2026, 6, 30)],
                )[0]
                for number in range(PEOPLE)
            ]  # fmt: skip
            self.numbers = [slip.number for slip in issue_slips(actor=CLERK, charges=charges)]

    def data(self) -> bytes:
        lines = [report(number, 10_000, reference=f"M{self.run}") for number in self.numbers]
        lines += [report(number, 10_000, reference=f"N{self.run}", channel="app") for number in self.numbers[:3]]
        return file_of(*lines, report("9" * 20, 700, reference=f"N{self.run}"))

    def look(self) -> None:
        assert CollectionFile.objects.filter(name=self.name).count() == 1
        found = Counter(Report.objects.filter(file__name=self.name).values_list("match", flat=True))
        assert found == {"matched": PEOPLE, "twice": 3, "unknown": 1}


DEEDS: tuple[type[Deed], ...] = (Slips, Intake, Import)


def sound() -> None:
    with wall.within(TOWN):
        assert books().broken() == []
        assert all(one.is_consistent for _, _, one in by_fee())
    assert verify(TOWN).is_sound


def done_undisturbed(town: ServedTown, kind: type[Deed], run: int) -> float:
    """The act in peace; how many seconds it takes until all is there."""
    deed = kind(run)
    deed.prepare()
    began = monotonic()
    deed.act(town.clerk, is_patient=True)
    deed.judge()
    sound()
    return monotonic() - began


def disturbed(town: ServedTown, kind: type[Deed], run: int, server: str, after: float) -> None:
    """The act, with one of the servers killed in its midst; then mended, asked again twice, and judged."""
    deed = kind(run)
    deed.prepare()
    while_doing(lambda: deed.act(town.clerk, is_patient=False), after, lambda: town.kill(server), town.mend)
    deed.act(town.clerk, is_patient=True)
    deed.judge()
    deed.act(town.clerk, is_patient=True)
    deed.judge()
    sound()


@pytest.fixture
def town_of_its_own(
    tmp_path: Path, cluster: Cluster, django_db_blocker: Any, settings: Any
) -> Iterator[Callable[[int], None]]:
    """A served town; called with a number, it suffers so many kills."""
    settings.AUDIT_ANCHORS, settings.KIJUN_PAYMENTS = tmp_path / "anchors", tmp_path / "payments"
    with django_db_blocker.unblock(), serving(tmp_path, cluster) as town:

        def suffer(kills: int) -> None:
            chance = random.Random(chosen_seed())
            spans = {kind: done_undisturbed(town, kind, 1 + place) for place, kind in enumerate(DEEDS)}
            for run in range(10, 10 + kills):
                kind, server = chance.choice(DEEDS), SERVERS[run % len(SERVERS)]
                disturbed(town, kind, run, server, chance.random() * spans[kind])

        yield suffer


@pytest.mark.long
def test_servers_killed_in_the_midst_of_money_lose_and_double_nothing(town_of_its_own: Callable[[int], None]) -> None:
    town_of_its_own(3)


@pytest.mark.faults
def test_two_hundred_kills_lose_and_double_nothing(town_of_its_own: Callable[[int], None]) -> None:
    town_of_its_own(chosen_count("KIJUN_MONEY_KILLS", 200))
