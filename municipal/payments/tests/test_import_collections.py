"""``manage.py import_collections`` (取込みコマンドの試験)."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conftest import OTHER_TOWN, TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.balances import books
from municipal.payments.models import CollectionFile, Report
from municipal.payments.outcomes import of_file
from municipal.payments.rules.near_numbers import near_numbers

from .booking import charged, file_of, report, slip_of


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)):
        yield


@pytest.fixture
def number(committed_db: str) -> str:
    with wall.within(TOWN):
        return slip_of(charged(total_yen=30_000, due_on=[date(2026, 6, 30)])[0]).number


def run(path: Path, *said: str, **options: Any) -> tuple[str, int]:
    """What the command prints, and with which code it ends."""
    out = io.StringIO()
    try:
        call_command("import_collections", str(path), *said, town=str(TOWN), stdout=out, **options)
    except SystemExit as end:
        return out.getvalue(), int(str(end.code))
    return out.getvalue(), 0


def test_a_dry_run_and_the_run_say_the_same_of_every_line_and_only_one_books(number: str, tmp_path: Path) -> None:
    path = tmp_path / "store.csv"
    path.write_bytes(file_of(report(number, 30_000), report("9" * 20, 500, reference="A2")))
    tried = run(path, "--dry-run", rows=tmp_path / "tried.csv")
    with wall.within(TOWN):
        assert not CollectionFile.objects.exists()
    assert run(path, rows=tmp_path / "rows.csv") == tried
    assert tried[1] == 0
    assert "matched 1" in tried[0]
    assert "3: 99999999999999999999 500 納付番号に該当なし" in tried[0]
    assert (tmp_path / "rows.csv").read_bytes() == (tmp_path / "tried.csv").read_bytes()
    with wall.within(TOWN):
        file = CollectionFile.objects.get()
        assert [row.result for row in of_file(path.read_bytes(), file.digest)] == ["matched", "unknown"]
        assert books().broken() == []


def test_bad_lines_end_with_two_and_the_good_ones_are_booked(number: str, tmp_path: Path) -> None:
    path = tmp_path / "store.csv"
    path.write_bytes(file_of(report(number, 30_000), report(number, -5, reference="A2")))
    said, code = run(path)
    assert code == 2
    assert "3:  0 金額は1円以上" in said
    with wall.within(TOWN):
        assert Report.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"a,b\n", b"PK\x03\x04"])
def test_a_file_that_is_none_ends_with_one_sentence_and_one(number: str, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "store.csv"
    path.write_bytes(data)
    with pytest.raises(CommandError) as error:
        run(path)
    assert error.value.returncode == 1
    assert str(error.value).count("。") <= 2
    with wall.within(TOWN):
        assert not CollectionFile.objects.exists()


def test_the_same_file_again_a_missing_file_and_no_town_are_refused(number: str, tmp_path: Path) -> None:
    path = tmp_path / "store.csv"
    path.write_bytes(file_of(report(number, 30_000)))
    run(path)
    with pytest.raises(CommandError, match="すでに取り込まれています"):
        run(path)
    with pytest.raises(CommandError, match="none"):
        run(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="--town"):
        call_command("import_collections", str(path))
    with wall.within(OTHER_TOWN):
        assert not Report.objects.exists()


def test_a_file_cut_anywhere_is_refused_whole(number: str, tmp_path: Path) -> None:
    whole = file_of(*(report(number, 100, reference=f"R{at}") for at in range(10)))
    path = tmp_path / "cut.csv"
    cuts = [len(whole) * part // 16 for part in range(1, 16)]
    line_ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")][:-1]
    for cut in (*cuts, *line_ends):
        path.write_bytes(whole[:cut])
        with pytest.raises(CommandError):
            run(path)
    with wall.within(TOWN):
        assert not Report.objects.exists()


def test_near_numbers_differ_in_one_digit_or_one_exchange() -> None:
    found = near_numbers("0123")
    assert "0123" not in found
    assert {"1123", "0124", "1023", "0132"} <= found
    assert "1032" not in found
    assert all(len(one) == 4 and one.isdigit() for one in found)
    assert len(found) == 36 + 3
