"""Long work goes on where it was interrupted (一括処理の試験)."""

import csv
import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.audit.verification import verify
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.exports import errors_csv
from municipal.office.jobs import Progress, RowError, left_alone, run
from municipal.office.models import Job
from municipal.office.operations import order_job

from . import kinds
from .kinds import CLERK, STEPS


def ordered(kind: str = "tests.count", **more: Any) -> int:
    with wall.within(TOWN):
        return int(order_job(actor=CLERK, kind=kind, **more).pk)


def found(job_id: int) -> Job:
    with wall.within(TOWN):
        return Job.objects.get(pk=job_id)


def rows() -> list[str]:
    with wall.within(TOWN):
        return list(Entry.objects.filter(act="tests.row").order_by("seq").values_list("code", flat=True))


def test_a_job_runs_to_its_end_and_both_ends_are_in_the_audit(committed_db: str) -> None:
    job_id = ordered()
    assert (found(job_id).state, found(job_id).percent) == ("waiting", None)
    run(TOWN, job_id)
    job = found(job_id)
    assert (job.state, job.done, job.total, job.errors, job.percent) == ("done", STEPS, STEPS, 2, 100)
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.created_at <= job.started_at <= job.finished_at
    assert rows() == [f"row{number}" for number in range(1, STEPS + 1)]
    with wall.within(TOWN):
        trail = Entry.objects.filter(act__startswith="jobs.").order_by("seq").values_list("act", "actor_id", "code")
        assert list(trail) == [("jobs.order", 7, ""), ("jobs.finish", 7, "done")]
    run(TOWN, job_id)
    assert len(rows()) == STEPS


def test_a_dry_run_changes_nothing_and_keeps_its_error_rows(committed_db: str) -> None:
    job_id = ordered(is_dry_run=True)
    run(TOWN, job_id)
    job = found(job_id)
    assert (job.state, job.done, job.errors) == ("done", STEPS, 2)
    assert rows() == []
    with wall.within(TOWN):
        assert [bad.row for bad in job.error_rows.order_by("row")] == [5, 10]


def test_error_rows_are_downloaded_as_csv_that_no_spreadsheet_runs(committed_db: str) -> None:
    job_id = ordered(is_dry_run=True)
    run(TOWN, job_id)
    with wall.within(TOWN):
        data = errors_csv(Job.objects.get(pk=job_id))
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert table[0] == ["行番号", "項目", "理由"]
    assert table[1:] == [["5", "'=field", "この行は読めません。"], ["10", "'=field", "この行は読めません。"]]


def test_a_step_that_fails_is_undone_and_tried_again_a_few_times(committed_db: str) -> None:
    job_id = ordered("tests.stumble")
    for _ in range(jobs.ATTEMPTS):
        run(TOWN, job_id)
    job = found(job_id)
    assert (job.state, job.done, job.failure) == ("running", 1, "ZeroDivisionError")
    assert rows() == ["row1"]
    run(TOWN, job_id)
    run(TOWN, job_id)
    job = found(job_id)
    assert (job.state, job.failure) == ("failed", "ZeroDivisionError")
    assert job.finished_at is not None
    assert verify(TOWN).is_sound


def test_a_job_goes_on_after_its_last_finished_step(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(job: Job) -> jobs.Steps:
        for number, progress in enumerate(kinds.count(job)):
            if number == 4 and not job.position:
                raise KeyboardInterrupt
            yield progress

    monkeypatch.setitem(jobs.kinds, "tests.count", interrupted)
    job_id = ordered()
    with pytest.raises(KeyboardInterrupt):
        run(TOWN, job_id)
    assert (found(job_id).state, found(job_id).done) == ("running", 4)
    run(TOWN, job_id)
    assert rows() == [f"row{number}" for number in range(1, STEPS + 1)]


def test_two_workers_do_no_step_twice(committed_db: str) -> None:
    job_id = ordered(parameters={"milliseconds": 20})

    def work() -> None:
        try:
            run(TOWN, job_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while found(job_id).state != "done":
        run(TOWN, job_id)
    assert rows() == [f"row{number}" for number in range(1, STEPS + 1)]


def test_a_job_that_nobody_touches_is_found_again(committed_db: str) -> None:
    job_id, finished = ordered(), ordered()
    run(TOWN, finished)
    with wall.within(TOWN):
        assert left_alone() == []
        with clock.stopped_at(clock.now() + timedelta(seconds=61)):
            assert left_alone() == [job_id]
    with wall.within(OTHER_TOWN):
        assert left_alone(stale=timedelta(0)) == []


def test_a_job_whose_kind_is_gone_fails_with_a_word(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = ordered()
    monkeypatch.delitem(jobs.kinds, "tests.count")
    run(TOWN, job_id)
    assert (found(job_id).state, found(job_id).failure) == ("failed", "unknown kind")


def test_an_unknown_kind_is_refused(town: int) -> None:
    with pytest.raises(Refused) as refused:
        order_job(actor=CLERK, kind="tests.nothing")
    assert (refused.value.code, refused.value.field) == ("unknown_job", "kind")


def test_parameters_hold_no_values_of_records(town: int) -> None:
    with pytest.raises(ValueError, match="Only ids"):
        order_job(actor=CLERK, kind="tests.count", parameters={"name": "山田"})


def test_a_kind_has_one_function() -> None:
    with pytest.raises(ValueError, match="already a job kind"):
        jobs.job("tests.count")(kinds.count)


def test_a_row_error_has_a_number_a_field_and_a_sentence() -> None:
    assert Progress(done=1, errors=[RowError(1, "name", "文。")]).errors[0].row == 1
