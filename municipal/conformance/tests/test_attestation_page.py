"""The evidence matrix as people get to see it: nothing hidden, nothing that acts (証跡表の書出しの試験)."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from municipal.conformance.attestation import Matrix, blank, read, write
from municipal.conformance.packs import Pack, find
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.tests.attested import filled, refused, said, small_pack

TODAY = date(2026, 11, 23)
Fill = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small_pack(tmp_path / "pack")


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., Path]:
    return partial(filled, tmp_path / "answers.csv")


def html(matrix: Matrix, today: date = TODAY, report: bytes | None = None) -> str:
    return write(matrix, "html", today=today, report=report).decode()


def test_what_nobody_answered_is_shown_as_blank(pack: Pack) -> None:
    page = html(Matrix(pack))
    assert page.count('class="state blank"') == 4
    assert "4件のうち4件が未記入" in page
    assert 'class="state met"' not in page


def test_an_evidence_file_is_pinned_by_its_digest(pack: Pack, fill: Fill, tmp_path: Path) -> None:
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"signed")
    digest = hashlib.sha256(b"signed").hexdigest()
    matrix = read(fill(said(evidence="", evidence_file="proof.pdf")), pack)
    assert (matrix.answers["1/m1"].file, matrix.answers["1/m1"].sha256) == ("proof.pdf", digest)
    assert digest in html(matrix)
    path = tmp_path / "again.csv"
    path.write_bytes(write(matrix, "csv", today=TODAY))
    assert read(path, pack) == matrix
    proof.write_bytes(b"forged")
    assert refused(path, pack)[0].endswith("differs from the SHA-256 that was written down.")


@pytest.mark.parametrize("evidence", ["=1+1", "+81 3", "-", "@me", "\t=1", "'quoted", "''=1"])
def test_no_cell_starts_a_formula_and_none_is_changed_by_that(
    pack: Pack, tmp_path: Path, fill: Fill, evidence: str
) -> None:
    matrix = read(fill(said(evidence=evidence)), pack)
    raw = write(matrix, "csv", today=TODAY)
    cells = [cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    path = tmp_path / "again.csv"
    path.write_bytes(raw)
    assert read(path, pack) == matrix


def test_the_page_counts_every_state_of_every_level(pack: Pack, fill: Fill) -> None:
    page = html(read(fill(said(), said("2/n1", state="not_met")), pack))
    counts = page.partition('class="counts"')[2].partition("</table>")[0]
    numbers = [list(map(int, re.findall(r"<td>(\d+)</td>", line))) for line in counts.split("<tr>")[2:]]
    assert numbers == [
        [1, 0, 0, 0, 0, 1, 2],
        [0, 0, 0, 0, 0, 1, 1],
        [0, 0, 0, 0, 1, 0, 1],
        [1, 0, 0, 0, 1, 2, 4],
    ]


def test_an_arrangement_is_overdue_the_day_after_its_last(pack: Pack, fill: Fill) -> None:
    matrix = read(fill(said(state="transitional", until="2026-11-23")), pack)
    assert "期限切れ" not in html(matrix, date(2026, 11, 23))
    late = html(matrix, date(2026, 11, 24))
    assert "期限切れ" in late
    assert '<a href="#c1-m1">1/m1</a>' in late.partition('class="warn"')[2].partition("</p>")[0]
    assert 'id="c1-m1"' in late


def test_executed_requirements_show_their_rules_and_how_they_ended(pack: Pack) -> None:
    report = json.dumps({"results": [{"code": "TOY-0001", "outcome": "failed"}]}).encode()
    assert "TOY-0001 TOY-0002" not in html(Matrix(pack))
    assert ">TOY-0001<" in html(Matrix(pack))
    page = html(Matrix(pack), report=report)
    assert "TOY-0001 指摘あり" in page
    assert "TOY-0002 報告に記載なし" in page
    assert ">AMB-001<" in page


def test_the_worse_of_two_outcomes_of_a_rule_is_shown(pack: Pack) -> None:
    results = [{"code": "TOY-0001", "outcome": outcome} for outcome in ("failed", "passed")]
    for order in (results, results[::-1]):
        assert "TOY-0001 指摘あり" in html(Matrix(pack), report=json.dumps({"results": order}).encode())


@pytest.mark.parametrize("report", [b"", b"[]", b"{}", b'{"results": [{"code": "X", "outcome": "fine"}]}', b"\xff"])
def test_what_is_no_report_is_refused(pack: Pack, report: bytes) -> None:
    with pytest.raises(RefusedInput, match="This is no report of a check"):
        html(Matrix(pack), report=report)


def test_another_format_is_refused(pack: Pack) -> None:
    with pytest.raises(RefusedInput, match="There is no format 'pdf'; known: csv, html"):
        write(Matrix(pack), "pdf", today=TODAY)


def test_what_people_write_cannot_become_markup(pack: Pack, fill: Fill) -> None:
    page = html(read(fill(said(evidence="<img src=x>&", person='"<b>')), pack))
    assert "&lt;img src=x&gt;&amp;" in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "Toy &lt;1&gt;" in page


def test_the_page_names_no_outside_address_and_runs_no_script(pack: Pack) -> None:
    page = html(Matrix(pack))
    assert not re.search(r"https?:|//|url\(|@import|<script|src=", page)
    assert "default-src 'none'" in page


def test_the_same_answers_give_the_same_bytes_in_any_order(pack: Pack, fill: Fill) -> None:
    one = read(fill(said(), said("2/o1")), pack)
    other = read(fill(said("2/o1"), said()), pack)
    for form in ("csv", "html"):
        assert write(one, form, today=TODAY) == write(other, form, today=TODAY)


def test_the_resident_record_can_be_attested_as_a_whole(tmp_path: Path) -> None:
    pack = find("resident-record@1.0")
    path = tmp_path / "matrix.csv"
    path.write_bytes(blank(pack))
    page = html(read(path, pack))
    assert page.count('class="state blank"') == 546
    assert all(f'id="c{row.clause.replace("/", "-")}"' in page for row in pack.requirements)
