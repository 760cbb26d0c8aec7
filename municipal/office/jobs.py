"""Running long work in steps that survive the death of a worker (一括処理の実行).

A job kind is a generator: what it does between two ``yield`` is one transaction, committed together with the
progress it yields. A worker that dies loses at most the step it was in; the next one goes on from ``job.position``.
"""

import logging
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction

from municipal.audit.operations import record
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.municipalities import wall

from .models import Job, JobError

logger = logging.getLogger(__name__)
alarm = logging.getLogger("kijun.alarm")
"""Where the town's own alerting listens: runs that broke off (外部への通報)."""

ATTEMPTS = 5
STALE = timedelta(seconds=60)


@dataclass(frozen=True)
class RowError:
    """A row of the input that was not taken: its number from 1, the field, a Japanese sentence (エラー行)."""

    row: int
    field: str
    sentence: str


@dataclass(frozen=True)
class Progress:
    """How far a job is after a step: rows done and rows in all, where to resume, rows refused in this step (進捗)."""

    done: int
    total: int = 0
    position: dict[str, Any] = field(default_factory=dict)
    errors: Sequence[RowError] = ()


Steps = Generator[Progress, None, None]
kinds: dict[str, Callable[[Job], Steps]] = {}
"""Every job kind by its name (一括処理の一覧)."""


@dataclass(frozen=True)
class Ordering:
    """Whoever ordered a job, as the audit knows them: kind and id (依頼者)."""

    actor_kind: str
    actor_id: int


def job(kind: str) -> Callable[[Callable[[Job], Steps]], Callable[[Job], Steps]]:
    """Make a generator function in an app's ``jobs.py`` a job kind (一括処理の種類).

    It begins at ``job.position`` (empty at first), and must not hold a transaction or a cursor over a ``yield``.
    Raises ValueError at import time for a name that is taken.
    """

    def note(function: Callable[[Job], Steps]) -> Callable[[Job], Steps]:
        if kind in kinds:
            raise ValueError(f"{kind} is already a job kind")
        kinds[kind] = function
        return function

    return note


def ordered_by(job: Job) -> Ordering:
    """The actor for the operations that a job calls."""
    return Ordering(job.actor_kind, job.actor_id)


def run(municipality: int, job_id: int) -> None:
    """Run a job from where it stands to its end, unless another worker is at it (一括処理の実行).

    An exception ends this run and is noted by its kind; the beat starts another, up to ATTEMPTS without progress.
    """
    try:
        steps = _take_up(municipality, job_id)
        if steps is None:
            return
        at: int | None = steps[0]
        while at is not None:
            at = _step(municipality, job_id, at, steps[1])
    except Exception as error:
        logger.exception("Job %s of municipality %06d stumbled", job_id, municipality)
        _note_failure(municipality, job_id, type(error).__name__)


def _locked(job_id: int) -> Job | None:
    """The job with its row locked; None while another worker holds it or when it has ended."""
    waiting = Job.objects.filter(pk=job_id, state__in=[Job.State.WAITING, Job.State.RUNNING])
    return waiting.select_for_update(skip_locked=True).first()


def _take_up(municipality: int, job_id: int) -> tuple[int, Steps] | None:
    with wall.within(municipality):
        job = _locked(job_id)
        if job is None:
            return None
        now = clock.now()
        job.attempts += 1
        job.state, job.started_at, job.touched_at = Job.State.RUNNING, job.started_at or now, now
        if job.attempts > ATTEMPTS or job.kind not in kinds:
            _end(job, Job.State.FAILED, job.failure or ("no progress" if job.kind in kinds else "unknown kind"))
            return None
        job.save()
        return job.steps, kinds[job.kind](job)


def _step(municipality: int, job_id: int, at: int, running: Steps) -> int | None:
    """One step in one transaction; the number of steps now done, None at the end or when another worker went on."""
    with wall.within(municipality):
        job = _locked(job_id)
        if job is None or job.steps != at:
            return None
        with transaction.atomic():
            progress = next(running, None)
            if job.is_dry_run:
                transaction.set_rollback(True)
        if progress is None:
            _end(job, Job.State.DONE, "")
            return None
        JobError.objects.bulk_create(
            JobError(job=job, row=bad.row, field=bad.field, sentence=bad.sentence[:500]) for bad in progress.errors
        )
        job.steps, job.attempts, job.failure, job.touched_at = at + 1, 0, "", clock.now()
        job.done, job.total, job.position = progress.done, progress.total, progress.position
        job.errors += len(progress.errors)
        job.save()
        return job.steps


@implements("resident-record/1.0#9.1/m8")
def _end(job: Job, state: str, failure: str) -> None:
    job.state, job.failure, job.finished_at = state, failure, clock.now()
    job.touched_at = job.finished_at
    job.save()
    record(actor=ordered_by(job), act="jobs.finish", code=state)
    if state == Job.State.FAILED:
        alarm.error("Job %s (%s) of municipality %06d broke off: %s", job.pk, job.kind, wall.current(), failure)


def _note_failure(municipality: int, job_id: int, failure: str) -> None:
    with wall.within(municipality):
        Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(failure=failure[:120])


def left_alone(*, stale: timedelta = STALE) -> list[int]:
    """The ids of this municipality's jobs that nobody touched for ``stale``, to be taken up again (再開対象)."""
    waiting = Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING], touched_at__lte=clock.now() - stale)
    return list(waiting.order_by("pk").values_list("pk", flat=True))
