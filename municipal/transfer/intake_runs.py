"""One intake from its files to its end, step by step (受入れの進行)."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from municipal.core import clock
from municipal.core.actors import Actor
from municipal.municipalities import wall

from .models import Intake
from .operations import begin_intake, load_intake, note_checked
from .receiving import judge, look_at

Say = Callable[[str], None]


def run(
    *, actor: Actor, town: int, folder: Path, mapping: Path | None = None, is_dry_run: bool = False,
    say: Say = lambda line: None,
) -> Intake:  # fmt: skip
    """Take in ``folder``: each step commits whole, and a run that was killed is gone on with by running again (受入れ).

    Files that were taken in before change nothing. Raises Refused where there is nothing to take in.
    """
    work = work_folder(town)
    try:
        incoming = look_at(folder, mapping, work)
        with wall.within(town):
            intake = begin_intake(actor=actor, source=folder.name, digest=incoming.digest, is_dry_run=is_dry_run)
        if intake.state == Intake.State.BEGUN:
            say("1/2 ファイルを検査しています …")
            found = list(judge(incoming, today=clock.today()))
            with wall.within(town):
                intake = note_checked(actor=actor, intake=intake, faults=found)
        if intake.state == Intake.State.CHECKED and intake.ended_at is None:
            say("2/2 台帳に登録しています …")
            with wall.within(town):
                intake = load_intake(actor=actor, intake=intake, incoming=incoming)
        return intake
    finally:
        shutil.rmtree(work, ignore_errors=True)


def work_folder(town: int) -> Path:
    """Where files of one town are converted; emptied before and after (作業フォルダー)."""
    place = Path(settings.KIJUN_TRANSFER) / f"{town:06d}" / "work"
    shutil.rmtree(place, ignore_errors=True)
    return place
