"""What a file is, by its first bytes and then by its name (ファイルの種類の判定)."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from municipal.conformance.reading.tables import Refused

_MAGIC = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "package"),
    (b"PK\x05\x06", "package"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
)
_PICTURES_AND_PAPERS = frozenset({"PDF", "PNG", "JPEG", "GIF"})
_BY_NAME = {
    **dict.fromkeys((".csv", ".tsv", ".tab"), "delimited"),
    **dict.fromkeys((".json", ".ndjson", ".jsonl", ".geojson"), "json"),
    **dict.fromkeys((".txt", ".dat", ""), "perhaps"),
    ".parquet": "parquet",
    ".zip": "zip",
    **dict.fromkeys((".xlsx", ".xlsm"), "xlsx"),
}
_WRITTEN = frozenset({".doc", ".docx", ".ppt", ".pptx", ".jtd"})
_TABLES_OF_OTHERS = frozenset({".xls", ".xlsb", ".ods", ".mdb", ".accdb", ".dbf"})


def kind_of(path: Path, name: str) -> str:
    """delimited, json, parquet, xlsx or zip; ``perhaps`` for texts that may hold a table (種類).

    Raises Refused: ``empty_file``; ``not_a_table`` for papers and pictures; ``unsupported_kind`` for tables and
    archives in a form that is not read here; ``broken_archive`` and ``broken_file``.
    """
    with path.open("rb") as file:
        start = file.read(512)
    suffix = PurePosixPath(name).suffix.lower()
    if not start:
        raise Refused("empty_file")
    found = next((kind for magic, kind in _MAGIC if start.startswith(magic)), "")
    if found == "package":
        return _kind_of_package(path, suffix)
    if found == "parquet":
        return found
    if found in _PICTURES_AND_PAPERS or suffix in _WRITTEN:
        raise Refused("not_a_table", seen=found or suffix)
    if found or suffix in _TABLES_OF_OTHERS:
        raise Refused("unsupported_kind", seen="Excel 97-2003, password" if found == "ole" else found or suffix)
    return _kind_of_text(start, suffix)


def _kind_of_text(start: bytes, suffix: str) -> str:
    kind = _BY_NAME.get(suffix, "")
    if kind in ("zip", "xlsx", "parquet"):
        raise Refused("broken_archive" if kind == "zip" else "broken_file", seen=suffix)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:14].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise Refused("unsupported_kind" if kind == "delimited" else "not_a_table", seen="HTML, XML")
    if not kind:
        raise Refused("not_a_table", seen=suffix)
    return kind


def _kind_of_package(path: Path, suffix: str) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist()[:1000])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        broken = "broken_file" if _BY_NAME.get(suffix) == "xlsx" else "broken_archive"
        raise Refused(broken, seen=suffix) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names or ("mimetype" in names and "content.xml" in names):
        raise Refused("unsupported_kind", seen=suffix)
    if any(name.startswith(("word/", "ppt/")) for name in names) and "[Content_Types].xml" in names:
        raise Refused("not_a_table", seen=suffix)
    return "zip"
