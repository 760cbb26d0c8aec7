"""A real broker and a real worker: jobs run, and survive the worker's death (裏方の試験)."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from kombu import pools

from conftest import ROOT, TOWN
from municipal.audit.models import Entry
from municipal.audit.verification import verify
from municipal.celery import app
from municipal.machine.children import start_child
from municipal.machine.places import Place
from municipal.machine.postgresql import APP, OWNER
from municipal.machine.valkey import Valkey
from municipal.municipalities import wall
from municipal.office import outbox
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.office.outbox import emit
from municipal.office.tasks import resume_jobs

from .kinds import CLERK, STEPS


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A broker of this test's own, to which this process sends its messages too."""
    place = Place(f"test-office-{os.getpid()}", ROOT)
    valkey = Valkey(place)
    valkey.start()
    monkeypatch.setattr(app.conf, "broker_url", place.broker_url)
    _forget_connections()
    yield valkey
    valkey.stop()
    _forget_connections()
    shutil.rmtree(place.data, ignore_errors=True)
    shutil.rmtree(place.sockets, ignore_errors=True)


def _forget_connections() -> None:
    """Celery keeps its connections to the broker; the next message asks for its address anew."""
    pools.reset()  # type: ignore[no-untyped-call]
    app._pool = app.amqp._producer_pool = None


@contextmanager
def worker(database: str, broker: Valkey, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    host = connections["default"].settings_dict["HOST"]
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{APP}@/{database}?host={host}",
        "DATABASE_OWNER_URL": f"postgresql://{OWNER}@/{database}?host={host}",
        "BROKER_URL": broker.place.broker_url,
        "KIJUN_ANCHORS": str(log.parent / "anchors"),
    }
    command = [sys.executable, "-m", "celery", "-A", "municipal.celery", "worker", "--pool", "solo", "-l", "INFO",
               "-I", "municipal.office.tests.kinds", "--without-gossip", "--without-mingle"]  # fmt: skip
    process = start_child(command, log=log, environment=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


def wait_for(condition: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def found(job_id: int) -> Job:
    with wall.within(TOWN):
        return Job.objects.get(pk=job_id)


def ordered(milliseconds: int = 0) -> int:
    with wall.within(TOWN):
        return int(order_job(actor=CLERK, kind="tests.count", parameters={"milliseconds": milliseconds}).pk)


def rows() -> list[str]:
    with wall.within(TOWN):
        return list(Entry.objects.filter(act="tests.row").order_by("seq").values_list("code", flat=True))


@pytest.mark.long
def test_a_job_runs_in_a_worker_and_survives_its_death(
    committed_db: str, broker: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "worker.log"
    quick = ordered()
    with worker(committed_db, broker, log) as first:
        wait_for(lambda: found(quick).state == "done", log)
        assert len(rows()) == STEPS
        slow = ordered(milliseconds=400)
        wait_for(lambda: found(slow).done >= 3, log)
        first.kill()
        first.wait(timeout=30)
    job = found(slow)
    assert job.state == "running"
    assert 3 <= job.done < STEPS
    monkeypatch.setattr("municipal.office.jobs.left_alone", lambda: [slow])
    resume_jobs()
    with worker(committed_db, broker, log):
        wait_for(lambda: found(slow).state == "done", log)
    assert rows()[STEPS:] == [f"row{number}" for number in range(1, STEPS + 1)]
    assert verify(TOWN).is_sound


def test_a_wiped_broker_loses_no_event(
    committed_db: str, broker: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hear(event: Any) -> None:
        """Hears it."""

    monkeypatch.setitem(outbox.receivers, "tests.wiped", {"municipal.office.tests.kinds.hear": hear})
    with wall.within(TOWN):
        emit(topic="tests.wiped", subjects=[1], payload={"number": 1})
    lost = ordered()
    broker.stop()
    shutil.rmtree(broker.place.data / "valkey")
    more = ordered()
    broker.start()
    monkeypatch.setattr("municipal.office.jobs.left_alone", lambda: [lost, more])
    resume_jobs()
    log = tmp_path / "worker.log"
    with worker(committed_db, broker, log):
        wait_for(lambda: found(lost).state == found(more).state == "done", log)
    with wall.within(TOWN):
        assert outbox.deliver_next()
        assert not outbox.deliver_next()
