"""A process or PostgreSQL is killed between two statements; the books are whole, nothing is doubled (強制終了の試験).

``KIJUN_MONEY_KILLS`` says how many kills ``make faults`` tries, ``KIJUN_MONEY_SEED`` which; it is printed.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections

from conftest import TOWN
from municipal.audit.verification import verify
from municipal.core import clock
from municipal.machine.tests.conftest import eventually, kill
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.answers import Answer, once
from municipal.office.models import Job
from municipal.payments.balances import books, by_fee
from municipal.payments.models import Charge, RunSlip, Slip
from municipal.payments.operations import assess_file, issue_slips, order_slip_run, take_in
from municipal.payments.printing import COUNTER, MAIL, place_of
from municipal.residents.tests.test_crashes import a_cluster_of_its_own
from municipal.tests.crashing import kill_itself, points, statements, struck

from .booking import CLERK, charged, file_of, payer, report
from .chance import chosen_count, chosen_seed
from .test_assessments import file_of as file_of_assessments
from .test_assessments import line as assessment

NOW = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
ROOMS, ONE_PER_TOWN = ("payments", "office", "audit", "addressees"), {"Chain", "NumberSeries"}


@contextmanager
def inside() -> Iterator[None]:
    with clock.stopped_at(NOW), wall.within(TOWN):
        yield


def counted() -> Counter[str]:
    """How many rows every table of the rooms concerned holds."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    with inside():
        return Counter({
            model.__name__: model._default_manager.count() for model in models if model.__name__ not in ONE_PER_TOWN
        })  # fmt: skip


def asked_once(run: int, act: Callable[[], object]) -> None:
    """As a page asks: with a key, everything in one transaction."""

    def work() -> Answer:
        act()
        return Answer(200, {})

    with inside():
        once(actor=CLERK, key=f"key-{run}", body=b"the same", act=work)


@dataclass
class Deed:
    """One act of a clerk, for the run with this number, and the yen that it moves (操作)."""

    run: int

    def prepare(self) -> None:
        """Whatever must be there before."""

    def act(self) -> None:
        """The request, asked again after a crash."""
        raise NotImplementedError


class Import(Deed):
    """A file of reports with one of everything: paid, twice, for nobody, taken back."""

    def prepare(self) -> None:
        with inside():
            found = charged(owner=payer(f"{self.run}"), reference=f"A{self.run}", fee="909", total_yen=30_000,
                            due_on=[date(2026, 6, 30), date(2026, 9, 30)])  # fmt: skip
            slips = issue_slips(actor=CLERK, charges=found, pay_until=date(2026, 12, 25))
        first, second = (slip.number for slip in slips)
        self.lines = [
            report(first, 15_000, reference=f"R{self.run}-1"),
            report(first, 15_000, reference=f"R{self.run}-2", channel="app"),
            report("9" * 20, 500, reference=f"R{self.run}-3"),
            report(second, 15_000, reference=f"R{self.run}-4", stage="provisional"),
            report(second, 15_000, reference=f"R{self.run}-4", stage="cancelled"),
        ]

    def act(self) -> None:
        asked_once(self.run, lambda: take_in(actor=CLERK, name="reports.csv", data=file_of(*self.lines)))


class Intake(Deed):
    """A file of assessments of three people."""

    def prepare(self) -> None:
        with inside():
            for number in range(3):
                payer(f"{self.run * 10 + number}")

    def act(self) -> None:
        rows = (assessment(payer=f"{self.run * 10 + number}", reference=f"B{self.run}-{number}") for number in range(3))
        data = file_of_assessments(*rows)
        asked_once(self.run, lambda: assess_file(actor=CLERK, data=data))


DEEDS: tuple[type[Deed], ...] = (Import, Intake)


def prepared(kind: type[Deed], run: int) -> Deed:
    deed = kind(run)
    deed.prepare()
    return deed


def sound() -> None:
    with inside():
        assert books().broken() == []
        assert all(one.is_consistent for _, _, one in by_fee())
    assert verify(TOWN).is_sound


def crash(kind: type[Deed], run: int, last: int, added: Counter[str], strike: Callable[[], None], again: Any) -> bool:
    """Crash once and look; ask twice more and look. Returns whether the first try had been committed."""
    deed, before = prepared(kind, run), counted()
    struck(deed.act, last, strike)
    again()
    left = counted() - before
    assert left in (Counter(), added), (kind, run, last, left)
    sound()
    deed.act()
    deed.act()
    assert counted() - before == added
    sound()
    return bool(left)


def measured(kind: type[Deed], run: int) -> tuple[int, Counter[str]]:
    """How many statements the act takes and what it adds, in a town that has seen it once."""
    prepared(kind, run).act()
    deed, before = prepared(kind, run + 1), counted()
    return statements(deed.act), counted() - before


@pytest.fixture
def no_anchors(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    settings.KIJUN_PAYMENTS = tmp_path / "payments"


@pytest.mark.parametrize("kind", DEEDS)
def test_killed_after_any_statement_it_is_whole_or_absent_and_is_done_once(
    kind: type[Deed], committed_db: str, no_anchors: None
) -> None:
    number, added = measured(kind, 1)
    assert added["Transfer"] > 2
    done = [crash(kind, 10 + last, last, added, kill_itself, list) for last in points(number)]
    assert not any(done)
    assert crash(kind, 900, number + 1, added, kill_itself, list)


def slip_run(run: int, payers: int) -> tuple[int, int]:
    """A run over as many payers of two instalments each; its number and its job's."""
    with inside():
        for number in range(payers):
            charged(owner=payer(f"{run * 100 + number}"), reference=f"C{run}-{number}", fee="909", levy_year=2000 + run,
                    total_yen=20_000, due_on=[date(2026, 6, 30), date(2026, 12, 25)])  # fmt: skip
        made = order_slip_run(actor=CLERK, fee="909", levy_year=2000 + run)
        return made.pk, made.job_id


def every_charge_has_one_slip(run: int, job: int, payers: int) -> None:
    with inside():
        assert Job.objects.get(pk=job).state == Job.State.DONE
        charges = set(Charge.objects.filter(assessment__levy_year=2000 + run).values_list("pk", flat=True))
        slips = list(Slip.objects.filter(charge__in=charges).values_list("charge", flat=True))
        assert sorted(slips) == sorted(charges)
        lines = RunSlip.objects.filter(slip__charge__in=charges).order_by("position")
        assert list(lines.values_list("position", flat=True)) == list(range(1, 2 * payers + 1))
        made = lines[0].run
        assert all(len(path.read_bytes()) > 1_000 for path in printed(made))
        assert printed(made)
    sound()


def printed(run: Any) -> list[Path]:
    return [place_of(run, part) for part in (MAIL, COUNTER) if place_of(run, part).is_file()]


def test_a_slip_run_killed_after_any_statement_goes_on_to_its_end(
    committed_db: str, no_anchors: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("municipal.payments.jobs.AT_ONCE", 3)
    _, job = slip_run(1, 4)
    number = statements(lambda: jobs.run(TOWN, job))
    every_charge_has_one_slip(1, job, 4)
    for run, last in enumerate(range(2, number, max(1, number // 12)), start=2):
        _, job = slip_run(run, 4)
        struck(lambda job=job: jobs.run(TOWN, job), last, kill_itself)  # type: ignore[misc]
        jobs.run(TOWN, job)
        every_charge_has_one_slip(run, job, 4)


@pytest.mark.faults
def test_after_kills_of_postgresql_nothing_is_half_done_and_nothing_committed_is_lost(
    tmp_path: Path, django_db_blocker: Any, no_anchors: None
) -> None:
    chance = random.Random(chosen_seed())
    with django_db_blocker.unblock(), a_cluster_of_its_own(tmp_path / "town") as server:
        measures = {kind: measured(kind, 1 + 2 * place) for place, kind in enumerate(DEEDS)}

        def kill_postgresql() -> None:
            kill(int((server.data / "postmaster.pid").read_text().split("\n")[0]))
            eventually(lambda: not server.is_running)

        def start_again() -> None:
            connections.close_all()
            server.start()

        for run in range(10, 10 + chosen_count("KIJUN_MONEY_KILLS", 200) // 4):
            kind = chance.choice(DEEDS)
            number, added = measures[kind]
            crash(kind, run, chance.randrange(1, number + 2), added, kill_postgresql, start_again)
