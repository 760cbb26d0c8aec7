"""Small packs written for one test (試験用パック)."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from municipal.conformance import packs
from municipal.conformance.packs import CodeValue, Item, Requirement

Lines = Sequence[Mapping[str, str]]


def item(name: str, **facts: str) -> dict[str, str]:
    """A line of ``items.csv``: an optional text of ten characters unless told otherwise (項目の行)."""
    plain = {"table": "t", "item": name, "name_ja": name, "type": "X", "max_length": "10", "presence": "optional"}
    return {**plain, "status": "official", "source": f"表!{name}", **facts}


def cells(item_id: str, **texts: str) -> list[dict[str, str]]:
    """The lines of ``cells.csv`` of an item, by meaning (セルの行)."""
    return [
        {"item": item_id, "heading": meaning, "meaning": meaning, "text": text, "stored": "", "source": ""}
        for meaning, text in texts.items()
    ]


def made_pack(
    folder: Path,
    items: Lines = (),
    *,
    name: str = "made",
    version: str = "1",
    codes: Mapping[str, Mapping[str, str]] | None = None,
    toml: str = "",
    files: Mapping[str, Lines] | None = None,
) -> packs.Pack:
    """Write a pack and load it; ``codes`` are list to code to name, ``files`` other files by name (パックの作成)."""
    folder = folder / name / version
    folder.mkdir(parents=True)
    tables = dict.fromkeys(line["table"] for line in items)
    head = {
        "id": name,
        "version": version,
        "title_ja": "表題",
        "title_en": "title",
        "status": "official",
        "licence": "",
    }
    said = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    said += [toml, *(f'[tables."{table}"]\ntitle_ja = "{table}"\ntitle_en = "{table}"' for table in tables)]
    (folder / "pack.toml").write_text("\n".join(said) + "\n", encoding="utf-8")
    _write(folder / "items.csv", items, Item)
    lines = [
        {"list": listed, "code": code, "name_ja": said, "status": "official"}
        for listed, values in (codes or {}).items()
        for code, said in values.items()
    ]
    _write(folder / "codes.csv", lines, CodeValue)
    for file, rows in (files or {}).items():
        _write(folder / file, rows, {"requirements.csv": Requirement, "codes.csv": CodeValue}.get(file))
    return packs.load(folder)


def _write(path: Path, rows: Lines, shape: Any = None) -> None:
    columns = (
        [column.name for column in fields(shape)] if shape else list(dict.fromkeys(c for row in rows for c in row))
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
