"""The heads kept outside the database (アンカーの試験)."""

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conftest import OTHER_TOWN, TOWN
from municipal.audit.anchors import AnchorBroken, anchor, anchor_file, anchors
from municipal.audit.tasks import anchor_all
from municipal.audit.verification import REASONS, verify
from municipal.core import clock
from municipal.municipalities import wall

from .filling import fill


def anchored(entries: int) -> list[str]:
    """Fill and anchor as often as there are entries; the lines of the file."""
    for _ in range(entries):
        fill(1)
        with wall.within(TOWN):
            anchor(TOWN)
    return anchor_file(TOWN).read_text().splitlines()


def test_a_line_names_the_town_the_head_and_the_time(committed_db: str) -> None:
    fill(3)
    moment = datetime(2026, 11, 23, 12, 0, tzinfo=clock.TOKYO)
    with wall.within(TOWN), clock.stopped_at(moment):
        made = anchor(TOWN)
    (line,) = anchor_file(TOWN).read_text().splitlines()
    assert json.loads(line) == made.__dict__
    assert made is not None
    assert (made.municipality, made.seq, made.at) == (TOWN, 3, "2026-11-23T12:00:00+09:00")
    assert anchor_file(TOWN).name == "990019.jsonl"
    assert anchors(TOWN) == [made]


def test_an_unchanged_head_is_anchored_once_and_an_empty_chain_not_at_all(committed_db: str) -> None:
    with wall.within(TOWN):
        assert anchor(TOWN) is None
    fill(1)
    with wall.within(TOWN):
        assert anchor(TOWN) is not None
        assert anchor(TOWN) is None
    assert len(anchors(TOWN)) == 1
    assert anchors(OTHER_TOWN) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[0].replace('"seq": 1', '"seq": 2'), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [*lines, "not json"],
        lambda lines: [*lines, "[]"],
        lambda lines: [*lines, lines[0]],
        lambda lines: ["{}", *lines],
    ],
)
def test_a_changed_file_of_anchors_is_found(committed_db: str, change: Any) -> None:
    lines = anchored(3)
    assert verify(TOWN).anchored == 3
    anchor_file(TOWN).write_text("\n".join(change(lines)) + "\n")
    verdict = verify(TOWN)
    assert (verdict.first_bad_seq, verdict.reason) == (1, "forged")
    assert "990019.jsonl line" in verdict.detail
    with pytest.raises(AnchorBroken), wall.within(TOWN):
        anchor(TOWN)


def test_another_towns_anchors_prove_nothing_here(committed_db: str) -> None:
    anchored(1)
    anchor_file(TOWN).rename(anchor_file(OTHER_TOWN))
    assert verify(OTHER_TOWN).reason == "forged"


def test_an_anchor_signed_with_another_key_is_found(committed_db: str, settings: Any) -> None:
    anchored(1)
    settings.ANCHOR_KEY = "another key"
    assert verify(TOWN).reason == "forged"


def test_one_broken_town_does_not_stop_the_others(committed_db: str, caplog: pytest.LogCaptureFixture) -> None:
    fill(1)
    fill(2, OTHER_TOWN)
    anchor_all()
    fill(1, OTHER_TOWN)
    anchor_file(TOWN).write_text("broken\n")
    with caplog.at_level(logging.CRITICAL):
        anchor_all()
    assert "990019" in caplog.text
    assert [one.seq for one in anchors(OTHER_TOWN)] == [2, 3]


def test_the_command_tells_a_sound_audit(committed_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    anchored(2)
    call_command("verify_audit")
    assert "990019: 正常 / sound. 2 entries, 2 anchors." in capsys.readouterr().out


def test_the_command_names_the_first_bad_entry_and_ends_with_1(
    committed_db: str, cluster: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(4)
    with cluster.postgresql.superuser(committed_db) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE audit_entry SET purpose = '' WHERE seq = 3")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", "--town", str(TOWN))
    assert ended.value.code == 1
    told = capsys.readouterr().out
    assert "990019" in told
    assert "first at entry 3 of 4" in told
    assert REASONS["altered"] in told
    call_command("verify_audit", "--town", str(OTHER_TOWN))


def test_a_town_that_is_not_here_is_refused(committed_db: str) -> None:
    with pytest.raises(CommandError, match="990035"):
        call_command("verify_audit", "--town", "990035")


def test_the_folder_of_anchors_is_for_us_alone(committed_db: str, anchors_apart: Path) -> None:
    anchored(1)
    assert anchors_apart.stat().st_mode & 0o077 == 0
