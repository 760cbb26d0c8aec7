"""What goes out and comes in again is the same register, to the byte (往復の試験)."""

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections

from conftest import OTHER_TOWN, TOWN, pointing_at
from municipal.addressees.models import Protection
from municipal.conformance.commands import main as conform
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.municipalities import wall
from municipal.residents.models import Remark, ResidentRecord
from municipal.residents.tests.acting import PLACE, act, day, member, newcomer_said, people_of
from municipal.transfer.exports import Content, write_register
from municipal.transfer.intake_runs import run
from municipal.transfer.models import Intake

AS_OF = date(2026, 11, 23)


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder, without the manifest: its moment is the moment of writing."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def written(folder: Path, content: Content | None = None) -> dict[str, bytes]:
    with wall.within(TOWN):
        write_register(folder, content or Content(is_whole=True))
    return contents(folder)


def taken_in(folder: Path, **how: Any) -> Intake:
    return run(actor=System("test"), town=TOWN, folder=folder, **how)


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


@pytest.mark.clause("resident-record/1.0#10.6/m2", "resident-record/1.0#7.2.3/m3")
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


def test_the_same_files_again_change_nothing(played: str, committed_db: str, tmp_path: Path) -> None:
    with pointing_at(played):
        written(tmp_path / "before")
    first = taken_in(tmp_path / "before")
    again = taken_in(tmp_path / "before")
    assert (again.number, again.state) == (first.number, Intake.State.LOADED)
    # The same register under another digest: every row is known.
    (tmp_path / "before" / "README.txt").write_text("seen", encoding="utf-8")
    third = taken_in(tmp_path / "before")
    assert third.state == Intake.State.LOADED
    assert sum(third.written.values()) == 0
    assert sum(first.written.values()) > 500


def test_a_trial_goes_all_the_way_and_writes_nothing(played: str, committed_db: str, tmp_path: Path) -> None:
    with pointing_at(played):
        written(tmp_path / "before")
    made = taken_in(tmp_path / "before", is_dry_run=True)
    assert (made.state, made.faults) == (Intake.State.CHECKED, 0)
    assert made.written["history"] > 100
    with wall.within(TOWN):
        assert not ResidentRecord.objects.exists()


def lived_on() -> None:
    """Acts of every sort after the full files: cancelled, corrected, protected, a day that nobody knows."""
    first, second = day(2026, 11, 30), day(2026, 12, 1)
    names = (("見本　太郎", "世帯主"), ("見本　花子", "妻"), ("見本　一郎", "子"))
    people = tuple(
        newcomer_said(name, serial=9_010 + place, relationship=tie) for place, (name, tie) in enumerate(names)
    )
    home = people_of(act("move_in", people=people, event_on=first))
    about_1937 = RegisterDate.parse("1937-00-00/昭和12年頃")
    old = newcomer_said("乙川　梅", serial=9_000, sex="2", born_on=about_1937)
    guest = people_of(act("move_in", people=(old,), event_on=first))[0]
    moved = act("move_within", people=(member(home[2], relationship="世帯主"),), place={**PLACE, "lot": "８番地"},
                event_on=second)  # fmt: skip
    act("cancellation", cancels=moved.pk, event_on=second)
    act("minor_correction", people=(member(home[0], alias="タロ"),), event_on=second)
    act("death", people=(member(home[0]),), event_on=second, basis="family_register")
    Protection.objects.create(addressee=guest.addressee, starts_on=date(2026, 12, 1))
    Remark.objects.create(
        addressee=guest.addressee, sort="remark", text="出張所で受付", written_at=clock.now(), written_by_kind="staff",
        written_by_id=1,
    )  # fmt: skip


@pytest.mark.clause("resident-record/1.0#7.2.3/m3")
def test_a_differential_on_top_of_the_full_files_is_the_new_full(
    cluster: Any, played: str, committed_db: str, tmp_path: Path
) -> None:
    other = f"{committed_db}_other"
    cluster.clone(other, played)
    with pointing_at(other), clock.stopped_at(datetime(2026, 11, 30, 9, tzinfo=clock.TOKYO)):
        with wall.within(TOWN):
            first = write_register(tmp_path / "full", Content(is_whole=True))
        with clock.stopped_at(clock.now() + timedelta(days=2)):
            with wall.within(TOWN):
                lived_on()
            after = written(tmp_path / "after")
            changes = written(tmp_path / "changes", Content(since=first.moment, is_whole=True))
    cluster.drop(other)
    assert taken_in(tmp_path / "full").state == Intake.State.LOADED
    made = taken_in(tmp_path / "changes")
    assert made.state == Intake.State.LOADED
    assert 0 < made.written["history"] < 30
    assert written(tmp_path / "both") == after
    rows = changes["history.csv"].decode().splitlines()
    assert len(rows) < 30, "only what changed"
    assert conform(["check", str(tmp_path / "changes"), "--today", "2026-12-02"]) == 0


def test_a_differential_without_its_full_files_is_refused(played: str, committed_db: str, tmp_path: Path) -> None:
    with pointing_at(played):
        written(tmp_path / "changes", Content(since=datetime(2025, 11, 1, tzinfo=clock.TOKYO), is_whole=True))
    made = taken_in(tmp_path / "changes")
    with wall.within(TOWN):
        assert made.state == Intake.State.REFUSED
        assert set(made.found.values_list("code", flat=True)) >= {"IN-0024"}
        assert not ResidentRecord.objects.exists()


def test_a_changed_file_is_told_by_the_manifest(played: str, committed_db: str, tmp_path: Path) -> None:
    with pointing_at(played):
        written(tmp_path / "out")
    file = tmp_path / "out" / "households.csv"
    file.write_bytes(file.read_bytes() + b"990019,99999\n")
    made = taken_in(tmp_path / "out")
    with wall.within(TOWN):
        assert "IN-0018" in set(made.found.values_list("code", flat=True))


def test_another_towns_files_are_refused(played: str, committed_db: str, tmp_path: Path) -> None:
    with pointing_at(played):
        written(tmp_path / "out")
    made = run(actor=System("test"), town=OTHER_TOWN, folder=tmp_path / "out")
    with wall.within(OTHER_TOWN):
        assert made.state == Intake.State.REFUSED
        assert set(made.found.values_list("code", flat=True)) == {"IN-0016"}


@pytest.mark.clause("resident-record/1.0#7.2.3/m1")
def test_without_an_approval_no_protected_address_leaves(played: str, tmp_path: Path) -> None:
    with pointing_at(played), wall.within(TOWN):
        protected = Protection.objects.filter(lifted_on=None).values("addressee")
        marks = set(
            ResidentRecord.objects.filter(addressee__in=protected)
            .exclude(address_building="")
            .values_list("address_building", flat=True)
        )
        assert marks
        write_register(tmp_path / "hidden", Content())
        write_register(tmp_path / "whole", Content(is_whole=True))
    for folder, is_there in (("hidden", False), ("whole", True)):
        text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / folder).glob("*.csv"))
        assert any(mark in text for mark in marks) is is_there
    rows = (tmp_path / "hidden" / "support_measures.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) > 1, "the measure comes with the person all the same"


def test_killed_in_the_middle_it_leaves_nothing_and_goes_on(
    played: str, committed_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pointing_at(played):
        before = written(tmp_path / "before")

    def killed(here: Any) -> None:
        here.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr("municipal.transfer.taking_in._search_keys", killed)
        with pytest.raises(OperationalError):
            taken_in(tmp_path / "before")
    connections.close_all()
    with wall.within(TOWN):
        assert not ResidentRecord.objects.exists()
        assert Intake.objects.get().state == Intake.State.CHECKED
    # The second run judges nothing again: it goes on where the first one was cut short.
    monkeypatch.setattr("municipal.transfer.intake_runs.judge", lambda *args, **how: pytest.fail("judged again"))
    assert taken_in(tmp_path / "before").state == Intake.State.LOADED
    assert written(tmp_path / "after") == before
