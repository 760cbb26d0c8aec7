"""Imports official workbooks: item definitions, code lists and APIs become packs (公式ワークブックの取込み).

Ministries publish specifications as spreadsheets made for the eye. Nothing here knows a column letter or a row number:

- ``archive`` looks into the file, ``sheets`` reads its cells, ``formulas`` fills in values that were never computed;
- ``headings`` is the vocabulary, ``tables`` finds tables by it and undoes merged cells;
- ``documents`` says what is table, what is prose and what has no place;
- ``cells`` and ``conditions`` say what a cell means, ``names`` has our English;
- ``items`` and ``interface`` make lines of them, ``writing`` writes the pack.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from municipal.conformance.workbooks import archive, interface, items, sheets, writing
from municipal.conformance.workbooks.archive import UnreadableWorkbook
from municipal.conformance.workbooks.documents import Document, Place, take_apart

__all__ = ["Imported", "UnreadableWorkbook", "import_workbook"]


@dataclass(frozen=True)
class Imported:
    """What became of a workbook (取込みの結果).

    ``packs`` are the folders written. ``counts`` are the lines of each file, ``<id>@<version>/items.csv``.
    ``unplaced`` is every text that was not placed, as (sheet, cell, text); texts of drawings have no cell. It stands
    in ``unplaced.csv`` of the pack, too.
    """

    packs: tuple[Path, ...]
    counts: dict[str, int]
    unplaced: list[Place]


def import_workbook(path: Path, into: Path) -> Imported:
    """Write the packs that a workbook holds to ``into/<id>/<version>/`` (ワークブックの取込み).

    Files of an earlier import of the same version are replaced. Raises UnreadableWorkbook.
    """
    content = archive.content_of(path)
    document = take_apart(path.name, hashlib.sha256(content).hexdigest(), sheets.read(content))
    packs = []
    counts = {}
    for lines, is_interface in _parts(document):
        folder = writing.write(document, lines, into, is_interface=is_interface)
        packs.append(folder)
        name = f"{folder.parent.name}@{folder.name}"
        counts.update({f"{name}/{file}": len(rows) for file, rows in lines.files.items()})
    return Imported(tuple(packs), counts, document.unplaced)


def _parts(document: Document) -> list[tuple[items.Lines, bool]]:
    """The item definitions and the API specification, if the workbook holds both."""
    parts = []
    if document.records("items"):
        lines = items.Lines()
        items.code_lists(document.records("codes"), lines)
        items.items(document.records("items"), lines)
        parts.append((lines, False))
    if document.records("parameters"):
        lines = items.Lines()
        interface.parameters(document.records("parameters"), lines)
        interface.responses(document.records("responses"), lines)
        interface.errors(document.records("errors"), lines)
        interface.calls(document.records("calls"), lines)
        parts.append((lines, True))
    return parts
