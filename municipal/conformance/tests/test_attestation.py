"""What people state is taken back as they wrote it, or refused with every reason (証跡表の試験)."""

import csv
import io
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from municipal.conformance.attestation import Answer, State, blank, read
from municipal.conformance.attestation.sheet import COLUMNS
from municipal.conformance.packs import Pack
from municipal.conformance.tests.attested import filled, refused, said, small_pack

Fill = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small_pack(tmp_path / "pack")


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., Path]:
    return partial(filled, tmp_path / "answers.csv")


def test_the_blank_table_has_a_row_per_requirement_and_says_nothing(pack: Pack) -> None:
    raw = blank(pack)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == [requirement.clause for requirement in pack.requirements]
    assert {cell for row in rows[1:] for cell in row[6:]} == {""}


def test_what_was_not_filled_is_blank_and_never_met(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "blank.csv"
    path.write_bytes(blank(pack))
    matrix = read(path, pack)
    assert {matrix.answer(row).state for row in pack.requirements} == {State.BLANK}


def test_a_row_that_was_left_out_is_blank(pack: Pack, fill: Fill) -> None:
    matrix = read(fill(said()), pack)
    assert [matrix.answer(row).state for row in pack.requirements] == [State.MET, State.BLANK, State.BLANK, State.BLANK]


def test_an_answer_comes_back_as_it_was_written(pack: Pack, fill: Fill) -> None:
    answer = read(fill(said(state="transitional", until="2027-03-31", evidence="行1\n行2")), pack).answers["1/m1"]
    assert answer == Answer(State.TRANSITIONAL, date(2027, 3, 31), "行1\n行2", "", "", "山田", date(2026, 4, 1))


@pytest.mark.parametrize("written", ["met", "MET", "満たす"])
def test_a_state_may_be_said_in_either_language(pack: Pack, fill: Fill, written: str) -> None:
    assert read(fill(said(state=written)), pack).answers["1/m1"].state is State.MET


@pytest.mark.parametrize("written", ["2026-04-01", "2026/4/1", "2026.04.01"])
def test_a_day_is_read_as_spreadsheets_write_it(pack: Pack, fill: Fill, written: str) -> None:
    assert read(fill(said(date=written)), pack).answers["1/m1"].day == date(2026, 4, 1)


@pytest.mark.parametrize(("encoding", "delimiter"), [("cp932", ","), ("utf-8", ","), ("utf-16", "\t")])
def test_the_table_is_read_however_a_spreadsheet_saves_it(
    pack: Pack, fill: Fill, encoding: str, delimiter: str
) -> None:
    path = fill(said(evidence="鍵を見た"), encoding=encoding, delimiter=delimiter)
    assert read(path, pack).answers["1/m1"].evidence == "鍵を見た"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"clause": "9/m9"}, "Row 2 9/m9: toy@1 has no such clause."),
        ({"state": "fine"}, "Row 2 1/m1: There is no state 'fine'."),
        ({"state": "transitional"}, "Row 2 1/m1: A transitional arrangement needs the day until which it holds."),
        ({"until": "2027-01-01"}, "Row 2 1/m1: Only a transitional arrangement has an until."),
        ({"evidence": ""}, "Row 2 1/m1: What is met needs evidence."),
        ({"evidence": "", "state": "met_by_other_means"}, "Row 2 1/m1: What is met needs evidence."),
        ({"person": ""}, "Row 2 1/m1: The person who says so is missing."),
        ({"date": ""}, "Row 2 1/m1: The date is missing."),
        ({"date": "2026-02-30"}, "Row 2 1/m1: '2026-02-30' is no date like 2026-04-01."),
        ({"date": "R8.4.1"}, "Row 2 1/m1: 'R8.4.1' is no date like 2026-04-01."),
        ({"evidence_file": "none.pdf"}, "Row 2 1/m1: The evidence file 'none.pdf' cannot be read."),
        ({"evidence_file": "../x"}, "Row 2 1/m1: The evidence file '../x' must lie in the folder of the table."),
        ({"evidence_sha256": "00"}, "Row 2 1/m1: There is a SHA-256 but no file name."),
    ],
)
def test_what_cannot_stand_is_refused_by_row(pack: Pack, fill: Fill, cells: dict[str, str], problem: str) -> None:
    found = refused(fill(said(**cells)), pack)
    assert len(found) == 1
    assert found[0].startswith(problem)


def test_what_is_not_met_or_does_not_apply_needs_no_evidence(pack: Pack, fill: Fill) -> None:
    path = fill(said(state="not_met", evidence=""), said("2/o1", state="対象外", evidence=""))
    assert [answer.state for answer in read(path, pack).answers.values()] == [State.NOT_MET, State.NOT_APPLICABLE]


def test_a_half_written_row_is_still_blank(pack: Pack, fill: Fill) -> None:
    answer = read(fill(said(state="", person="", date="")), pack).answers["1/m1"]
    assert (answer.state, answer.evidence) == (State.BLANK, "seen")


def test_everything_that_is_wrong_is_said_at_once(pack: Pack, fill: Fill) -> None:
    found = refused(fill(said(person=""), said(date="x"), said("9/m9")), pack)
    assert [problem.partition(":")[0] for problem in found] == ["Row 2 1/m1", "Row 3 1/m1", "Row 3 1/m1", "Row 4 9/m9"]


def test_the_same_clause_twice_is_refused(pack: Pack, fill: Fill) -> None:
    assert refused(fill(said(), said()), pack) == ["Row 3 1/m1: An earlier row has the same clause."]


def test_rows_are_counted_as_a_spreadsheet_counts(pack: Pack, fill: Fill) -> None:
    path = fill(said("2/o1", evidence="a\nb\nc"), {}, said(person=""))
    assert refused(path, pack) == ["Row 4 1/m1: The person who says so is missing."]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "The heading '条項 clause' is missing."),
        ("clause,state\n", "The heading '期限 until' is missing."),
        ("clause,clause\n", "The heading 'clause' is unknown or repeated."),
        ("clause,colour\n", "The heading 'colour' is unknown or repeated."),
        ('clause,state\n"1/m1', "This is no CSV"),
    ],
)
def test_a_table_of_another_form_is_refused(pack: Pack, tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    assert any(found.startswith(problem) for found in refused(path, pack))


def test_cells_beyond_the_heading_are_refused_and_missing_ones_are_empty(pack: Pack, fill: Fill) -> None:
    path = fill()
    path.write_bytes(path.read_bytes() + b"1/m1\r\n" + b"," * 13 + b"more\r\n")
    assert refused(path, pack) == ["Row 3: There are cells beyond the heading."]
    path.write_bytes(fill().read_bytes() + b"1/m1\r\n")
    assert read(path, pack).answers == {}


def test_what_is_no_text_or_no_file_is_refused(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "binary.csv"
    path.write_bytes(b"clause\x81")
    assert "cannot be read (UnicodeDecodeError)" in refused(path, pack)[0]
    assert "cannot be read (FileNotFoundError)" in refused(tmp_path / "none.csv", pack)[0]


def test_a_table_that_is_too_large_is_not_read(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(16 * 2**20 + 1)
    assert refused(path, pack) == ["The table is too large."]
