"""Handing over and taking in, in the background (引渡しと受入れの一括処理)."""

from pathlib import Path

from django.conf import settings

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.inspections.inputs import handed_over
from municipal.municipalities import wall
from municipal.office.jobs import Progress, Steps, job, ordered_by
from municipal.office.models import Job

from .intake_runs import work_folder
from .models import Handover, Intake
from .operations import INTAKE, begin_intake, load_intake, note_checked, write_handover
from .operations.handovers import HAND_OVER
from .operations.intakes import folder_word
from .receiving import Incoming, judge, look_at

MAPPING = "mapping.toml"
"""A table of correspondence that lies in the hand-over folder itself (対応表のファイル名)."""


@job(HAND_OVER)
def hand_over(job: Job) -> Steps:
    """One step that writes; a worker killed in it leaves no manifest, and the next one writes anew (引渡しの出力)."""
    handover = Handover.objects.get(pk=job.parameters["handover"])
    if handover.written_at is None:
        write_handover(actor=ordered_by(job), handover=handover, folder=folder_of(handover))
    yield Progress(done=handover.rows, total=handover.rows)


def folder_of(handover: Handover) -> Path:
    """Where a hand-over is written on the server (引渡しのフォルダー)."""
    town = f"{int(handover.municipality_id or 0):06d}"
    return Path(settings.KIJUN_TRANSFER) / town / f"handover-{handover.number:04d}"


@job(INTAKE)
def take_in(job: Job) -> Steps:
    """Two steps: the files are judged, then all of them are loaded; each commits whole (受入れ)."""
    actor, incoming = ordered_by(job), _incoming(job)
    intake = begin_intake(
        actor=actor, source=incoming.folder.name, digest=incoming.digest, is_dry_run=job.parameters["dry"],
        job_id=job.pk,
    )  # fmt: skip
    if intake.state == Intake.State.BEGUN:
        intake = note_checked(actor=actor, intake=intake, faults=list(judge(incoming, today=clock.today())))
    yield Progress(done=1, total=2, position={"intake": intake.pk})
    intake = Intake.objects.get(pk=intake.pk)
    if intake.state == Intake.State.CHECKED and intake.ended_at is None:
        intake = load_intake(actor=actor, intake=intake, incoming=incoming)
    yield Progress(done=2, total=2, position={"intake": intake.pk})


def _incoming(job: Job) -> Incoming:
    folder = chosen_folder(job.parameters["folder"])
    mapping = folder / MAPPING
    return look_at(folder, mapping if mapping.is_file() else None, work_folder(wall.current()))


def chosen_folder(word: str) -> Path:
    """The folder of the hand-over place that ``folder_word`` named; Refused where it is gone (受入れ元のフォルダー)."""
    for name, folder in handed_over(wall.current()).items():
        if folder_word(name) == word:
            return folder
    raise Refused("この受渡しフォルダーは見つかりません。画面を開き直して選んでください。", code="no_folder")
