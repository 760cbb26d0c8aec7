"""A worker writes a file after the commit, once (抽出ファイルの一括処理の試験)."""

from typing import Any

import pytest

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.extracts import operations
from municipal.extracts.models import ExtractFile
from municipal.extracts.queries import Column, Query
from municipal.identity.tests.people import somebody
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.residents.tests.acting import ACTS_ON, act, child, day, newcomer_said


@pytest.fixture
def ordered(committed_db: str) -> Any:
    """A file ordered and committed: nobody has written it yet."""
    with clock.stopped_at(ACTS_ON):
        with wall.within(TOWN):
            act("move_in", people=(newcomer_said(), child()), event_on=day(2026, 5, 11))
        clerk = somebody("extracts.run")
        with wall.within(TOWN):
            query = Query("residents", (Column("[氏名]"), Column("[性別]")))
            made = operations.run_query(actor=clerk, query=query, purpose="own_work")
            file = operations.order_file(actor=clerk, run=made, format="csv")
            with pytest.raises(Refused) as refused:
                operations.take_file(actor=clerk, file=file)
            assert refused.value.code == "file_not_written"
        yield file


@pytest.mark.clause("resident-record/1.0#10.1/m11", "resident-record/1.0#10.1/m16")
def test_a_worker_writes_it_and_a_second_one_does_nothing(ordered: ExtractFile) -> None:
    for _ in range(2):
        jobs.run(TOWN, ordered.job_id)
    with wall.within(TOWN):
        ordered.refresh_from_db()
        assert (ordered.rows, ordered.pieces.count(), ordered.job.state) == (2, 1, "done")
        assert Entry.objects.filter(act="extracts.write_file", kind="operation").count() == 1
        seen = Entry.objects.get(act="extracts.write_file", kind="disclosure")
        assert len(seen.subjects) == 2


@pytest.mark.clause("resident-record/1.0#10.1/m11", "resident-record/1.0#10.1/m16")
def test_while_it_is_written_the_counter_goes_on(ordered: ExtractFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading locks nothing: an act is decided in another transaction while the rows are read."""
    from threading import Thread

    from django.db import connections

    from municipal.extracts import runs, writing

    seen: list[int] = []

    def somebody_comes() -> None:
        with clock.stopped_at(ACTS_ON), wall.within(TOWN):
            came = act("move_in", people=(newcomer_said("乙川　次郎", serial=9),), event_on=day(2026, 5, 12))
            seen.append(came.pk)
        connections.close_all()

    def slowly(answer: Any, format: str) -> Any:
        rows = writing.WRITERS[format](answer)
        for _ in ("mark", "headings", "the first row"):
            yield next(rows)
        other = Thread(target=somebody_comes)
        other.start()
        other.join(20)
        yield from rows

    monkeypatch.setattr("municipal.extracts.operations.writing.written", slowly)
    jobs.run(TOWN, ordered.job_id)
    assert len(seen) == 1
    with wall.within(TOWN):
        ordered.refresh_from_db()
        # One snapshot: who came meanwhile is not in the file.
        assert (ordered.rows, ordered.failure) == (2, "")
        assert runs.PURPOSES
