"""A hand-over written by a worker, and by hand on the command line (引渡しの出力の試験)."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from conftest import TOWN
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.residents.tests.acting import CHIEF, CLERK
from municipal.transfer.jobs import folder_of
from municipal.transfer.models import Handover
from municipal.transfer.operations import approve_handover, order_handover

SAID: dict[str, Any] = {"recipient": "見本システム株式会社", "purpose": "システムの更新"}


def test_the_job_writes_into_a_folder_of_its_own_and_once(two_towns: str) -> None:
    with wall.within(TOWN):
        order_handover(actor=CLERK, **SAID)
        job = Job.objects.get()
    jobs.run(TOWN, job.pk)
    jobs.run(TOWN, job.pk)
    with wall.within(TOWN):
        made = Handover.objects.get()
        assert Job.objects.get().state == "done"
        assert made.rows > 120
        assert (folder_of(made) / "MANIFEST.txt").is_file()


def test_the_command_writes_what_was_approved_and_nothing_else(two_towns: str, tmp_path: Path) -> None:
    with wall.within(TOWN):
        made = order_handover(actor=CLERK, is_whole=True, **SAID)
    with pytest.raises(CommandError, match="承認がまだ"):
        call_command("export_residents", out=tmp_path / "a", town=TOWN, handover=made.number)
    with pytest.raises(CommandError, match="ありません"):
        call_command("export_residents", out=tmp_path / "a", town=TOWN, handover=77)
    with pytest.raises(CommandError, match="--town"):
        call_command("export_residents", out=tmp_path / "a")
    with wall.within(TOWN):
        approve_handover(actor=CHIEF, handover=made.number, is_approved=True)
    call_command("export_residents", out=tmp_path / "a", town=TOWN, handover=made.number)
    assert "protected_addresses = true" in (tmp_path / "a" / "MANIFEST.txt").read_text(encoding="utf-8")
