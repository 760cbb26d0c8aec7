"""A run of slips that is killed, doubled, or finds the disk full (納付書の一括発行の障害試験)."""

import errno
import os
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.db import IntegrityError, connections, transaction

from conftest import TOWN
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs as office
from municipal.office.models import Job
from municipal.payments import jobs, printing
from municipal.payments.models import Charge, PrintOrder, RunSlip, Slip
from municipal.payments.operations import issue_slips, print_run_again
from municipal.payments.paper.run import SlipFile
from municipal.payments.printing import place_of

from .booking import CLERK, charged
from .slip_runs import NOON, PEOPLE, carried_out, order_of, ordered, owing


@pytest.fixture(autouse=True)
def _today(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.KIJUN_PAYMENTS = tmp_path / "payments"
    with clock.stopped_at(NOON):
        yield


@pytest.mark.parametrize("step", range(1, 8))
def test_a_run_killed_at_any_step_goes_on_without_a_gap_or_a_double(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    monkeypatch.setattr(printing, "AT_ONCE", 2)
    with wall.within(TOWN):
        owing(*PEOPLE)
        run = ordered()
    calls = iter(range(1, 100))

    def dying(*args: Any) -> Any:
        if next(calls) == step:
            raise KeyboardInterrupt
        return taken(*args)

    taken = office._step
    monkeypatch.setattr(office, "_step", dying)
    with pytest.raises(KeyboardInterrupt):
        office.run(TOWN, run.job_id)
    office.run(TOWN, run.job_id)
    with wall.within(TOWN):
        assert Job.objects.get(pk=run.job_id).state == "done"
        assert [place for place, _, _ in order_of(run)] == [1, 2, 3, 4, 5, 6]
        assert sorted(Slip.objects.values_list("charge", flat=True)) == sorted(
            Charge.objects.values_list("pk", flat=True)
        )
    assert len(pypdfium2.PdfDocument(place_of(run))) == 7
    assert [path.name for path in place_of(run).parent.iterdir()] == [place_of(run).name]


def test_what_is_charged_while_a_killed_run_prints_is_not_slipped_into_it(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wall.within(TOWN):
        owing(*PEOPLE[:2])
        run = ordered()
    monkeypatch.setattr(jobs, "in_groups", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        office.run(TOWN, run.job_id)
    monkeypatch.undo()
    with wall.within(TOWN):
        owing(PEOPLE[2])
    office.run(TOWN, run.job_id)
    with wall.within(TOWN):
        assert run.lines.count() == 4


def _interrupted(*args: Any) -> Any:
    raise KeyboardInterrupt


def test_two_runs_at_once_give_every_charge_one_slip(committed_db: str) -> None:
    with wall.within(TOWN):
        owing(*PEOPLE)
        runs = [ordered(), ordered(order=PrintOrder.KANA)]

    def work(job: int) -> None:
        with clock.stopped_at(NOON):
            office.run(TOWN, job)
        connections.close_all()

    workers = [threading.Thread(target=work, args=(run.job_id,)) for run in runs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with wall.within(TOWN):
        assert Slip.objects.count() == Charge.objects.count() == RunSlip.objects.count() == 6
        assert {Job.objects.get(pk=run.job_id).state for run in runs} == {"done"}


def test_the_database_itself_forbids_two_first_slips_of_one_charge(town: int) -> None:
    (charge,) = charged(due_on=[date(2026, 12, 1)])
    made = issue_slips(actor=CLERK, charges=[charge])[0]
    twin = {"charge": charge, "confirmation": "000000", "yen": 1, "pay_until": date(2027, 1, 1), "issued_at": NOON}
    with pytest.raises(IntegrityError, match="charge_has_one_first_slip"), transaction.atomic():
        Slip.objects.create(number="9" * 20, **twin)
    assert Slip.objects.create(number="8" * 20, supersedes=made, reissue=1, **twin).supersedes == made


@pytest.mark.parametrize("when", ["writing", "completing"])
def test_a_full_disk_leaves_nothing_half_made_and_the_run_can_be_printed_again(
    town: int, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    owing(*PEOPLE)
    run = ordered()
    full = OSError(errno.ENOSPC, "No space left on device")

    def refuses(*args: object) -> None:
        raise full

    with monkeypatch.context() as broken:
        if when == "writing":
            broken.setattr(SlipFile, "add", refuses)
        else:
            broken.setattr(os, "fsync", refuses)
        job = carried_out(run)
    assert (job.state, job.errors) == ("done", 1)
    assert [row.sentence for row in job.error_rows.all()] == [jobs.DISK_FULL]
    assert list(place_of(run).parent.iterdir()) == []
    assert run.lines.count() == 6
    again = print_run_again(actor=CLERK, run=run)
    with pytest.raises(Refused, match="処理中"):
        print_run_again(actor=CLERK, run=run)
    assert carried_out(run, again).errors == 0
    assert place_of(run).is_file()


def test_a_full_disk_keeps_the_file_that_was_there(town: int, monkeypatch: pytest.MonkeyPatch) -> None:
    owing(*PEOPLE)
    run = ordered()
    carried_out(run)
    before = place_of(run).read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(SlipFile, "add", _no_space)
        carried_out(run, print_run_again(actor=CLERK, run=run))
    assert place_of(run).read_bytes() == before


def _no_space(*args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
