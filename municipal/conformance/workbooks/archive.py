"""The file under a workbook: what cannot be opened is refused, what costs too much is taken out (ファイルの検査)."""

from __future__ import annotations

import html
import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries

from municipal.conformance.refusals import RefusedInput

MAX_UNPACKED = 128 * 1024 * 1024
"""Bytes of all parts of a workbook together (展開後の上限); official ones stay below 10 million."""

MAX_CELLS = 300_000
"""Cells and shared texts (セルの上限): what openpyxl reads in some seconds; official ones have some ten thousand."""

MAX_MERGED = 500_000
"""Cells in merged ranges (結合セルの上限): openpyxl makes an object of each, a forged range would eat all memory."""


class UnreadableWorkbook(RefusedInput):
    """A workbook that cannot be imported, and why, in both languages (読めないワークブック)."""


Box = tuple[int, int, int, int]
"""First row, first column, last row, last column, all from 1 (範囲)."""


@dataclass(frozen=True)
class Archive:
    """A workbook without its merged ranges, and these by sheet (ファイルの中身).

    openpyxl styles the borders of merged cells one by one; a form drawn on a fine grid takes it seconds. It also
    drops what stands under a merged cell.
    """

    content: bytes
    merged: Mapping[str, tuple[Box, ...]]
    drawings: tuple[tuple[str, str], ...]


def content_of(path: Path) -> bytes:
    """The bytes of the file; raises UnreadableWorkbook (ファイルの内容)."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableWorkbook(
            f"ファイルを開けません：{path.name}", f"The file cannot be opened: {path.name}"
        ) from error


def opened(content: bytes) -> Archive:
    """Look into the file before anything is built of it; raises UnreadableWorkbook (ファイルの検査)."""
    if not content:
        raise UnreadableWorkbook("ファイルが空です。", "The file is empty.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableWorkbook(
            "暗号化されているか、古い形式（.xls）です。パスワードを外し、.xlsx で保存してください。",
            "It is encrypted or of the old kind (.xls). Take off the password and save it as .xlsx.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            is_too_large = sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED
            texts = {} if is_too_large else {name: parts.read(name) for name in parts.namelist()}
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, NotImplementedError, ValueError) as error:
        raise UnreadableWorkbook(
            "Excel ワークブック（.xlsx）ではないか、途中で切れています。",
            "It is no Excel workbook (.xlsx), or it is cut off.",
        ) from error
    if is_too_large or _is_forged(texts):
        raise UnreadableWorkbook(
            "ワークブックが大きすぎます。仕様書とは思えません。", "The workbook is too large to be a specification."
        )
    return _taken_apart(content, texts)


_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z0-9:]+)["']""")
_ALL_MERGED = re.compile(rb"<(\w+:)?mergeCells[ >].*?</(?:\w+:)?mergeCells>", re.DOTALL)
_COUNTED = re.compile(rb"<(?:\w+:)?(?:c|si)[ >/]")


def _is_forged(texts: Mapping[str, bytes]) -> bool:
    """Whether reading it would take no end of time or memory."""
    tables = [text for name, text in texts.items() if _SHEET.fullmatch(name) or name == "xl/sharedStrings.xml"]
    found = itertools.chain.from_iterable(map(_COUNTED.finditer, tables))
    cells = sum(1 for _ in itertools.islice(found, MAX_CELLS + 1))
    merged = sum(
        (last - first + 1) * (right - left + 1) for text in tables for first, left, last, right in _boxes(text)
    )
    has_entities = any(b"<!DOCTYPE" in text or b"<!ENTITY" in text for text in tables)
    return cells > MAX_CELLS or merged > MAX_MERGED or has_entities


def _boxes(text: bytes) -> Iterator[Box]:
    for reference in _MERGED.findall(text):
        left, first, right, last = (int(edge or 0) for edge in range_boundaries(reference.decode()))
        yield first, left, last, right


def _taken_apart(content: bytes, texts: Mapping[str, bytes]) -> Archive:
    merged = {}
    try:
        reader = ExcelReader(io.BytesIO(content))
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        for sheet, relation in reader.parser.find_sheets():
            merged[sheet.name] = tuple(_boxes(texts.get(relation.target, b"")))
    except Exception as error:  # openpyxl passes on whatever it stumbles over
        raise damaged(error) from error
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as parts:
        for name, text in texts.items():
            parts.writestr(name, _ALL_MERGED.sub(b"", text) if _SHEET.fullmatch(name) else text)
    return Archive(plain.getvalue(), merged, tuple(_drawings(texts)))


def damaged(error: Exception) -> UnreadableWorkbook:
    """What to say when the parts of a workbook make no sense (壊れたワークブック)."""
    return UnreadableWorkbook(
        f"ワークブックの中身が壊れています（{type(error).__name__}）。",
        f"The inside of the workbook is damaged ({type(error).__name__}).",
    )


def _drawings(texts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name in sorted(texts):
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            for paragraph in re.findall(r"<a:p>.*?</a:p>", texts[name].decode("utf-8", "replace"), re.DOTALL):
                if text := html.unescape("".join(re.findall(r"<a:t>([^<]*)", paragraph))).strip():
                    yield name, text
