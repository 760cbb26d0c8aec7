"""A small standard and filled tables for the tests of the evidence matrix (証跡表の試験の下地)."""

import csv
import io
from pathlib import Path

import pytest

from municipal.conformance.attestation import UnreadableMatrix, read
from municipal.conformance.attestation.sheet import COLUMNS
from municipal.conformance.packs import Pack, load

HEAD = (
    "clause,section,title_ja,title_en,level,omit,summary_ja,summary_en,method,reason_ja,reason_en,checks,status,source"
)


def small_pack(folder: Path) -> Pack:
    """Four sentences: one of each level and three methods, one summary that looks like a formula."""
    folder.mkdir()
    titles = 'id = "toy"\nversion = "1"\ntitle_ja = "玩具"\ntitle_en = "Toy <1>"\nstatus = "cited"\nlicence = "none"\n'
    (folder / "pack.toml").write_text(titles + 'kind = "requirements"\n', encoding="utf-8")
    lines = [
        HEAD,
        "1/m1,1,はじめ,Start,must,,鍵を掛ける,Doors are locked.,attest,,,,cited,here",
        "1/m2,1,はじめ,Start,must,,窓を数える,Windows are counted.,execute,,,TOY-0001 TOY-0002,cited,here",
        "2/o1,2,つぎ,Next,may,,=花を飾る,Flowers may stand there.,attest,,,,cited,here",
        "2/n1,2,つぎ,Next,must_not,,靴で入らせない,No shoes.,ambiguous,どこで。,Where?,AMB-001,cited,here",
    ]
    (folder / "requirements.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load(folder)


def said(clause: str = "1/m1", **cells: str) -> dict[str, str]:
    """A complete answer, with what the test is about in place of the usual cells."""
    return {"clause": clause, "state": "met", "evidence": "seen", "person": "山田", "date": "2026-04-01", **cells}


def filled(path: Path, *answers: dict[str, str], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    """Writes a table with one line per answer, given by column; returns its path."""
    names = [column.split(" ")[-1] for column in COLUMNS]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", delimiter=delimiter)
    writer.writer.writerow(COLUMNS)
    writer.writerows(answers)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def refused(path: Path, pack: Pack) -> list[str]:
    """What is said in English of a table that cannot be taken; the Japanese is there as well."""
    with pytest.raises(UnreadableMatrix) as refusal:
        read(path, pack)
    assert all(problem.ja and problem.en for problem in refusal.value.problems)
    return [problem.en for problem in refusal.value.problems]
