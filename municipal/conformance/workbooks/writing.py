"""Writes an imported document as a pack that people can read and compare line by line (パックの書出し)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from municipal.conformance.packs import CodeValue, Item
from municipal.conformance.workbooks import interface
from municipal.conformance.workbooks.cells import is_circled
from municipal.conformance.workbooks.documents import Document
from municipal.conformance.workbooks.items import Line, Lines, item_id
from municipal.conformance.workbooks.names import Subject, english, subject_of

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "items.csv": tuple(column.name for column in fields(Item)),
    "codes.csv": tuple(column.name for column in fields(CodeValue)),
}
"""Columns of the files that every pack has; the others have those of their lines (列)."""


def write(document: Document, lines: Lines, into: Path, *, is_interface: bool) -> Path:
    """Write one pack and return its folder ``into/<id>/<version>`` (パックの書出し)."""
    for sheet, cell, text in document.notes:
        lines.add("notes.csv", sheet=sheet, cell=cell, text=text)
    for sheet, cell, text in document.unplaced:
        lines.add("unplaced.csv", sheet=sheet, cell=cell, text=text)
    for kind in ("columns", "types"):
        for record in document.records(kind):
            lines.add(
                "legend.csv",
                kind=kind,
                name_ja=record.text("title") or record.text("type"),
                meaning_ja=record.text("meaning"),
                remark=record.text("remark"),
                source=record.source,
            )
    title = document.title("API仕様" if is_interface else "項目定義書")
    subject = subject_of("" if is_interface else _business(document), title)
    folder = into / _id(document, subject, is_interface=is_interface) / document.version
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in lines.files.items():
        _write_rows(folder / name, rows)
    facts = "\n".join(_facts(document, lines, subject, title, folder.parent.name, is_interface=is_interface))
    (folder / "pack.toml").write_text(facts + "\n", encoding="utf-8", newline="\n")
    return folder


def _business(document: Document) -> str:
    found = re.match(r"\d{3}(?=\d{5}$)", item_id(document.records("items")[0]))
    return found[0] if found else ""


def _id(document: Document, subject: Subject, *, is_interface: bool) -> str:
    """The name of the business; an unknown API goes by the last part of its path, a nameless one by its file."""
    name = subject.id
    if not name and is_interface:
        name = interface.facts(document).get("path", "").rstrip("/").rpartition("/")[2]
    name = re.sub(r"[^a-z0-9]+", "-", (name or Path(document.file).stem).lower()).strip("-") or "imported"
    return f"{name}-api" if is_interface else name


def _write_rows(path: Path, rows: list[Line]) -> None:
    columns = _COLUMNS.get(path.name) or tuple(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _facts(
    document: Document, lines: Lines, subject: Subject, title: str, name: str, *, is_interface: bool
) -> Iterable[str]:
    what = "API specification" if is_interface else "Item definitions"
    yield from _pairs(
        id=name,
        version=document.version,
        title_ja=title,
        title_en=f"{what}: {subject.title_en}",
        publisher_ja=subject.publisher_ja,
        publisher_en=subject.publisher_en,
        status="official",
        licence=subject.licence,
        kind="register",
    )
    yield "closed = false"
    yield 'english = "the English names are ours, not the publisher\'s"'
    yield "\n[source]"
    yield from _pairs(file=document.file, sha256=document.sha256)
    if document.workbook.modified_on:
        yield f"modified_on = {document.workbook.modified_on.isoformat()}"
    for sheet in document.workbook.sheets:
        yield "\n[[source.sheets]]"
        yield from _pairs(name=sheet.name)
        if sheet.print_area:
            yield from _pairs(print_area=sheet.print_area.replace("$", ""))
        yield f"rows = {_last_record(document, sheet.name) or sheet.last_row}"
    if is_interface:
        yield "\n[call]"
        yield from _pairs(**interface.facts(document))
        yield from _table("request", "APIリクエスト", "API request", [])
    else:
        keys = _keys(document)
        for table in dict.fromkeys(line["table"] for line in lines.of("items.csv")):
            yield from _table(table, table, english(table) or table, keys.get(table, []))


def _last_record(document: Document, sheet: str) -> int:
    """The last row of data; markers behind it do not count."""
    return max((r.row for of, table in document.tables if of.name == sheet for r in table.records), default=0)


def _keys(document: Document) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for record in document.records("items"):
        if is_circled(record.text("key")):
            keys.setdefault(record.text("group") or "items", []).append(item_id(record))
    return keys


def _table(name: str, title_ja: str, title_en: str, key: list[str]) -> Iterable[str]:
    yield f"\n[tables.{_quoted(name)}]"
    yield from _pairs(title_ja=title_ja, title_en=title_en)
    yield f"files = [{_quoted(f'*{name}*')}]"
    if key:
        yield f"key = [{', '.join(map(_quoted, key))}]"


def _pairs(**facts: str) -> Iterable[str]:
    return (f"{name} = {_quoted(text)}" for name, text in facts.items())


def _quoted(text: str) -> str:
    """A TOML basic string: JSON escapes the same characters, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
