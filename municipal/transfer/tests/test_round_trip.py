"""What goes out and comes in again is the same register, to the byte (往復の試験)."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from conftest import TOWN, pointing_at
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.transfer.exports import Content, write_register
from municipal.transfer.intake_runs import run
from municipal.transfer.models import Intake

AS_OF = date(2026, 11, 23)


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder, without the manifest: its moment is the moment of writing."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def written(folder: Path, content: Content = Content(is_whole=True)) -> dict[str, bytes]:
    with wall.within(TOWN):
        write_register(folder, content)
    return contents(folder)


def taken_in(folder: Path, **how: Any) -> Intake:
    made = run(actor=System("test"), town=TOWN, folder=folder, **how)
    if made.state == Intake.State.REFUSED:
        with wall.within(TOWN):
            print([(one.file, one.row, one.item, one.code, one.sentence) for one in made.found.all()[:10]])
    return made


@pytest.fixture(scope="module")
def played(cluster: Any, django_db_blocker: Any) -> Iterator[str]:
    """A town that was lived through act by act; the name of its database."""
    name = "kijun_transfer_played"
    with django_db_blocker.unblock():
        cluster.clone(name)
        with pointing_at(name):
            call_command(
                "make_town", town=f"{TOWN}", residents=120, seed=5, as_of=AS_OF, without_accounts=True,
                is_played=True, stdout=io.StringIO(),
            )  # fmt: skip
        yield name
        cluster.drop(name)


def test_the_played_town_comes_back_to_the_byte(played: str, committed_db: str, tmp_path: Path) -> None:
    with pointing_at(played):
        before = written(tmp_path / "before")
    assert {"events.csv", "history.csv", "periods.csv", "protections.csv"} <= set(before)
    made = taken_in(tmp_path / "before")
    assert made.state == Intake.State.LOADED
    after = written(tmp_path / "after")
    assert set(after) == set(before)
    for name, said in before.items():
        assert after[name] == said, name
