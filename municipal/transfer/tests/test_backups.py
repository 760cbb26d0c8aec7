"""A town is backed up and comes back, byte for byte, or not at all (バックアップと復元の試験)."""

import gzip
import io
import json
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from conftest import OTHER_TOWN, TOWN, Cluster, pointing_at
from municipal.addressees.models import Addressee
from municipal.audit.anchors import anchor
from municipal.audit.models import Entry
from municipal.audit.verification import verify
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.numbers.models import Cause, IndividualNumber
from municipal.numbers.operations import enter_number, holder_of
from municipal.numbers.tests.test_numbers import number
from municipal.payments.operations import close_through, close_year
from municipal.payments.operations.interest import charge_interest
from municipal.payments.tests.booking import charged, report, slip_of, taken
from municipal.residents.models import Period, ResidentRecord
from municipal.residents.tests.acting import act, child, day, member, newcomer_said, people_of
from municipal.transfer import backups
from municipal.transfer.backups import MANIFEST, SUMS, Manifest, read_manifest, tables, take


@pytest.fixture
def lived_in(two_towns: str, settings: Any, tmp_path: Path) -> str:
    """Two towns with some history: a move, a death, its cancellation, an individual number."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    with wall.within(TOWN):
        people = people_of(
            act("move_in", people=(newcomer_said(serial=9_000_001), child(serial=9_000_002)), event_on=day(2026, 5, 1))
        )
        died = act("death", people=(member(people[1]),), event_on=day(2026, 5, 3))
        act("cancellation", cancels=died.pk, event_on=day(2026, 5, 4))
        enter_number(
            actor=System(), addressee=people[0].addressee_id, digits=number(7), valid_from=date(2026, 5, 1),
            cause=Cause.DESIGNATION,
        )  # fmt: skip
        books(people[0].addressee)
    return two_towns


def books(payer: Addressee) -> None:
    """Money of a closed year, interest on it, and a closed period: tables that point at each other and forbid rows."""
    (first, *_) = charged(owner=payer, levy_year=2025, fiscal_year=2025, due_on=(date(2025, 6, 30), date(2025, 9, 1)))
    taken(report(slip_of(first).number, first.yen, paid_on="2026-05-20"))
    charge_interest(actor=System(), charge=first)
    close_year(actor=System(), year=2025)
    close_through(actor=System(), day=clock.today())


def command(name: str, *arguments: Any) -> str:
    said = io.StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


def exported(folder: Path) -> dict[str, bytes]:
    """Everything that the export of both towns writes."""
    for town in (TOWN, OTHER_TOWN):
        call_command("export_residents", town=town, out=folder / str(town), stdout=io.StringIO())
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.suffix == ".csv"}


def contents(made: Manifest) -> dict[str, str]:
    """What every table holds, but the audit, which grows with what is done."""
    return {part.name: part.sha256 for part in made.parts if not part.table.startswith("audit_")}


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    """A freshly migrated database with nothing in it."""
    name = "kijun_restored"
    cluster.clone(name)
    yield name
    cluster.drop(name)


def test_what_was_backed_up_comes_back_byte_for_byte(lived_in: str, empty: str, tmp_path: Path) -> None:
    before = exported(tmp_path / "before")
    assert len(before) >= 4
    said = command("backup", tmp_path / "backup")
    assert f"{TOWN:06d}" in said
    first = read_manifest(tmp_path / "backup")
    with pointing_at(empty):
        said = command("restore", tmp_path / "backup")
        assert "verified" in said
        for town in (TOWN, OTHER_TOWN):
            assert verify(town).is_sound
        assert exported(tmp_path / "after") == before
        assert contents(take(tmp_path / "again")) == contents(first)
        with wall.within(TOWN):
            assert holder_of(number(7)) is not None
            # The town lives on: the next act finds its place behind everything that was given before.
            newest = ResidentRecord.objects.order_by("-pk").first()
            assert newest is not None
            act("move_in", people=(newcomer_said(serial=9_000_003),), event_on=day(2026, 6, 1))
            last = ResidentRecord.objects.order_by("-pk").first()
            assert last is not None
            assert last.pk > newest.pk
            assert Entry.objects.filter(act="transfer.restore").count() == 1


def test_every_table_of_a_town_is_in_it_and_none_twice(lived_in: str, tmp_path: Path) -> None:
    made = take(tmp_path / "backup", [TOWN])
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE a.attname = 'municipality_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        )
        known = {name for (name,) in cursor.fetchall()}
    assert {part.table for part in made.parts} == known - backups.DERIVED
    assert len(made.parts) == len(tables())


def test_a_backup_is_of_one_moment_though_the_town_goes_on(
    lived_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    genuine, acted = backups._write, list[Any]()

    def writes(connection: Any, folder: Path, town: int, model: Any) -> Any:
        made = genuine(connection, folder, town, model)
        if not acted:
            acted.append(model)
            with wall.within(TOWN):
                act("move_in", people=(newcomer_said(serial=9_000_004),), event_on=day(2026, 6, 1))
        return made

    with wall.within(TOWN):
        rows, periods = ResidentRecord.objects.count(), Period.objects.count()
    monkeypatch.setattr(backups, "_write", writes)
    made = take(tmp_path / "backup", [TOWN])
    counts = {part.table: part.rows for part in made.parts}
    assert (counts["residents_residentrecord"], counts["residents_period"]) == (rows, periods)


def test_one_town_alone_is_backed_up_without_a_row_of_the_other(lived_in: str, empty: str, tmp_path: Path) -> None:
    command("backup", tmp_path / "backup", "--town", str(OTHER_TOWN))
    parts = read_manifest(tmp_path / "backup").parts
    assert {part.town for part in parts} == {OTHER_TOWN}
    for part in parts:
        rows = gzip.decompress((tmp_path / "backup" / part.name).read_bytes()).decode().splitlines()
        at = part.columns.index("municipality_id")
        assert {row.split("\t")[at] for row in rows} <= {str(OTHER_TOWN)}, part.table
    with pointing_at(empty):
        command("restore", tmp_path / "backup")
        with wall.within(TOWN):
            assert not ResidentRecord.objects.exists()


def test_the_files_are_their_owners_only_and_hold_no_number_and_no_session(lived_in: str, tmp_path: Path) -> None:
    take(tmp_path / "backup")
    paths = list((tmp_path / "backup").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}
    said = b"".join(gzip.decompress(path.read_bytes()) for path in paths if path.suffix == ".gz")
    assert number(7).value.encode() not in said
    assert (
        subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=tmp_path / "backup", check=False).returncode == 0
    )


@pytest.mark.parametrize("what", ["flip", "cut", "missing", "manifest", "sums", "swap", "format", "json"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    lived_in: str, empty: str, tmp_path: Path, what: str
) -> None:  # fmt: skip
    folder = tmp_path / "backup"
    take(folder)
    part = next(one for one in read_manifest(folder).parts if one.table == "residents_residentrecord" and one.rows)
    path = folder / part.name
    held = path.read_bytes()
    spoil: dict[str, Callable[[], object]] = {
        "flip": lambda: path.write_bytes(held[:-20] + bytes([held[-20] ^ 1]) + held[-19:]),
        "cut": lambda: path.write_bytes(held[:-100]),
        "missing": path.unlink,
        "manifest": lambda: (folder / MANIFEST).write_text((folder / MANIFEST).read_text().replace("架空市", "別の市")),
        "sums": (folder / SUMS).unlink,
        "swap": lambda: shutil.copy(folder / f"{OTHER_TOWN:06d}" / path.name, path),
        "format": lambda: (folder / MANIFEST).write_text(json.dumps({"format": 99})),
        "json": lambda: (folder / MANIFEST).write_text("{"),
    }
    spoil[what]()
    with pointing_at(empty):
        with pytest.raises(CommandError):
            command("restore", folder)
        for town in (TOWN, OTHER_TOWN):
            with wall.within(town):
                assert not Entry.objects.exists()
                assert not ResidentRecord.objects.exists()


def test_a_town_in_which_anything_stands_is_never_restored_into(lived_in: str, empty: str, tmp_path: Path) -> None:
    take(tmp_path / "backup")
    with pytest.raises(CommandError, match="空の台帳"):
        command("restore", tmp_path / "backup")
    with pointing_at(empty):
        command("restore", tmp_path / "backup")
        with pytest.raises(CommandError, match="空の台帳"):
            command("restore", tmp_path / "backup")


def test_a_backup_whose_audit_was_altered_is_refused_and_leaves_nothing(
    lived_in: str, empty: str, tmp_path: Path
) -> None:  # fmt: skip
    folder = tmp_path / "backup"
    with wall.within(TOWN):
        altered = Entry.objects.order_by("seq").first()
        assert altered is not None
    take(folder, [TOWN])
    path = folder / f"{TOWN:06d}" / "audit_entry.copy.gz"
    text = gzip.decompress(path.read_bytes()).decode().replace("residents.make_town", "residents.make_towm", 1)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    # Whoever alters the file alters the sums too: the chain still tells.
    said = json.loads((folder / MANIFEST).read_text())
    old = next(part for part in said["parts"] if part["table"] == "audit_entry")
    fresh = backups.digest_of(path)
    (folder / MANIFEST).write_text((folder / MANIFEST).read_text().replace(old["sha256"], fresh))
    sums = (folder / SUMS).read_text().replace(old["sha256"], fresh)
    head, _, _ = sums.rpartition(sums.splitlines()[-1])
    (folder / SUMS).write_text(f"{head}{backups.digest_of(folder / MANIFEST)}  {MANIFEST}\n")
    with pointing_at(empty):
        with pytest.raises(CommandError, match="監査記録"):
            command("restore", folder)
        with wall.within(TOWN):
            assert not ResidentRecord.objects.exists()


def test_entries_anchored_after_the_backup_are_counted_as_lost(lived_in: str, empty: str, tmp_path: Path) -> None:
    take(tmp_path / "backup", [TOWN])
    with wall.within(TOWN):
        act("move_in", people=(newcomer_said(serial=9_000_005),), event_on=day(2026, 6, 1))
    with wall.within(TOWN):
        anchor(TOWN)
    with pointing_at(empty):
        said = command("restore", tmp_path / "backup")
    assert "失われました" in said


def test_another_schema_and_a_folder_that_is_there_are_refused(
    lived_in: str, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    take(tmp_path / "backup")
    with pytest.raises(CommandError, match="すでにあります"):
        command("backup", tmp_path / "backup")
    with pytest.raises(CommandError, match="000001"):
        command("backup", tmp_path / "other", "--town", "1")
    assert not list(tmp_path.glob(".*part*"))
    monkeypatch.setattr("municipal.transfer.restoring.migrations", lambda: ("residents.9999_later",))
    with pointing_at(empty), pytest.raises(CommandError, match="版が違います"):
        command("restore", tmp_path / "backup")
    assert IndividualNumber is not None
