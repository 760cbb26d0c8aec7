"""The table that a person fills, as CSV: given out, taken back, and refused with everything that is wrong (記入用の表).

Spreadsheets may save it in Shift_JIS and write days with slashes; both are read. Evidence files lie beside the table.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from municipal.conformance.attestation.matrix import NOBODY, STATES, Answer, Matrix, State
from municipal.conformance.packs import Pack
from municipal.conformance.privacy import printable
from municipal.conformance.refusals import RefusedInput
from municipal.conformance.reports.words import Both
from municipal.core.characters import neutral_for_spreadsheet

COLUMNS = (
    "条項 clause",
    "節 section",
    "区分 level",
    "要旨",
    "summary",
    "方法 method",
    "状態 state",
    "期限 until",
    "証跡 evidence",
    "証跡ファイル evidence_file",
    "SHA-256 evidence_sha256",
    "確認者 person",
    "確認日 date",
)
ASKED = ("clause", "state", "until", "evidence", "evidence_file", "evidence_sha256", "person", "date")
_HEADINGS = {name: column.split(" ")[-1] for column in COLUMNS for name in (column.lower(), *column.lower().split(" "))}
_STATES = {name.lower(): state for state, both in STATES.items() for name in (state.value, both.ja, both.en)}
_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_LARGEST = 16 * 2**20
"""Bytes of a table; the longest standard with a page of evidence for every sentence needs a tenth of it."""
_PROVED = (State.MET, State.OTHER_MEANS)


class UnreadableMatrix(RefusedInput):
    """A table that cannot be taken, with every reason; the command ends with status 64 (受け付けられない証跡表)."""

    def __init__(self, problems: list[Both]) -> None:
        super().__init__("\n".join(problem.ja for problem in problems), "\n".join(problem.en for problem in problems))
        self.problems = tuple(problems)


def blank(pack: Pack) -> bytes:
    """The table of a pack with nothing answered: UTF-8 with BOM, one row per requirement (記入前の表)."""
    return table(Matrix(pack))


def table(matrix: Matrix) -> bytes:
    """A matrix as CSV that ``read`` takes back; no cell can start a formula (CSVの書出し)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in matrix.pack.requirements:
        answer = matrix.answer(row)
        about = (row.clause, row.section, row.level, row.summary_ja, row.summary_en, row.method)
        days = [day.isoformat() if day else "" for day in (answer.until, answer.day)]
        said = (answer.state, days[0], answer.evidence, answer.file, answer.sha256, answer.person, days[1])
        writer.writerow([neutral_for_spreadsheet(cell) for cell in (*about, *said)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def read(path: Path, pack: Pack) -> Matrix:
    """The table that somebody filled; raises UnreadableMatrix with all problems at once (記入後の表の読込み).

    Rows may be left out and moved: what is not there is blank. Evidence files are read and their digests kept; a file
    that has changed since its digest was written is a problem.
    """
    answers: dict[str, Answer] = {}
    problems: list[Both] = []
    known = {requirement.clause for requirement in pack.requirements}
    for number, row in _rows(path):
        clause = row["clause"]
        answer, faults = _answer(row, path.parent)
        faults[:0] = [_duplicate()] if clause in answers else [] if clause in known else [_unknown(pack)]
        problems += [_at(number, clause, fault) for fault in faults]
        answers[clause] = answer
    if problems:
        raise UnreadableMatrix(problems)
    return Matrix(pack, {clause: answer for clause, answer in answers.items() if answer != NOBODY})


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The filled rows by column, each with its number as a spreadsheet counts."""
    text = _text(path)
    first = text.partition("\n")[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableMatrix([Both(f"CSVとして読めません（{error}）。", f"This is no CSV ({error}).")]) from error
    heading = [_HEADINGS.get(cell.strip().lower(), "") for cell in lines[0]] if lines else []
    problems = list(_of_heading(lines[0] if lines else [], heading))
    for number, cells in enumerate(lines[1:], 2):
        if any(cells[len(heading) :]):
            problems.append(
                _at(number, "", Both("見出しより右にも値があります。", "There are cells beyond the heading."))
            )
    if problems:
        raise UnreadableMatrix(problems)
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells):
            # Some spreadsheets leave out the empty cells at the end of a row.
            filled = [_as_typed(cell) for cell in cells] + [""] * (len(heading) - len(cells))
            yield number, dict(zip(heading, filled, strict=False))


def _of_heading(written: list[str], heading: list[str]) -> Iterator[Both]:
    for cell, name in zip(written, heading, strict=True):
        if not name or heading.count(name) > 1:
            shown = printable(cell)
            yield Both(
                f"見出し「{shown}」は使えないか重複しています。", f"The heading {shown!r} is unknown or repeated."
            )
    for name in ASKED:
        if name not in heading and name != "evidence_sha256":
            column = next(column for column in COLUMNS if column.endswith(name))
            yield Both(f"見出し「{column}」がありません。", f"The heading {column!r} is missing.")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableMatrix([Both("表が大きすぎます。", "The table is too large.")])
        raw = path.read_bytes()
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            return raw.decode("cp932")
    except (OSError, UnicodeError) as error:
        ja = f"{path} を読めません（{type(error).__name__}）。"
        raise UnreadableMatrix([Both(ja, f"{path} cannot be read ({type(error).__name__}).")]) from error


def _as_typed(cell: str) -> str:
    """The cell without what spreadsheets and we ourselves put around it."""
    text = "\n".join(printable(line.rstrip()) for line in cell.replace("\r\n", "\n").strip().split("\n"))
    return text[1:] if text.startswith("'") and neutral_for_spreadsheet(text[1:]) == text else text


def _answer(row: Mapping[str, str], folder: Path) -> tuple[Answer, list[Both]]:
    faults: list[Both] = []
    state = _STATES.get(row["state"].lower())
    if state is None:
        known = "、".join(f"{both.ja} {state.value}" for state, both in STATES.items() if state)
        ja = f"状態「{row['state']}」は使えません。使えるもの: {known}。"
        faults.append(Both(ja, f"There is no state {row['state']!r}. Known: {', '.join(filter(None, State))}."))
    until, day = (_day(row[name], faults) for name in ("until", "date"))
    digest = _digest(row["evidence_file"], row.get("evidence_sha256", ""), folder, faults)
    answer = Answer(state or State.BLANK, until, row["evidence"], row["evidence_file"], digest, row["person"], day)
    if not faults:
        faults += _missing(answer)
    return answer, faults


def _missing(answer: Answer) -> Iterator[Both]:
    """What an answer of its state lacks; a blank one may be half written."""
    if answer.state is State.TRANSITIONAL and answer.until is None:
        yield Both(
            "経過措置には期限を記入してください。", "A transitional arrangement needs the day until which it holds."
        )
    if answer.state not in (State.TRANSITIONAL, State.BLANK) and answer.until is not None:
        yield Both("期限は経過措置のときだけ記入してください。", "Only a transitional arrangement has an until.")
    if answer.state in _PROVED and not (answer.evidence or answer.file):
        yield Both("満たすとするには証跡を記入してください。", "What is met needs evidence.")
    if answer.state is not State.BLANK and not answer.person:
        yield Both("確認者を記入してください。", "The person who says so is missing.")
    if answer.state is not State.BLANK and answer.day is None:
        yield Both("確認日を記入してください。", "The date is missing.")


def _day(text: str, faults: list[Both]) -> date | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    faults.append(Both(f"「{text}」は年月日（例 2026-04-01）ではありません。", f"{text!r} is no date like 2026-04-01."))
    return None


def _digest(name: str, written: str, folder: Path, faults: list[Both]) -> str:
    """The SHA-256 of an evidence file; the fault is noted if it is elsewhere, missing or no longer the same."""
    if not name:
        if written:
            faults.append(Both("SHA-256に当たるファイル名がありません。", "There is a SHA-256 but no file name."))
        return ""
    try:
        place = (folder / name).resolve()
        if not place.is_relative_to(folder.resolve()):
            ja = f"証跡ファイル「{name}」は、この表と同じフォルダーに置いてください。"
            faults.append(Both(ja, f"The evidence file {name!r} must lie in the folder of the table."))
            return ""
        with place.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        faults.append(Both(f"証跡ファイル「{name}」を読めません。", f"The evidence file {name!r} cannot be read."))
        return ""
    if written and written.lower() != digest:
        ja = f"証跡ファイル「{name}」は、記録されたSHA-256と異なります。"
        faults.append(Both(ja, f"The evidence file {name!r} differs from the SHA-256 that was written down."))
    return digest


def _duplicate() -> Both:
    return Both("同じ条項の行が前にもあります。", "An earlier row has the same clause.")


def _unknown(pack: Pack) -> Both:
    return Both(f"この条項は {pack.name} にありません。", f"{pack.name} has no such clause.")


def _at(number: int, clause: str, fault: Both) -> Both:
    where = f" {clause}" if clause else ""
    return Both(f"{number}行目{where}: {fault.ja}", f"Row {number}{where}: {fault.en}")
