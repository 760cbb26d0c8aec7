"""What is no workbook that can be imported is refused in two sentences (読めないワークブック)."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from municipal.conformance.tests.made_workbooks import item_workbook
from municipal.conformance.workbooks import UnreadableWorkbook, import_workbook

BYTES = {"no bytes": b"", "encrypted": b"\xd0\xcf\x11\xe0" + bytes(600), "text": b"a,b\n1,2\n"}


FORGERIES = {
    "forged merge": (b'"A1:B2"', b'"A1:XFD1048576"'),
    "entities": (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'),
    "too many cells": (b"</sheetData>", b'<row r="3">' + b'<c r="A3"/>' * 500_001 + b"</row></sheetData>"),
}


def bad(folder: Path, name: str) -> Path:
    path = folder / "bad.xlsx"
    if name in BYTES:
        path.write_bytes(BYTES[name])
    elif name in {"heading only", "cut off"}:
        whole = item_workbook(path, rows=[]).read_bytes()
        path.write_bytes(whole[: 2000 if name == "cut off" else None])
    elif name != "missing":
        bad_book(path, name)
    return path


def bad_book(path: Path, name: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = None if name == "empty sheet" else "ただの文"
    book.active.merge_cells("A1:B2")
    book.save(path)
    with zipfile.ZipFile(path) as parts:
        content = {part: parts.read(part) for part in parts.namelist()}
    with zipfile.ZipFile(path, "w") as parts:
        for part, data in content.items():
            forged = data
            if part.startswith("xl/worksheets/"):
                forged = data.replace(*FORGERIES.get(name, (b"", b"")))
            if name != "zip of something else" or part == "docProps/app.xml":
                parts.writestr(part, forged)


@pytest.mark.parametrize(
    ("name", "said"),
    {
        "missing": "cannot be opened",
        "no bytes": "empty",
        "text": "no Excel workbook",
        "cut off": "no Excel workbook",
        "encrypted": "encrypted",
        "zip of something else": "damaged",
        "empty sheet": "no text",
        "no heading": "no heading row",
        "heading only": "no heading row",
        "forged merge": "too large",
        "entities": "too large",
        "too many cells": "too large",
    }.items(),
)
def test_bad_input_is_refused_in_both_languages(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableWorkbook) as refusal:
        import_workbook(bad(tmp_path, name), tmp_path / "out")
    assert said in refusal.value.en
    assert refusal.value.ja.endswith(("。", "bad.xlsx"))
    assert not (tmp_path / "out").exists()
