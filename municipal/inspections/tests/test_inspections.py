"""Ordering, judging and keeping: real files through the real checker (適合検査の試験)."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from conftest import OTHER_TOWN, ROOT, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.inspections import inputs
from municipal.inspections.models import Inspection, InspectionReport
from municipal.inspections.operations import JUDGE, WRITTEN, order_inspection, take_report, view_result
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.office.operations import order_job
from municipal.office.tests.kinds import CLERK

from .files import BAD, BETTER, CANARY, upload

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.TOKYO)


def ordered(**said: Any) -> Inspection:
    with clock.stopped_at(NOON), wall.within(TOWN):
        return order_inspection(actor=CLERK, **{"files": [upload()], **said})


def judged(**said: Any) -> Inspection:
    made = ordered(**said)
    jobs.run(TOWN, made.job_id)
    return again(made)


def again(made: Inspection) -> Inspection:
    with wall.within(TOWN):
        return Inspection.objects.select_related("job").get(pk=made.pk)


def stored(made: Inspection) -> dict[tuple[str, str], bytes]:
    with wall.within(TOWN):
        return {(one.format, one.language): bytes(one.content) for one in made.reports.all()}


def acts() -> list[tuple[str, str]]:
    with wall.within(TOWN):
        found = Entry.objects.filter(act__startswith="inspections.").order_by("seq")
        return list(found.values_list("act", "code"))


def command(paths: tuple[Path, ...], made: Inspection, format: str, language: str) -> tuple[int, bytes]:
    """What the command writes for the same files."""
    arguments = [
        *map(str, paths), "--today", str(made.checked_on), "--as-of", str(made.as_of), "--privacy", made.privacy,
        "--format", format, "--language", language, *(["--pack", made.pack] if made.pack else []),
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "municipal.conformance", "check", *arguments], cwd=ROOT, capture_output=True, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(("format", "language"), WRITTEN)
def test_the_stored_report_is_what_the_command_writes(committed_db: str, format: str, language: str) -> None:
    files = [upload(), upload("b.zip", b"PK\x03\x04 no zip"), upload("空.csv", b"")]
    made = judged(files=files, as_of=date(2026, 10, 1), privacy="masked")
    with wall.within(TOWN):
        paths = inputs.paths_of(made)
    assert command(paths, made, format, language) == (made.exit_status, stored(made)[format, language])


def test_a_hand_over_folder_is_judged_as_a_whole_where_it_lies(committed_db: str, handover: Path) -> None:
    folder = handover / "2026-11"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "residents.csv").write_bytes(BAD)
    (folder / "outside.csv").symlink_to("/etc/passwd")
    made = judged(files=[], folder="2026-11", pack="resident-record-data@1.0-p1")
    code, written = command((folder,), made, "json", "ja")
    assert (code, written) == (made.exit_status, stored(made)["json", "ja"])
    names = {file["name"] for file in json.loads(written)["files"]}
    assert "sub/residents.csv" in names
    assert b"root:" not in b"".join(stored(made).values())


def test_a_citys_published_data_are_judged_as_by_the_command(committed_db: str, handover: Path) -> None:
    reference = os.environ.get("KIJUN_REFERENCE")
    if not reference:
        pytest.skip("reference material not at hand")
    shutil.copytree(Path(reference, "data", "towada"), handover / "towada")
    made = judged(files=[], folder="towada", pack="open-data-sets@2021")
    for format, language in WRITTEN:
        assert command((handover / "towada",), made, format, language) == (
            made.exit_status, stored(made)[format, language],
        )  # fmt: skip


def test_what_was_found_stands_beside_the_order(committed_db: str) -> None:
    made = judged()
    report = json.loads(stored(made)["json", "ja"])
    assert made.exit_status == report["exit"] == 1
    assert made.counts == {
        **{name: count for name, count in report["rules"].items() if name != "all"},
        "findings": report["counts"]["findings"], "decisive": report["counts"]["decisive"],
    }  # fmt: skip
    line = f"{sha256(BAD).hexdigest()}  residents.csv\n"
    assert made.input_sha256 == sha256(line.encode()).hexdigest()
    assert (made.job.state, made.checked_on, made.as_of) == ("done", NOON.date(), NOON.date())
    assert acts() == [("inspections.order", "1"), ("inspections.judge", "1")]


def test_fewer_faults_give_fewer_findings(committed_db: str) -> None:
    worse, better = judged(), judged(files=[upload(content=BETTER)])
    assert worse.counts is not None
    assert better.counts is not None
    assert better.counts["findings"] < worse.counts["findings"]
    assert (worse.number, better.number) == (1, 2)


@pytest.mark.parametrize("privacy", ["counts", "rows", "masked"])
def test_a_canary_is_in_no_stored_report(committed_db: str, privacy: str) -> None:
    made = judged(privacy=privacy)
    kept = stored(made)
    assert set(kept) == set(WRITTEN)
    for content in kept.values():
        assert CANARY not in content.decode()
        assert json.dumps(CANARY)[1:-1] not in content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"privacy": "raw"}, "privacy"),
        ({"pack": "no-such@1"}, "pack"),
        ({"pack": "/etc"}, "pack"),
        ({"pack": "local-government-codes@2024-01-01"}, "pack"),
        ({"folder": "2026-11"}, "folder"),
        ({"files": [], "folder": "../../etc"}, "folder"),
        ({"files": []}, "uploads"),
    ],
)
def test_what_cannot_be_judged_is_refused_and_leaves_nothing(
    committed_db: str, kept: Path, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        ordered(**said)
    assert refused.value.field == field
    assert not list(kept.rglob("*"))
    with wall.within(TOWN):
        assert not Inspection.objects.exists()
        assert not Job.objects.exists()


def test_files_and_a_folder_together_are_refused(committed_db: str, handover: Path) -> None:
    (handover / "2026-11").mkdir()
    with pytest.raises(Refused) as refused:
        ordered(folder="2026-11")
    assert refused.value.code == "two_sources"


def test_running_the_job_again_changes_nothing(committed_db: str) -> None:
    made = judged()
    before = stored(made)
    with wall.within(TOWN):
        Job.objects.filter(pk=made.job_id).update(state="running", finished_at=None, steps=0)
    jobs.run(TOWN, made.job_id)
    assert stored(made) == before
    assert again(made).judged_at == made.judged_at
    assert [act for act, _ in acts()] == ["inspections.order", "inspections.judge"]


def test_files_that_are_gone_are_no_result(committed_db: str) -> None:
    made = ordered()
    with wall.within(TOWN):
        inputs.discard(TOWN, made.key)  # type: ignore[arg-type]
    for _ in range(jobs.ATTEMPTS + 1):
        jobs.run(TOWN, made.job_id)
    ended = again(made)
    assert (ended.job.state, ended.job.failure, ended.is_judged) == ("failed", "FileNotFoundError", False)
    assert stored(made) == {}


def test_another_town_sees_none_of_it(committed_db: str) -> None:
    judged()
    with wall.within(OTHER_TOWN):
        assert not Inspection.objects.exists()
        assert not InspectionReport.objects.exists()
        first = order_inspection(actor=CLERK, files=[upload()])
        assert first.number == 1
        assert inputs.paths_of(first)[0].parts[-3] == f"{OTHER_TOWN:06d}"


def test_a_report_is_never_changed_and_a_result_never_twice(committed_db: str) -> None:
    made = judged()
    for change in (
        lambda: InspectionReport.objects.update(content=b"better"),
        lambda: InspectionReport.objects.all().delete(),
        lambda: Inspection.objects.update(exit_status=0),
        lambda: Inspection.objects.update(names=["other.csv"]),
        lambda: Inspection.objects.filter(pk=made.pk).delete(),
    ):
        with wall.within(TOWN), pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert again(made).exit_status == 1


def written_directly(made: Inspection, **values: Any) -> Inspection:
    """A row that no operation has looked at."""
    said = {"number": 2, "key": made.key, "as_of": made.as_of, "checked_on": made.as_of, "ordered_at": NOON}
    with wall.within(TOWN), transaction.atomic():
        job = order_job(actor=CLERK, kind=JUDGE)
        return Inspection.objects.create(**{**said, "actor_kind": "staff", "actor_id": 7, "job": job, **values})


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"privacy": "raw"}, "never_raw"),
        ({"folder": "a"}, "one_source"),
        ({"key": None}, "one_source"),
        ({"number": 1}, "number"),
        ({"exit_status": 1}, "all_or_nothing"),
        ({"exit_status": 64, "counts": {}, "input_sha256": "0" * 64, "judged_at": NOON}, "all_or_nothing"),
    ],
)
def test_the_database_itself_forbids_raw_values_two_sources_and_half_results(
    committed_db: str, values: dict[str, Any], constraint: str
) -> None:
    made = ordered()
    with pytest.raises(DatabaseError, match=f"inspections_inspection_{constraint}"):
        written_directly(made, **values)
    assert written_directly(made).number == 2


def test_two_orders_at_once_have_two_numbers(committed_db: str) -> None:
    def order() -> int:
        try:
            return ordered().number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as clerks:
        numbers = [each.result() for each in [clerks.submit(order) for _ in range(8)]]
    assert sorted(numbers) == list(range(1, 9))


def test_looking_and_taking_are_recorded(committed_db: str) -> None:
    made = judged()
    with wall.within(TOWN):
        shown = view_result(actor=CLERK, inspection=made)
        taken = take_report(actor=CLERK, report=made.reports.get(format="html", language="en"))
    assert json.loads(shown)["exit"] == 1
    assert taken.startswith(b"<!DOCTYPE html>")
    assert acts()[2:] == [("inspections.view", "1"), ("inspections.download", "1 html en")]
