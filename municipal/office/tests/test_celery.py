"""Tasks open the wall, and the beat names tasks that exist (定期処理の試験)."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from conftest import OTHER_TOWN, TOWN
from municipal.celery import Timetable, app, town_task
from municipal.municipalities import wall
from municipal.office import tasks


def test_every_beat_names_a_task_that_exists() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith("municipal.") and importlib.util.find_spec(f"{config.name}.tasks"):
            importlib.import_module(f"{config.name}.tasks")
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named <= set(app.tasks)
    assert "audit.anchor_all" in named


def test_a_message_is_acknowledged_only_after_the_work() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost


def test_a_task_of_a_town_runs_inside_its_wall(committed_db: str) -> None:
    seen: list[Any] = []

    @town_task("tests.look")
    def look(municipality: int, word: str) -> None:
        seen.append((municipality, wall.current(), word))

    look(TOWN, "a")
    look.apply((OTHER_TOWN, "b"))
    app.tasks.unregister("tests.look")
    assert seen == [(TOWN, TOWN, "a"), (OTHER_TOWN, OTHER_TOWN, "b")]
    with pytest.raises(wall.NoMunicipality):
        wall.current()


def test_every_town_has_its_turn(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(tasks, "deliver", seen.append)
    tasks.deliver_all()
    assert seen == [TOWN, OTHER_TOWN]


@pytest.mark.parametrize("half", [0, 10])
def test_a_beat_whose_file_a_power_cut_left_broken_begins_it_anew(tmp_path: Path, half: int) -> None:
    def beats() -> set[str]:
        timetable = Timetable(app=app, schedule_filename=str(tmp_path / "beat"))
        found = set(timetable.schedule)
        timetable.close()
        return found

    whole = beats()
    assert set(app.conf.beat_schedule) <= whole
    for file in tmp_path.iterdir():
        if file.suffix in {"", ".dat", ".db"}:
            file.write_bytes(file.read_bytes()[:half])
    assert beats() == whole
