"""Ordered by one, approved by another, written once (引渡しの依頼と承認の試験)."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from municipal.addressees.models import Protection
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office.models import Job
from municipal.residents.tests.acting import CHIEF, CLERK, act, family, newcomer_said, people_of
from municipal.transfer.management.commands.export_residents import moment
from municipal.transfer.models import Handover
from municipal.transfer.operations import approve_handover, export_residents, order_handover, write_handover
from municipal.transfer.parts import PARTS

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {"recipient": "見本システム株式会社", "purpose": "システムの更新"}


def protected_town() -> str:
    """A family of whom one is protected; what must not be seen of the address."""
    home = people_of(act("move_in", people=family()))
    Protection.objects.create(addressee=home[1].addressee, starts_on=clock.today())
    return str(home[1].address_lot)


def text_of(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.csv"))


def test_a_hand_over_without_secrets_needs_nobody_else(town: int, may: None, tmp_path: Path) -> None:
    lot = protected_town()
    made = order_handover(actor=CLERK, **SAID)
    assert (made.number, made.proposal) == (1, None)
    assert Job.objects.get().kind == "transfer.hand_over"
    written = write_handover(actor=CLERK, handover=made, folder=tmp_path / "out")
    assert (written.counts or {})["residents.csv"] == 4
    assert written.written_at is not None
    assert lot not in text_of(tmp_path / "out")


@pytest.mark.clause("resident-record/1.0#7.2.3/m1")
def test_protected_addresses_leave_only_after_somebody_else_approved(town: int, may: None, tmp_path: Path) -> None:
    lot = protected_town()
    made = order_handover(actor=CLERK, is_whole=True, **SAID)
    assert not Job.objects.exists()
    with pytest.raises(Refused, match="承認がまだ"):
        write_handover(actor=CLERK, handover=made, folder=tmp_path / "out")
    with pytest.raises(Refused, match="起案した本人は"):
        approve_handover(actor=CLERK, handover=made.number, is_approved=True)
    approve_handover(actor=CHIEF, handover=made.number, is_approved=True)
    assert Job.objects.count() == 1
    write_handover(actor=CLERK, handover=Handover.objects.get(), folder=tmp_path / "out")
    assert lot in text_of(tmp_path / "out")
    assert "支援措置番号" in text_of(tmp_path / "out") or "支援措置開始年月日" in text_of(tmp_path / "out")
    with pytest.raises(Refused, match="すでに出力"):
        write_handover(actor=CLERK, handover=made, folder=tmp_path / "again")


def test_what_was_rejected_is_never_written(town: int, may: None, tmp_path: Path) -> None:
    made = order_handover(actor=CLERK, is_whole=True, **SAID)
    approve_handover(actor=CHIEF, handover=made.number, is_approved=False)
    assert not Job.objects.exists()
    with pytest.raises(Refused, match="承認"):
        write_handover(actor=CLERK, handover=made, folder=tmp_path / "out")
    with pytest.raises(Refused, match="すでに決定"):
        approve_handover(actor=CHIEF, handover=made.number, is_approved=True)
    assert not list(tmp_path.iterdir())


def test_the_database_itself_forbids_secrets_without_a_decision(town: int, may: None) -> None:
    made = order_handover(actor=CLERK, **SAID)
    with pytest.raises(DatabaseError), transaction.atomic():
        Handover.objects.filter(pk=made.pk).update(is_whole=True)
    made.pk, made.number, made.is_whole = None, 2, True
    with pytest.raises(IntegrityError, match="secrets_leave_by_a_second_person"), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"recipient": "  ", "purpose": "x"}, "渡す相手"), ({"recipient": "x", "purpose": ""}, "渡す相手"),
        ({"recipient": "x" * 101, "purpose": "x"}, "文字"), ({"recipient": "x\0", "purpose": "x"}, "文字"),
    ],
)  # fmt: skip
def test_a_hand_over_says_to_whom_and_what_for(town: int, may: None, said: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        order_handover(actor=CLERK, **said)


def test_a_differential_does_not_begin_in_the_future(town: int, may: None) -> None:
    with pytest.raises(Refused, match="過去"):
        order_handover(actor=CLERK, since=clock.now() + timedelta(days=1), **SAID)


def test_there_is_nothing_to_approve_where_nothing_waits(town: int, may: None) -> None:
    plain = order_handover(actor=CLERK, **SAID)
    for number in (plain.number, 999):
        with pytest.raises(Refused, match="承認を待っている"):
            approve_handover(actor=CHIEF, handover=number, is_approved=True)


def test_everybody_in_the_files_is_disclosed_and_no_value_is_in_the_audit(town: int, may: None, tmp_path: Path) -> None:
    people = {row.addressee_id for row in people_of(act("move_in", people=family()))}
    export_residents(actor=CLERK, folder=tmp_path / "out")
    for closing in list(wall.opening().closing):
        closing()
    told = Entry.objects.filter(act="residents.export", kind="disclosure").latest("seq")
    assert set(told.subjects) == people


def test_a_moment_without_a_zone_is_one_of_japan() -> None:
    assert moment("2026-11-29T10:00") == datetime(2026, 11, 29, 10, tzinfo=clock.TOKYO)


def test_every_heading_stands_once_in_its_file() -> None:
    for part in PARTS.values():
        assert len(set(part.headings)) == len(part.headings), part.name


@pytest.mark.clause("resident-record/1.0#7.2.3/m2")
@pytest.mark.parametrize("name", ["𠮷田　葛󠄀子", "髙﨑　𩸽", "辻󠄁　一"])
def test_characters_leave_as_the_register_holds_them(town: int, may: None, tmp_path: Path, name: str) -> None:
    act("move_in", people=(newcomer_said(name),))
    export_residents(actor=CLERK, folder=tmp_path / "out")
    row = next(csv.DictReader((tmp_path / "out" / "residents.csv").read_text(encoding="utf-8").splitlines()))
    assert row["氏名"] == name
    assert row["氏名"].encode() == name.encode()
