"""Issuing and printing slips from the command line (納付書のコマンドの試験)."""

import errno
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.management import CommandError, call_command

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import protect
from municipal.conformance.commands import main
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office.models import Job
from municipal.payments.models import Slip, SlipRun
from municipal.payments.paper.run import SlipFile

from .booking import CLERK
from .slip_runs import NOON, PEOPLE, owing, words


@pytest.fixture(autouse=True)
def _owing(committed_db: str, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.KIJUN_PAYMENTS = tmp_path / "payments"
    with clock.stopped_at(NOON):
        with wall.within(TOWN):
            owing(*PEOPLE)
        yield


def said(*args: str, **more: Any) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out, **more)
    return out.getvalue()


def run_all(**more: Any) -> int:
    """The number of a run over everybody."""
    first = said("run_charges", fee="901", year=2026, town=str(TOWN), **more).splitlines()[0]
    return int(first.split()[1].rstrip(":"))


def test_a_run_goes_to_its_end_and_says_how_many_and_where() -> None:
    lines = said("run_charges", fee="901", year=2026, town=str(TOWN), pay_until=date(2027, 3, 1)).splitlines()
    with wall.within(TOWN):
        run = SlipRun.objects.get()
        assert set(Slip.objects.values_list("pay_until", flat=True)) == {date(2027, 3, 1)}
        assert Job.objects.get().state == "done"
    assert lines[0] == f"run {run.pk}: 6 slips, 0 for the counter"
    assert Path(lines[1]).is_file()
    assert len(lines) == 2
    with pytest.raises(CommandError, match="ありません"):
        run_all()


@pytest.mark.parametrize(
    "more",
    [
        {"fee": "999"},
        {"year": 1999},
        {"periods": [0]},
        {"pay_until": date(2026, 1, 1)},
        {"town": None},
        {"town": "123456"},
        {"town": "架空"},
    ],
)
def test_what_cannot_be_ordered_is_one_sentence_and_leaves_nothing(more: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        said("run_charges", **{"fee": "901", "year": 2026, "town": str(TOWN)} | more)
    with wall.within(TOWN):
        assert not SlipRun.objects.exists()
        assert not Slip.objects.exists()


def test_a_run_is_printed_in_another_order_or_for_one_person(tmp_path: Path) -> None:
    run = run_all()
    payers = {}
    for order in ("number", "kana"):
        said("print_slips", str(run), out=tmp_path / f"{order}.pdf", town=str(TOWN), order=order)
        text = words(tmp_path / f"{order}.pdf")
        payers[order] = sorted(("5", "12", "31"), key=lambda number: text.index(f"甲野　{number}　様"))
    assert payers == {"number": ["5", "12", "31"], "kana": ["5", "31", "12"]}
    said("print_slips", str(run), out=tmp_path / "one.pdf", town=str(TOWN), payer="12")
    one = pypdfium2.PdfDocument(tmp_path / "one.pdf")
    assert len(one) == 3
    assert "お届けした納付書（2枚）" in one[1].get_textpage().get_text_range()
    assert main(["qr", str(tmp_path / "one.pdf")]) == 0


def test_what_no_letter_may_carry_is_printed_apart(tmp_path: Path) -> None:
    with wall.within(TOWN):
        owner = Addressee.objects.get(number="5")
        protect(actor=CLERK, addressee=owner, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), is_own=True)
    run = run_all()
    told = said("print_slips", str(run), out=tmp_path / "all.pdf", town=str(TOWN))
    assert told.startswith("6 slips: ")
    assert "甲野　5" not in words(tmp_path / "all.pdf")
    assert "甲野　5　様" in words(tmp_path / "all-counter.pdf")
    assert "5番地" not in words(tmp_path / "all-counter.pdf")


def test_a_full_disk_is_one_sentence_in_both_languages_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_all()
    folder = tmp_path / "full"

    def refuses(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(SlipFile, "finish", refuses)
        with pytest.raises(CommandError, match=r"書き込めませんでした.*No space left on device"):
            said("print_slips", str(run), out=folder / "all.pdf", town=str(TOWN))
    assert list(folder.iterdir()) == []
    said("print_slips", str(run), out=folder / "all.pdf", town=str(TOWN))
    assert (folder / "all.pdf").is_file()


@pytest.mark.parametrize("more", [{"town": str(OTHER_TOWN)}, {"payer": "99"}, {"town": None}])
def test_slips_that_are_not_there_are_not_printed(tmp_path: Path, more: dict[str, Any]) -> None:
    run = run_all()
    with pytest.raises(CommandError):
        said("print_slips", str(run), out=tmp_path / "none.pdf", **{"town": str(TOWN)} | more)
    assert not (tmp_path / "none.pdf").exists()
    with pytest.raises(CommandError, match="no such run"):
        said("print_slips", str(run + 1), out=tmp_path / "none.pdf", town=str(TOWN))
