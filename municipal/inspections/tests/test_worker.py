"""A real worker judges, and a worker killed in it leaves nothing half-done (裏方での検査の試験)."""

from pathlib import Path

import pytest

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.inspections.models import Inspection
from municipal.inspections.operations import WRITTEN, order_inspection
from municipal.machine.valkey import Valkey
from municipal.municipalities import wall
from municipal.office.tasks import resume_jobs
from municipal.office.tests.kinds import CLERK
from municipal.office.tests.test_worker import broker, found, wait_for, worker

from .files import upload

__all__ = ["broker"]
ROWS = 400_000
"""So many that a worker is still judging when it is killed."""


def test_a_worker_killed_while_judging_does_it_again_exactly_once(
    committed_db: str,
    broker: Valkey,
    kept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KIJUN_INSPECTIONS", str(kept))
    lines = b"".join(b"%d,%s\n" % (row, "世帯主".encode()) for row in range(1, ROWS))
    log = tmp_path / "worker.log"
    with wall.within(TOWN):
        made = order_inspection(actor=CLERK, files=[upload(content="宛名番号,続柄_表記\n".encode() + lines)])
    with worker(committed_db, broker, log) as first:
        wait_for(lambda: found(made.job_id).state == "running", log)
        first.kill()
        first.wait(timeout=30)
    with wall.within(TOWN):
        left = Inspection.objects.get(pk=made.pk)
        assert (left.is_judged, left.reports.count()) == (False, 0)
    monkeypatch.setattr("municipal.office.jobs.left_alone", lambda: [made.job_id])
    resume_jobs()
    with worker(committed_db, broker, log):
        wait_for(lambda: found(made.job_id).state == "done", log, seconds=120)
    with wall.within(TOWN):
        ended = Inspection.objects.get(pk=made.pk)
        assert ended.is_judged
        assert sorted(ended.reports.values_list("format", "language")) == sorted(WRITTEN)
        assert Entry.objects.filter(act="inspections.judge").count() == 1
